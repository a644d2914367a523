"""Numbers at their place: reckoned in their unit, in the right row of a table, unchanged in a copied sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doc2data.checks.quantities import quantities, units_named
from doc2data.records import Evidence, Sample, Step
from tests.checks.samples import SEAL, sample, verdict

MASSES = "Part | Part number | Mass (g) | Per pack\nCW-19 | 4100-919 | 120 | 1\nCB-7 | 4100-177 | 210 | 2"
MODELS = (
    "Property | Unit | RM-410 | RM-420 | RM-440\nWarm-up time | min | 20 | 25 | 35\nSample flow | L/h | 30 | 38 | 45"
)
PUMPS = "The small pump delivers 30 L/h. The large pump delivers 45 L/h. Both are checked after 45 days and 30 starts."


def over(source: str, question: str, answer: str, kind: str = "qa", *steps: str, language: str = "en") -> Sample:
    quote = Evidence("manual.pdf", "Parts of the RM-400", 1, (), 0, len(source), source)
    made = replace(sample(question, answer, SEAL), evidence=(quote,), kind=kind, language=language)
    return replace(made, reasoning=tuple(Step(text) for text in steps))


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("3 kN·m", "kilonewton * meter"),
        ("5 µS/cm", "microsiemens / centimeter"),
        ("45 litres per hour", "liter / hour"),
        ("2 mm²", "millimeter ** 2"),
        ("7 NTU", "NTU"),
        ("5 pm", ""),
        ("4 N/A", "newton"),
    ],
)
def test_units_are_read_with_prefixes_and_joints(written: str, unit: str) -> None:
    [found] = quantities(written.replace("²", "2"), "en")
    assert found.unit == unit


@pytest.mark.parametrize(
    ("language", "source", "answer", "right"),
    [
        ("de", "Es werden 1,5 Liter Öl nachgefüllt.", "Nachgefüllt werden 1500 Milliliter Öl.", True),
        ("de", "Es werden 1,5 Liter Öl nachgefüllt.", "Nachgefüllt werden 1,5 Milliliter Öl.", False),
        ("es", "El agua se cambia cada 2 semanas.", "El agua se cambia cada 14 días.", True),
        ("es", "El agua se cambia cada 12 meses.", "El agua se cambia cada 12 semanas.", False),
        ("fr", "L'eau est changée toutes les 12 heures.", "L'eau est changée toutes les 12 minutes.", False),
        ("de", "Die Lesesäle sind montags geschlossen.", "Die Lesesäle sind dienstags geschlossen.", False),
    ],
)
def test_other_languages_write_units_and_days_out(language: str, source: str, answer: str, right: bool) -> None:
    found = verdict("support", over(source, source, answer, language=language))
    assert found.passed is right, found.reason


def test_a_question_names_the_unit_that_it_wants() -> None:
    assert units_named("What is the mass in kg of the CB-7?", "en") == {"kilogram"}
    assert units_named("What is fitted in a pump in May?", "en") == set()


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        ("What is the mass of the CW-19?", "The mass of the CW-19 is 120 g.", True),
        ("What is the mass of the CW-19?", "The mass of the CW-19 is 0.12 kg.", True),
        ("What is the mass of the CW-19?", "The mass of the CW-19 is 210 g.", False),
        ("What is the mass of the CW-19?", "It is 210 g.", False),
        ("What is the mass of the CW-19?", "The mass of the CW-19 is 120 kg.", False),
        ("Which part has a mass of 210 g?", "The CB-7.", True),
        ("What is the part number of the CB-7?", "The part number of the CB-7 is 4100-177.", True),
        ("What is the part number of the CB-7?", "The part number of the CB-7 is 4100-120.", False),
    ],
)
def test_a_value_of_another_row_is_no_support(question: str, answer: str, right: bool) -> None:
    assert verdict("support", over(MASSES, question, answer)).passed is right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("The warm-up time of the RM-420 is 25 min.", True),
        ("The warm-up time of the RM-420 is 35 min.", False),
        ("It is 38 min.", False),
        ("25 min, against 35 min of the RM-440.", True),
    ],
)
def test_a_value_of_another_column_is_no_support(answer: str, right: bool) -> None:
    found = verdict("support", over(MODELS, "What is the warm-up time of the RM-420?", answer))
    assert found.passed is right, found.reason


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("The small pump delivers 30 L/h.", True),
        ("The small pump delivers 0.5 L/min.", True),
        ("The small pump delivers 45 L/h.", False),
        ("The small pump delivers 45 L/h, and both are checked after 45 days.", False),
        ("Both are checked after 30 days and 30 starts.", False),
    ],
)
def test_a_copied_sentence_keeps_its_facts(answer: str, right: bool) -> None:
    found = verdict("support", over(PUMPS, "What do the pumps deliver, and when are they checked?", answer))
    assert found.passed is right, found.reason


def test_a_copied_chinese_sentence_keeps_its_facts() -> None:
    source = "泵的流量为30升，寿命为2年。软管每2个月更换一次。"
    asked = "软管多久更换一次？"
    assert verdict("support", over(source, asked, "软管每2个月更换一次。", language="zh")).passed
    assert not verdict("support", over(source, asked, "软管每2年更换一次。", language="zh")).passed


TOTAL = "What is the total mass of the CW-19 and the CB-7?"
LOOKUP = "What is the mass of the CW-19?"


@pytest.mark.parametrize(
    ("question", "answer", "steps", "right"),
    [
        (TOTAL, "The total mass is 330 g.", (), True),
        (TOTAL, "The total mass is 0.33 kg.", (), True),
        (TOTAL, "The total mass is 330 kg.", (), False),
        (TOTAL, "The total mass is 340 g.", (), False),
        (TOTAL, "The total mass is 330 g.", ("120 + 210 = 330.",), True),
        (TOTAL, "The total mass is 340 g.", ("120 + 210 = 340.",), False),
        (TOTAL, "The total mass is 330 g.", ("120 + 220 = 340.",), False),
        ("The mass of the CB-7 is how many times that of the CW-19?", "It is 1.75 times that of the CW-19.", (), True),
        ("The mass of the CB-7 is how many times that of the CW-19?", "It is 1.65 times that of the CW-19.", (), False),
        (LOOKUP, "Its mass is 330 g.", (), False),
    ],
)
def test_a_reckoned_number_is_reckoned_again(question: str, answer: str, steps: tuple[str, ...], right: bool) -> None:
    found = verdict("support", over(MASSES, question, answer, "multihop", *steps))
    assert found.passed is right, found.reason


def test_a_result_has_the_unit_of_what_was_reckoned_with() -> None:
    source = "Task | Interval | Time (min)\nService | 365 days | 90\nDescaling | 60 days | 25"
    asked = "By how much does the interval of the service exceed that of descaling?"
    steps = "365 - 60 = 305."
    assert verdict("support", over(source, asked, "By 305 days: 365 days against 60 days.", "cot", steps)).passed
    assert not verdict("support", over(source, asked, "By 305 weeks: 365 days against 60 days.", "cot", steps)).passed


def test_wrong_arithmetic_is_named_with_the_right_result() -> None:
    found = verdict("support", over(MASSES, TOTAL, "The total mass is 340 g.", "cot", "120 + 210 = 340."))
    assert "reckons '120 + 210 = 340', which is 330" in found.reason


def test_an_identifier_of_a_heading_is_not_that_of_the_row() -> None:
    asked = "How long is the warm-up time of the RM-420?"
    assert not verdict("support", over(MODELS, asked, "The warm-up time of the RM-400 is 25 min.")).passed
    assert verdict("support", over(MODELS, asked, "The RM-420 of the RM-400 needs 25 min.")).passed


NEVER = "Never use alcohol on the cover, since it causes cracks. The fluid must not be frozen, as its beads then clump."


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Alcohol causes cracks.", True),
        ("Its beads clump when the fluid is frozen.", True),
        ("The fluid must be frozen.", False),
        ("Use alcohol on the cover.", False),
    ],
)
def test_a_negation_is_left_out_only_where_what_it_denies_is_stated(answer: str, right: bool) -> None:
    found = verdict("support", over(NEVER, "What do alcohol and frost do?", answer))
    assert found.passed is right, found.reason


def test_an_answer_may_deny_what_stands_beside_a_table() -> None:
    source = f"{MASSES}\nAfter the change the old address is not valid any more."
    denial = "The old address is not valid any more after the change."
    assert verdict("support", over(source, "What happens to the old address after the change?", denial)).passed


BLUE = "The diaphragm is moulded from blue rubber. It is replaced every 2 years, because chlorine makes it brittle."


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("The diaphragm is moulded from blue rubber and replaced every 2 years.", ""),
        ("The diaphragm, which chlorine makes brittle, is replaced every 2 years.", ""),
        ("The diaphragm is moulded from black rubber.", "'black'"),
        ("The diaphragm is replaced every 2 years, because the warranty of the maker ends.", "'warranty'"),
        ("The diaphragm is not replaced every 2 years.", "denies 'replaced'"),
    ],
)
def test_no_clause_is_invented_among_true_ones(answer: str, named: str) -> None:
    found = verdict("support", over(BLUE, "What is known about the diaphragm?", answer))
    assert found.passed is not bool(named), found.reason
    assert named in found.reason


@pytest.mark.parametrize("question", ["How many litres does the tank hold?", "How many of the tanks are there?"])
def test_a_number_too_long_to_reckon_with_is_judged_all_the_same(question: str) -> None:
    long = "9" * 400
    source = f"The tank holds {long} litres. There are {long} of the tanks."
    assert verdict("support", over(source, question, f"The tank holds {long} litres.")).passed
    assert not verdict("support", over(source, question, "The tank holds 12 litres.")).passed
