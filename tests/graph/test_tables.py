"""What cells say, in tables of either orientation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from doc2data.graph import contradictions, numeric_columns, tables
from doc2data.graph.quantities import read, split_caption, split_header
from doc2data.records import Clue
from tests.graph.clues import row

FLUIDS = ("Fluid", "Part number", "Shelf life (months)")


def facts(*rows: Clue) -> list[tuple[str, str, str, str, str]]:
    return [(f.thing, f.attribute, f.value, f.unit, f.condition) for t in tables(rows) for f in t.facts]


def test_rows_that_are_things() -> None:
    found = facts(row(FLUIDS, ("Purelin C", "4100-805", "36")), row(FLUIDS, ("KS-3", "4100-820", "30")))
    assert ("Purelin C", "Shelf life", "36", "months", "") in found
    assert ("KS-3", "Part number", "4100-820", "", "") in found


def test_columns_that_are_things_with_their_unit_in_a_column() -> None:
    headers = ("Property", "Unit", "RM-410", "RM-440")
    found = facts(row(headers, ("Mass", "kg", "5.8", "7.4")), row(headers, ("Outputs", "–", "1", "4")))
    assert ("RM-440", "Mass", "7.4", "kg", "") in found
    assert ("RM-440", "Outputs", "4", "", "") in found


def test_columns_that_are_things_under_conditions() -> None:
    headers = ("Operating state", "RM-410 (W)", "RM-440 (W)")
    caption = "Power demand in watts"
    found = facts(row(headers, ("Standby", "4.0", "6.0"), caption), row(headers, ("Measuring", "14", "22"), caption))
    assert ("RM-440", "Power demand", "6.0", "W", "Standby") in found


def test_labels_that_do_not_tell_rows_apart_say_nothing() -> None:
    headers = ("Assembly", "Fastener", "Torque (N·m)")
    rows = [row(headers, ("HC-12", "Screws", "2.4")), row(headers, ("HC-12", "Gland", "1.5"))]
    assert facts(*rows) == []


def test_a_table_that_goes_on_over_the_page_is_one() -> None:
    first = row(FLUIDS, ("Purelin C", "4100-805", "36"), "Fluids")
    second = row(FLUIDS, ("KS-3", "4100-820", "30"), "Fluids (continued)", chunk="t2")
    (table,) = tables([first, second])
    assert {r.subject for r in table.rows} == {"Purelin C", "KS-3"}


def test_only_exact_numbers_in_one_unit_are_set_against_each_other() -> None:
    headers = ("Sensor", "Response time", "Range")
    rows = [
        row(headers, ("CL-30", "90 s", "0–5")),
        row(headers, ("TB-60", "60 s", "0–40")),
        row(headers, ("PH-22", "fast", "4")),
    ]
    (found,) = numeric_columns(tables(rows)[0].facts).values()
    assert {fact.thing for fact in found} == {"CL-30", "TB-60"}


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("36", "months", (Decimal(36), "months")),
        ("1,250 mL", "", (Decimal(1250), "mL")),
        ("−10 °C", "", (Decimal(-10), "°C")),
        ("0.05", "", (Decimal("0.05"), "")),
        ("0.15 MPa", "", (Decimal("0.15"), "MPa")),
    ],
)
def test_quantities(text: str, unit: str, expected: tuple[Decimal, str]) -> None:
    quantity = read(text, unit)
    assert quantity is not None and (quantity.number, quantity.unit) == expected


@pytest.mark.parametrize("text", ["5–30", "±0.03 mg/L", "See Table 6", "", "10 monkeys", "1.2.3", "4100-805"])
def test_what_is_no_exact_quantity(text: str) -> None:
    assert read(text) is None


def test_units_leave_headers_and_captions() -> None:
    assert split_header("Shelf life (months)") == ("Shelf life", "months")
    assert split_header("Contents (see note)") == ("Contents (see note)", "")
    assert split_caption("Working time in minutes") == ("Working time", "minutes")
    assert split_caption("Rules in practice") == ("Rules in practice", "")


def test_documents_that_contradict_each_other_are_found() -> None:
    here = [row(FLUIDS, ("Purelin C", "4100-805", "36")), row(FLUIDS, ("KS-3", "4100-820", "30"))]
    there = [
        row(FLUIDS, ("Purelin C", "4100-805", "24"), document="d2"),
        row(FLUIDS, ("KS-3", "4100-820", "30"), document="d2"),
    ]
    (found,) = contradictions(lambda: [fact for table in tables([*here, *there]) for fact in table.facts])
    assert (found.thing, found.attribute) == ("Purelin C", "Shelf life")
    assert "36 months" in str(found) and "24 months" in str(found)


def test_each_that_contradicts_is_told_once_however_many_agree() -> None:
    months = ["36"] * 40 + ["24"] * 2
    rows = [
        row(FLUIDS, (name, "4100", value), document=f"d{n:02}")
        for n, value in enumerate(months)
        for name, value in (("Purelin C", value), (f"KS-{n}", "30"))
    ]
    found = list(contradictions(lambda: [fact for table in tables(rows) for fact in table.facts]))
    assert [one.second.clue.document for one in found] == ["d40", "d41"]
    assert {one.first.clue.document for one in found} == {"d00"}


def test_a_table_of_properties_says_nothing_of_a_thing_of_that_name() -> None:
    rows = [
        row(("Property", "Value"), cells, document=document)
        for document, mass in (("d1", "4 kg"), ("d2", "9 kg"))
        for cells in (("Mass", mass), ("Flow", "3 L/h"))
    ]
    assert not list(contradictions(lambda: [fact for table in tables(rows) for fact in table.facts]))


def test_two_rows_of_one_document_do_not_contradict() -> None:
    rows = [row(FLUIDS, ("Purelin C", "4100-805", "36")), row(FLUIDS, ("Purelin C", "4100-806", "24"))]
    assert not list(contradictions(lambda: [fact for table in tables(rows) for fact in table.facts]))
