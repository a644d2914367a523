"""From glyphs and lines to running text: characters, spaces, hyphens, order, right-to-left lines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Box
from parsers.pdf.bidi import logical_order
from parsers.pdf.contents import key_of
from parsers.pdf.furniture import Furniture, edge_of, furniture_key
from parsers.pdf.glyphs import clean, is_garbled, needs_space
from parsers.pdf.lists import split_marker
from parsers.pdf.order import reading_order
from parsers.pdf.prose import Vocabulary, is_one_word, join_lines
from parsers.pdf.spacing import is_glued, respaced


@pytest.mark.parametrize(
    ("raw", "font", "text"),
    [
        ("e\ufb03cient \ufb02ow", "Times", "efficient flow"),
        ("a\u00a0b\u2009c", "Times", "a b c"),
        ("\ufefb", "Arial", "\u0644\u0627"),
        ("\uf0a7", "Wingdings", "\u25aa"),
        ("\u00a8uber", "CMR10", "\u00fcber"),
        ("x\u00b2 \u00bd", "Times", "x\u00b2 \u00bd"),
        ("one\rtwo\u200b", "Times", "one two"),
    ],
)
def test_typesetting_is_undone_and_meaning_kept(raw: str, font: str, text: str) -> None:
    assert clean(raw, font) == text


def test_lost_glyph_maps_are_noticed() -> None:
    assert is_garbled("\ufffd\ufffd\ufffd a \ue001\ue002")
    assert not is_garbled("A bullet \ue001 in running text of usual length")
    assert not is_garbled("")


@pytest.mark.parametrize(
    ("lines", "known", "text"),
    [
        (["the main-", "tenance plan"], [], "the maintenance plan"),
        (["a well-", "known fact"], ["well-known"], "a well-known fact"),
        (["context-", "aware escaping"], [], "context-aware escaping"),
        (["Vor-", "und Nachteile"], [], "Vor- und Nachteile"),
        (["the COVID-", "19 ward"], [], "the COVID-19 ward"),
        (["Red-", "Pajama data"], ["redpajama"], "RedPajama data"),
        (["soft\u00ad", "ware"], [], "software"),
        (["see https://a.org/", "b for more"], [], "see https://a.org/b for more"),
        (["一段中文", "继续"], [], "一段中文继续"),
        (["two  words ", "  more"], [], "two words more"),
        (["range 5 -", "7"], [], "range 5 - 7"),
    ],
)
def test_line_ends(lines: list[str], known: list[str], text: str) -> None:
    assert join_lines(lines, dict.fromkeys(known, 1)) == text


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)


@given(st.lists(words, min_size=1, max_size=40), st.integers(1, 7))
def test_lines_without_hyphens_keep_every_word(text: list[str], width: int) -> None:
    lines = [" ".join(text[at : at + width]) for at in range(0, len(text), width)]
    assert join_lines(lines, {}).split() == text


@given(words, words)
def test_a_word_that_the_document_knows_is_joined(head: str, tail: str) -> None:
    assert is_one_word(head, tail, {head + tail: 1})
    assert not is_one_word(head, tail, {f"{head}-{tail}": 1})


@given(st.lists(words, min_size=2, max_size=12))
def test_broken_words_are_not_learnt(text: list[str]) -> None:
    vocabulary = Vocabulary()
    vocabulary.learn([" ".join(text) + "-"])
    assert vocabulary.counts.total() == len(text) - 1


def test_needs_no_space_between_ideographs() -> None:
    assert needs_space("a", "b")
    assert not needs_space("中", "文")


@pytest.mark.parametrize(
    ("text", "marker", "rest"),
    [
        ("\u2022 open", "\u2022", "open"),
        ("3. shut", "3.", "shut"),
        ("b) lift", "b)", "lift"),
        ("\uf0b7 push", "\u2022", "push"),
    ],
)
def test_list_markers(text: str, marker: str, rest: str) -> None:
    assert split_marker(text) == (marker, rest)


@pytest.mark.parametrize("text", ["2019 was dry", "e.g. water", "3.5 bar", "plain"])
def test_what_is_no_list_marker(text: str) -> None:
    assert split_marker(text) is None


cells = st.tuples(st.integers(0, 3), st.integers(0, 8))


@given(st.sets(cells, min_size=1))
def test_reading_order_is_a_permutation(places: set[tuple[int, int]]) -> None:
    boxes: list[Box] = [(c * 100.0, r * 50.0, c * 100.0 + 80, r * 50.0 + 40) for c, r in places]
    assert sorted(reading_order(boxes)) == list(range(len(boxes)))


@given(st.integers(2, 4), st.integers(2, 8), st.booleans())
def test_columns_one_after_the_other(columns: int, rows: int, rtl: bool) -> None:
    boxes: list[Box] = [
        (c * 150.0, r * 31.0 + c, c * 150.0 + 130, r * 31.0 + 29 + c) for r in range(rows) for c in range(columns)
    ]
    order = reading_order(boxes, rtl=rtl)
    across = sorted(range(columns), reverse=rtl)
    assert order == [r * columns + c for c in across for r in range(rows)]


def test_boxes_that_no_cut_separates_are_all_read() -> None:
    stairs = [(float(i), float(i), 900.0 + i, 900.0 + i) for i in range(2000)]
    assert sorted(reading_order(stairs)) == list(range(2000))


def test_title_over_columns_and_full_width_text_below() -> None:
    boxes: list[Box] = [
        (0, 0, 400, 30),
        (0, 40, 190, 300),
        (210, 40, 400, 300),
        (0, 310, 400, 400),
        (0, 410, 190, 600),
        (210, 410, 400, 600),
    ]
    assert reading_order(boxes) == [0, 1, 2, 3, 4, 5]


def test_cards_side_by_side_go_row_by_row() -> None:
    boxes: list[Box] = []
    for top in (0.0, 200.0):
        for left in (0.0, 220.0):
            boxes += [(left, top, left + 100, top + 20), (left, top + 30, left + 190, top + 180)]
    assert reading_order(boxes, heads=frozenset((0, 2, 4, 6))) == list(range(8))


def test_labels_are_read_with_their_texts() -> None:
    boxes: list[Box] = [(0.0, r * 50.0 + 10, 80.0, r * 50.0 + 30) for r in range(4)] + [
        (100.0, r * 50.0, 400.0, r * 50.0 + 40) for r in range(4)
    ]
    assert reading_order(boxes) == [0, 4, 1, 5, 2, 6, 3, 7]


def test_right_to_left_line_with_a_latin_name() -> None:
    pieces = [
        (100.0, "\u0645\u0631\u062d\u0628\u0627"),
        (80.0, " "),
        (70.0, "World"),
        (50.0, "Big"),
        (30.0, "\u0643\u0628\u064a\u0631"),
    ]
    assert [pieces[i][1] for i in logical_order(pieces)] == [pieces[0][1], " ", "Big", "World", pieces[4][1]]


@given(st.lists(st.sampled_from(["\u0628", "a", "1", ".", " "]), max_size=30))
def test_logical_order_is_a_permutation(chars: list[str]) -> None:
    places = [(float(at), char) for at, char in enumerate(chars)]
    assert sorted(logical_order(places)) == list(range(len(chars)))


def raw_line(text: str, gaps: dict[int, float]) -> dict[str, Any]:
    x, chars = 0.0, []
    for at, char in enumerate(text):
        x += gaps.get(at, 0.0)
        chars.append({"c": char, "bbox": (x, 0.0, x + 5, 10.0)})
        x += 5
    return {"spans": [{"chars": chars, "size": 10.0}]}


def test_gaps_become_spaces_but_tracking_does_not() -> None:
    spans = respaced(raw_line("compositionofthedata", {11: 1.5, 13: 1.5, 16: 1.5}))["spans"]
    assert spans[0]["text"] == "composition of the data"
    tracked = respaced(raw_line("NOTICE", dict.fromkeys(range(1, 6), 2.0)))["spans"]
    assert tracked[0]["text"] == "NOTICE"


def test_glued_words_are_noticed() -> None:
    assert is_glued("Compositionofthepretrainingdataforthemodel")
    assert not is_glued("Fundamentalgruppenelemente are long")
    assert not is_glued("中文" * 30)


def test_furniture_recurs() -> None:
    furniture = Furniture(pages=6)
    edges = [edge_of(f"Chapter {n} of the manual", (72, 30, 300, 42), n, 792) for n in range(1, 7)]
    found = [edge for edge in edges if edge is not None]
    for edge in found:
        furniture.learn([edge])
    assert furniture.holds(found[0], "Chapter 1 of the manual", called=False)
    once = edge_of("Introduction", (72, 30, 300, 42), 3, 792)
    assert once is not None
    assert not furniture.holds(once, "Introduction", called=False)
    assert edge_of("In the middle", (72, 400, 300, 412), 3, 792) is None


@given(st.integers(1, 999), st.integers(1, 999))
def test_page_numbers_do_not_tell_furniture_apart(one: int, two: int) -> None:
    assert furniture_key(f"Page {one} of 9") == furniture_key(f"Page {two}  of 12")


@given(st.text(max_size=40))
def test_key_holds_letters_and_digits_only(text: str) -> None:
    assert re.fullmatch(r"[^\W_]*", key_of(text))
