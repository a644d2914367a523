from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models import Vectors
from tests.checks.samples import (
    CABINET,
    CONTEXT,
    ERROR,
    FILL,
    FILTER,
    PUMP,
    SEAL,
    VALVE,
    answering,
    evidence,
    sample,
    verdict,
)

RIGHT = [
    (
        "Which seal can be ordered?",
        "A seal that is not in stock can be ordered from the maker.",
        "If a seal is not in stock, it can be ordered from the maker.",
    ),
    ("What does the feed pump deliver?", "The feed pump delivers 12 m³/h at 0.5 MPa.", PUMP),
    ("What does the feed pump deliver?", "Roughly put, the feed pump delivers 12 m³/h at 0.5 MPa.", PUMP),
    ("At which pressure does the feed pump deliver?", "500 kPa", PUMP),
    ("At which pressure does the feed pump deliver?", "It delivers at 5 bar.", PUMP),
    ("How often must the shaft seal be replaced?", "Every 4000 hours of operation.", SEAL),
    (
        "How often must the shaft seal be replaced?",
        "The seal must be replaced every four thousand operating hours.",
        SEAL,
    ),
    ("What does error E-417 mean?", "The inlet pressure is below 80 kPa.", ERROR),
    ("Which error says that the inlet pressure is too low?", "E417", ERROR),
    ("How often may the filter be washed?", "At most 3 times.", FILTER),
    ("May the drain valve be opened while the pump runs?", "No, it must not be opened while the pump runs.", VALVE),
    (
        "May the drain valve be opened while the pump runs?",
        "No, do not open the drain valve while the pump runs.",
        VALVE,
    ),
    ("What must be done before the first start?", "Fill the pump with clean water.", FILL),
    ("What locks the start button?", "The key switch of the Hartmann control cabinet.", CABINET),
    (
        "What causes alarm A-3?",
        "No master has called for 5 minutes.",
        "A-3 | Bus does not answer | No master has called for 5 minutes.",
    ),
    (
        "What causes alarm A-4?",
        "A grain of sand holds the valve.",
        "A-4 | Valve does not close | A grain of sand holds the valve.",
    ),
    (
        "What is the demand in the state Start-up peak?",
        "In the state Start-up peak it is 28 W.",
        "Start-up peak | 28 W",
    ),
    ("How is the feed pump started first?", "1. Fill the pump with clean water.\n2. Start.", FILL),
]

WRONG = [
    ("What delivers 12 m³/h at 0.5 MPa?", "Krantorex delivers 12 m³/h at 0.5 MPa.", PUMP, "the name 'Krantorex'"),
    ("What does the feed pump deliver?", "The feed pump delivers 21 m³/h at 0.5 MPa.", PUMP, "21"),
    ("At which pressure does the feed pump deliver?", "0.5 bar", PUMP, "0.5 MPa"),
    ("At which pressure does the feed pump deliver?", "0.5 kPa", PUMP, "0.5 MPa"),
    ("How often must the shaft seal be replaced?", "Every 400 operating hours.", SEAL, "400"),
    ("How often must the shaft seal be replaced?", "Every 4,000 days.", SEAL, "4,000"),
    ("What does a low inlet pressure cause?", "Error E-471.", ERROR, "E-471"),
    ("What does error E-417 mean?", "The inlet pressure is above 80 kPa.", ERROR, "above"),
    ("What locks the start button?", "The key switch of the Lehmann control cabinet.", CABINET, "Lehmann"),
    ("May the drain valve be opened?", "The drain valve must be opened while the pump runs.", VALVE, "not"),
    ("May the drain valve be opened?", "The drain valve may be opened while the pump runs.", VALVE, "not"),
    (
        "How often must the shaft seal be replaced?",
        "The shaft seal must not be replaced every 4,000 operating hours.",
        SEAL,
        "not",
    ),
    (
        "How often is the shaft seal replaced?",
        "The shaft seal may be replaced every 4,000 operating hours.",
        SEAL,
        "may",
    ),
    ("When is the pump filled?", "Fill the pump with clean water after the first start.", FILL, "after"),
    ("How often may the filter be washed?", "The filter may be washed at least three times.", FILTER, "least"),
    ("What is done before the first start?", "Lubricate all couplings with grease.", FILL, "evidence does not hold"),
]


@pytest.mark.parametrize(("question", "answer", "quote"), RIGHT)
def test_an_answer_that_its_evidence_holds_passes(question: str, answer: str, quote: str) -> None:
    found = verdict("support", sample(question, answer, quote))
    assert found.passed, found.reason


@pytest.mark.parametrize(("question", "answer", "quote", "named"), WRONG)
def test_an_answer_that_differs_is_turned_down_by_name(question: str, answer: str, quote: str, named: str) -> None:
    found = verdict("support", sample(question, answer, quote))
    assert not found.passed
    assert named in found.reason


CHINESE = [
    ("轴封多久更换一次？", "轴封每运行四千小时更换一次。", "轴封每运行四千小时更换一次。", True),
    ("轴封多久更换一次？", "每运行4000小时更换一次。", "轴封每运行四千小时更换一次。", True),
    ("轴封多久更换一次？", "轴封每运行三千小时更换一次。", "轴封每运行四千小时更换一次。", False),
    ("轴封多久更换一次？", "轴封每运行四千天更换一次。", "轴封每运行四千小时更换一次。", False),
    ("泵运行时可以打开排水阀吗？", "泵运行时不得打开排水阀。", "泵运行时不得打开排水阀。", True),
    ("泵运行时怎样处理排水阀？", "泵运行时可以打开排水阀。", "泵运行时不得打开排水阀。", False),
    ("何时注满清水？", "首次启动之前要向泵内注满清水。", "首次启动之前必须向泵内注满清水。", True),
    ("何时注满清水？", "首次启动之后必须向泵内注满清水。", "首次启动之前必须向泵内注满清水。", False),
]


@pytest.mark.parametrize(("question", "answer", "quote", "right"), CHINESE)
def test_chinese_answers_are_compared_too(question: str, answer: str, quote: str, right: bool) -> None:
    found = verdict("support", sample(question, answer, quote, language="zh"))
    assert found.passed is right, found.reason


def test_a_paraphrase_passes_by_its_vector_and_not_without() -> None:
    told = sample("When is the shaft seal changed?", "Renew the worn shaft seal periodically.", SEAL)

    def alike(texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)

    assert not verdict("support", told).passed
    assert verdict("support", told, replace(CONTEXT, embed=alike)).passed


def test_a_number_reckoned_from_the_evidence_is_for_reasoning_only() -> None:
    asked = ("How many hours pass until the shaft seal was replaced three times?", "12,000 hours.")
    assert not verdict("support", sample(*asked, SEAL, FILTER)).passed
    assert verdict("support", sample(*asked, SEAL, FILTER, kind="multihop")).passed


HEADER, ROW = "Part | Mass (g) | Life (days)", "DC-9 | 55 | 14"


@pytest.mark.parametrize(
    ("answer", "right"), [("0.055 kg", True), ("2 weeks", True), ("0.55 kg", False), ("14 h", False)]
)
def test_a_cell_has_the_unit_of_its_header(answer: str, right: bool) -> None:
    assert verdict("support", sample("What are mass and life of the DC-9?", answer, ROW, HEADER)).passed is right


def test_only_a_partial_answer_may_say_that_the_rest_is_not_told() -> None:
    asked = (
        "Which is heavier, the DC-9 or the FX-1?",
        "The mass of the DC-9 is 55 g. Our handbooks do not mention anything comparable.",
    )
    assert verdict("support", sample(*asked, ROW, HEADER, kind="partial")).passed
    assert not verdict("support", sample(*asked, ROW, HEADER)).passed


def test_an_unanswerable_question_needs_no_support() -> None:
    assert verdict(
        "support", sample("What does the pump cost?", "The documents do not say.", kind="unanswerable")
    ).passed


def test_the_number_of_a_heading_is_no_fact() -> None:
    numbered = replace(evidence(SEAL), section=("7 Care",))
    asked = replace(sample("How often must the shaft seal be replaced?", "", SEAL), evidence=(numbered,))
    found = verdict("support", answering(asked, "The shaft seal must be replaced every 7 operating hours."))
    assert not found.passed
    assert "'7 " in found.reason


def test_a_row_of_a_table_is_not_denied() -> None:
    row = replace(
        evidence(SEAL), quote="Sample temperature (°C) | Life (days) | Flow loss at end of life (%)\n5 | 320 | 11.0"
    )
    asked = replace(sample("What is the flow loss at end of life of the tube at 5 °C?", "", SEAL), evidence=(row,))
    right = "At a sample temperature of 5 °C, the flow loss at end of life of the tube is 11.0 %."
    assert verdict("support", answering(asked, right)).passed
    assert "denies" in verdict("support", answering(asked, right.replace("is 11", "is not 11"))).reason
