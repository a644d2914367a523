"""A pair as a person reads it: both answers, and what is wrong with the worse one."""

from __future__ import annotations

from doc2data.records import Judged
from doc2data.tui.widgets.sample_text import plain_text, sample_text
from tests.checks.samples import GOOD
from tests.checks.test_completeness import PAIR


def test_a_pair_shows_its_rejected_answer_with_the_proof() -> None:
    shown = sample_text(Judged(PAIR, ())).plain
    assert "every 4,000 operating hours" in shown and "every 5,000 operating hours" in shown
    assert "REJECTED ANSWER" in shown and "fails support" in shown
    assert "rejected: It must be replaced every 5,000" in plain_text(Judged(PAIR, ()))


def test_any_other_sample_has_none() -> None:
    assert "REJECTED" not in sample_text(Judged(GOOD, ())).plain
