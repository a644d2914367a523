"""The guard of other wordings: facts, names, negations, conditions and meaning stay what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from doc2data.checks import CheckContext, check_batch
from doc2data.checks.wording import changed
from tests.checks.samples import SEAL, sample

FIRST = "How long may the K-4 kit be stored at 40 °C before the seals must not be used any more?"
OPENED = "What must be closed before the pump head is opened?"


@pytest.mark.parametrize(
    ("first", "question", "problem"),
    [
        ("How long may the K-4 kit be kept at 40 °C?", "How long can I keep the K-4 kit at 45 °C?", "40 °C"),
        ("How long may the K-4 kit be kept at 40 °C?", "How long can I keep the K-4 kit?", "leaves out '40 °C'"),
        ("How long may the K-4 kit be kept?", "How long can I keep the K-4 kit for 3 days?", "puts in"),
        ("How long may the K-4 kit be kept?", "How long can I keep the K-5 kit?", "K-4"),
        ("Who installed the Corvan pump?", "Who installed the Melvin pump?", "'Corvan'"),
        ("What must not be done with the cover open?", "What must be done with the cover open?", "negation"),
        ("What must be done with the cover open?", "What must not be done with the cover open?", "negation"),
        (OPENED, "What must be closed after the pump head is opened?", "'after'"),
        (OPENED, "What do I have to shut?", "leaves out the condition"),
        (
            "What must be closed on the P-20?",
            "What must be closed on the P-20 while it is raining?",
            "puts in the cond",
        ),
        ("How often must the filter be cleaned?", "How often may the filter be cleaned?", "'may'"),
        ("What is the maximum flow of the P-20?", "What is the minimum flow of the P-20?", "'minimum'"),
        (OPENED, "what must be closed before the pump head is opened", "word for word"),
    ],
)
def test_what_changes_the_meaning_is_named(first: str, question: str, problem: str) -> None:
    assert problem in changed(question, first, "en")


@pytest.mark.parametrize(
    ("first", "question"),
    [
        (OPENED, "Before the pump head is opened, what must be closed?"),
        (OPENED, "I'm about to open the pump head, what do I have to close first?"),
        ("What must not be done with the cover open?", "What is forbidden with the cover open?"),
        ("How often must the diaphragm of the P-20 be replaced?", "how often diaphragm P-20 replace?"),
        ("When must the filter be changed?", "When do I have to change the filter?"),
        ("How long may the K-4 kit be kept at 40 °C?", "How long can I keep the K-4 kit at 40 °C?"),
    ],
)
def test_what_keeps_the_meaning_passes(first: str, question: str) -> None:
    assert changed(question, first, "en") == ""


@pytest.mark.parametrize(
    ("first", "question", "problem"),
    [
        ("吸入管的长度不得超过多少？", "吸入管最长不能超过多少？", ""),
        ("隔膜不得在运行时更换吗？", "隔膜可以在运行时更换吗？", "negation"),
        ("打开泵头之前必须关闭什么？", "打开泵头之后必须关闭什么？", "之后"),
        ("P-20 的流量是多少？", "P-30 的流量是多少？", "P-20"),
    ],
)
def test_chinese(first: str, question: str, problem: str) -> None:
    found = changed(question, first, "zh")
    assert (problem in found) if problem else found == ""


def judged(cosine: float, params: dict[str, Any]) -> list[str]:
    """The checks that look at a sample with such parameters, or the reason of the one that turns it down."""
    made = sample("What goes into the pump of the P-20?", SEAL, SEAL)
    made = replace(made, recipe=replace(made.recipe, params=params))
    vectors = np.array([[1.0, 0.0], [cosine, np.sqrt(1 - cosine**2)]], np.float32)
    context = CheckContext(lambda name: "", lambda queries, k: [], lambda texts: vectors)
    [found] = check_batch([made], context, ["wording"])
    return [verdict.reason for verdict in found if not verdict.passed] or [verdict.check for verdict in found]


def test_meaning_is_measured_and_other_samples_are_not_looked_at() -> None:
    of = {"wording_of": "Which liquid is the P-20 filled with?"}
    assert judged(0.9, of) == ["wording"]
    assert "too far in meaning" in judged(0.2, of)[0]
    assert judged(0.2, {}) == []
