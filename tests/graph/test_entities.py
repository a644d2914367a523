"""One thing, one entity, however the documents spell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.graph import Finder, build, key, same
from tests.graph.clues import clue, row


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FS-11", "FS‑11"),
        ("FS-11", "FS11"),
        ("FS-11", "FS 11"),
        ("Flow Guard", "flow guard"),
        ("service kit", "service kits"),
        ("battery", "batteries"),
        ("ＦＳ-11", "FS-11"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [("FS-11", "FS-1"), ("E-07", "E-70"), ("status", "statu"), ("gas", "ga")])
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert not same(one, other)


def test_an_acronym_is_its_long_form() -> None:
    graph = build([clue("The RCD trips.", ("RCD",)), clue("A residual current device.", ("Residual Current Device",))],
                  [("RCD", "residual current device")])  # fmt: skip
    assert any({"RCD", "Residual Current Device"} <= set(entity.forms) for entity in graph.entities.values())


def test_an_acronym_with_two_meanings_joins_neither() -> None:
    clues = [
        clue("The DS writes.", ("DS",)),
        clue("Data Storage.", ("Data Storage",)),
        clue("Dry Sump.", ("Dry Sump",)),
    ]
    graph = build(clues, [("DS", "data storage"), ("DS", "dry sump")])
    assert len(graph.entities) == 3


def test_a_part_number_is_the_part_it_orders() -> None:
    headers = ("Part", "Part number")
    graph = build([row(headers, ("DC-9", "4100-609")), row(headers, ("WB-6", "4100-606"))])
    forms = {entity.forms for entity in graph.entities.values()}
    assert forms == {("4100-609", "DC-9"), ("4100-606", "WB-6")}


def test_a_part_number_of_two_parts_joins_neither() -> None:
    headers = ("Part", "Part number")
    graph = build([row(headers, ("DC-9", "4100-609")), row(headers, ("WB-6", "4100-609"))])
    assert all(len(entity.forms) == 1 for entity in graph.entities.values())


def test_codes_are_found_inside_chinese_text() -> None:
    found = build([clue("PV-3减压阀的出厂设定压力为0.15 MPa。"), clue("安装PV-3减压阀。", chunk="c2")])
    (entity,) = found.entities.values()
    assert entity.name == "PV-3" and len(found.chunks_of[entity.id]) == 2


def test_a_form_inside_a_longer_name_or_code_is_not_found() -> None:
    finder = Finder(["FS-1", "valve", "GUARD"])
    assert [form for _, _, form in finder.find("FS-11 and FS-1, a valve, valves, valveless, on guard")] == [
        "FS-1",
        "valve",
        "valve",
    ]


NAMES = st.from_regex(r"[A-Z]{1,3}-[1-9][0-9]{0,2}", fullmatch=True)


@given(NAMES, st.sampled_from(["", " ", ", ", "的", "减压阀", "s "]))
def test_a_name_is_found_whatever_follows_it(name: str, following: str) -> None:
    text = f"The {name}{following}"
    assert [(text[start:end], form) for start, end, form in Finder([name]).find(text)] == [(name, name)]


@given(st.text(max_size=20))
def test_a_key_is_its_own_key(name: str) -> None:
    assert key(key(name)) == key(key(key(name)))


def test_a_name_inside_an_identifier_is_not_found() -> None:
    finder = Finder(["OS", "MAX"])
    assert [form for _, _, form in finder.find("The OS reads OS_MAX_PATH_LEN and MAX.")] == ["OS", "MAX"]
