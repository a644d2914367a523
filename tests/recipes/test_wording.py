"""The words of joins: what a thing is called, how it is meant without its name, where other words may stand."""

from __future__ import annotations

import pytest

from doc2data.records import Clue
from doc2data.tasks.joins import chinese, english
from doc2data.tasks.joins.english import asking, phrases
from doc2data.tasks.joins.thing import Thing, names
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.rules import Around

FILTER = english.thing(("NF-8",), ["The NF-8 air filter is dry.", "Clean the NF-8 air filter."], ["Part"])


def said(quote: str, thing: Thing, **fields: object) -> list[str]:
    clue = Clue("c", "d", "k", "sentence", 0, len(quote), quote, **fields)  # type: ignore[arg-type]
    around = Around("Title", "", "en", (), (clue,))
    return english.descriptions(clue, thing, around)


def test_a_thing_is_called_as_the_sentences_call_it() -> None:
    assert FILTER.name == "the NF-8 air filter"
    assert FILTER.heads == ("air filter", "filter", "part")


@pytest.mark.parametrize(
    ("name", "quotes", "expected"),
    [
        ("E-07", ["If alarm E-07 appears, wait.", "It raises alarm E-07."], "alarm E-07"),
        ("F2", ["The fuse F2 is small.", "Check the fuse F2."], "the fuse F2"),
        (
            "Purelin C",
            ["Use Purelin C for lime.", "Never mix Purelin C with bleach.", "Purelin C is red."],
            "Purelin C",
        ),
        ("RM-440", ["The RM-440 is heavy.", "Models RM-410, RM-440 and others are here."], "the RM-440"),
    ],
)
def test_names_keep_their_article_and_their_noun(name: str, quotes: list[str], expected: str) -> None:
    assert english.thing((name,), quotes, []).name == expected


def test_a_label_without_a_sentence_takes_the_header_of_its_column() -> None:
    assert english.thing(("P-19",), ["P-19"], ["Parameter"]).name == "parameter P-19"


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("The NF-8 air filter keeps dust out of the motor.", "the {head} that keeps dust out of the motor"),
        (
            "The spindle motor is protected by the NF-8 air filter.",
            "the {head} by which the spindle motor is protected",
        ),
        ("The mesh of the NF-8 air filter is made of steel.", "the {head} whose mesh is made of steel"),
        ("Loosen the upper lid with the NF-8 air filter.", "the {head} with which the upper lid has to be loosened"),
        ("Rinse the NF-8 air filter after heavy storms.", "the {head} that has to be rinsed after heavy storms"),
        ("The NF-8 air filter is a mat of steel wool.", "the mat of steel wool"),
        ("The K-1 kit contains one NF-8 air filter, two rings and a brush.", "the {head} that belongs to the K-1 kit"),
        (
            "If dust gets in, the NF-8 air filter is replaced by hand.",
            "the {head} that is replaced by hand if dust gets in",
        ),
    ],
)
def test_a_sentence_means_its_thing_without_the_name(quote: str, expected: str) -> None:
    assert expected in said(quote, FILTER)


@pytest.mark.parametrize(
    "quote",
    [
        "It holds the NF-8 air filter.",
        "The NF-8 air filter housing is made of steel and brass.",
        "See Table 3 for the NF-8 air filter.",
        "The NF-8 air filter is dry.",
        "The NF-8 air filter holds the NF-8 air filter in the frame.",
    ],
)
def test_loose_or_empty_sentences_mean_nothing(quote: str) -> None:
    assert said(quote, FILTER) == []


def test_a_case_in_a_table_tells_what_has_to_be_replaced() -> None:
    cells = (("Code", "A-21"), ("Display text", "Filter dirty"), ("What to do", "Replace the NF-8 air filter."))
    quote = " | ".join(text for _, text in cells)
    clue = Clue("c", "d", "k", "table_row", 0, len(quote), quote, subject="A-21", cells=cells)
    assert english.descriptions(clue, FILTER, Around("T", "", "en", (), ())) == [
        "the {head} that has to be replaced in case of A-21 (Filter dirty)"
    ]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("What is the mass of the NF-8 air filter?", True),
        ("How long does the NF-8 last?", True),
        ("What is the NF-8 housing made of?", False),
        ("What do all NF-8 do?", False),
        ("What does the old NF-8 do?", False),
        ("What does the NF-8/2 do?", False),
    ],
)
def test_other_words_take_only_the_place_of_a_whole_phrase(text: str, whole: bool) -> None:
    assert bool(phrases.replaced(text, FILTER, "the part that is meant")) == whole


@pytest.mark.parametrize(
    ("text", "named"), [("the NF-8.", True), ("NF-80", False), ("XNF-8", False), ("NF-8-2", False)]
)
def test_a_name_inside_another_code_is_not_there(text: str, named: bool) -> None:
    assert names(FILTER, text) == named


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "The NF-8 air filter (part number 7700-108) is sold in pairs.",
            "What is the part number of {thing}?",
            "The part number of the NF-8 air filter is 7700-108.",
        ),
        (
            "The NF-8 air filter has an outer diameter of 62 mm.",
            "What is the outer diameter of {thing}?",
            "The outer diameter of the NF-8 air filter is 62 mm.",
        ),
    ],
)
def test_what_other_things_have_too_is_asked_for(text: str, question: str, answer: str) -> None:
    assert (question, answer) in [(asked.question, asked.answer) for asked in asking.of_sentence(text, FILTER)]


def chinese_said(quote: str, name: str) -> list[str]:
    thing = chinese.thing((name,), [quote], [])
    return chinese.descriptions(Clue("c", "d", "k", "sentence", 0, len(quote), quote), thing)


def test_chinese_things_and_descriptions() -> None:
    quote = "管网压力超过0.6 MPa时必须在进水过滤器之前加装PV-3减压阀。"
    assert chinese.thing(("PV-3",), [quote], []).name == "PV-3减压阀"
    assert chinese_said(quote, "PV-3") == ["管网压力超过0.6 MPa时必须在进水过滤器之前加装的{head}"]
    assert chinese_said("TS-16泵管在输送高硬度水时寿命会缩短约20%。", "TS-16") == [
        "在输送高硬度水时寿命会缩短约20%的{head}"
    ]


def test_a_chinese_cell_tells_what_is_needed_in_its_case() -> None:
    cells = (("现象", "显示E-07"), ("处理方法", "冲洗IF-4滤网，必要时更换TS-16泵管"))
    quote = " | ".join(text for _, text in cells)
    row = Clue("c", "d", "k", "table_row", 0, len(quote), quote, subject="显示E-07", cells=cells)
    assert chinese.descriptions(row, chinese.thing(("TS-16",), ["更换TS-16泵管"], [])) == [
        "显示E-07时必要时更换的{head}"
    ]


@pytest.mark.parametrize(
    ("cells", "name", "said"),
    [
        ((("现象", "显示E-14"), ("处理方法", "核对FB-1的地址")), "FB-1", "显示E-14时需要核对地址的{head}"),
        ((("项目", "环境温度"), ("说明", "低于5 ℃时须加装HT-1加热器")), "HT-1", "环境温度低于5 ℃时须加装的{head}"),
    ],
)
def test_a_chinese_cell_tells_what_is_done_and_from_which_value_on(
    cells: tuple[tuple[str, str], ...], name: str, said: str
) -> None:
    quote = " | ".join(text for _, text in cells)
    row = Clue("c", "d", "k", "table_row", 0, len(quote), quote, subject=cells[0][1], cells=cells)
    assert chinese.descriptions(row, chinese.thing((name,), [quote], [])) == [said]


def test_content_words_are_compared_by_their_stems() -> None:
    assert content("The valves are replaced") == content("replacing a valve")
    assert share(content("replace the valve"), content("The valve was replaced twice.")) == 1
    assert share(content("清洗滤网"), content("滤网应每15天清洗一次")) > 0.6
