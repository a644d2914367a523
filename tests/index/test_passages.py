from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from doc2data.index import cut_passages, indexed_text
from doc2data.records import Chunk, Passage, Span
from tests.index.doubles import HashEmbedder

EMBEDDER = HashEmbedder()
WINDOW = 20


def cut(text: str, spans: tuple[Span, ...] | None = None, section: tuple[str, ...] = ()) -> list[Passage]:
    chunk = Chunk("c1", "d1", 0, section, spans or (Span(0, len(text)),), 0)
    return cut_passages(chunk, "manual.pdf", text, lambda offset: 1 + offset // 100, EMBEDDER.count, WINDOW)


TEXTS = st.text(st.sampled_from("ab. !\n轴封。"), max_size=200) | st.lists(
    st.sampled_from(["pump", "seal.", "Valve", "open;", "\n", "轴封每运行四千小时更换一次。", "x" * 90]), max_size=60
).map(" ".join)


@settings(deadline=None)
@given(TEXTS)
def test_passages_are_slices_that_cover_the_chunk_in_order_and_fit_the_window(text: str) -> None:
    passages = cut(text)
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert all(a.end <= b.start for a, b in pairwise(passages))
    assert "".join("".join(p.text.split()) for p in passages) == "".join(text.split())
    assert all(tokens <= WINDOW for tokens in EMBEDDER.count([p.text for p in passages]))


def test_a_passage_ends_where_a_sentence_does() -> None:
    text = (
        "The pump is filled with water first. Then the drain valve of the lower case is closed by hand. Open it last."
    )
    assert [p.text for p in cut(text)] == [
        "The pump is filled with water first.",
        "Then the drain valve of the lower case is closed by hand. Open it last.",
    ]


def test_blocks_with_only_blanks_between_share_a_passage_and_others_do_not() -> None:
    text = "First block.\n\nSecond block.\n\nLeft out.\n\nThird block."
    spans = tuple(
        Span(text.index(t), text.index(t) + len(t)) for t in ("First block.", "Second block.", "Third block.")
    )
    assert [p.text for p in cut(text, spans)] == ["First block.\n\nSecond block.", "Third block."]


def test_headings_are_indexed_with_the_text_and_leave_room_for_it() -> None:
    section = ("Manual", "Care of the pump", "Replacing the shaft seal")
    passages = cut("One two three. " * 30, section=section)
    assert passages[0].section == section
    assert indexed_text(passages[0]).startswith("Care of the pump > Replacing the shaft seal\nOne two")
    assert all(tokens <= WINDOW + 5 for tokens in EMBEDDER.count([indexed_text(p) for p in passages]))


def test_the_page_is_that_of_the_first_character() -> None:
    text = "x" * 99 + " Second page here."
    assert [p.page for p in cut(text)] == [1]
    assert cut(text, (Span(100, len(text)),))[0].page == 2
