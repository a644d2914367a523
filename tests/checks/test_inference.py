"""What a cross-encoder is shown, and what its scores decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models import Scores
from tests.checks.samples import CONTEXT, GOOD, SEAL, answering, sample, verdict


class Reader:
    """A cross-encoder that finds what says 4,000, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        self.shown += pairs
        return np.array([0.9 if "4,000" in said else 0.2 for _, said in pairs], np.float32)


def test_the_worst_statement_decides() -> None:
    reader = Reader()
    context = replace(CONTEXT, score_pairs=reader)
    assert verdict("inference", GOOD, context).score == 0.9
    found = verdict("inference", answering(GOOD, f"{GOOD.answer} The seal is a weak part."), context)
    assert not found.passed
    assert "'The seal is a weak part.'" in found.reason
    assert all(SEAL in premise and premise.startswith("Feed pump FP-12 > Care") for premise, _ in reader.shown)


def test_a_quote_is_not_shown_and_a_fragment_comes_with_its_question() -> None:
    reader = Reader()
    context = replace(CONTEXT, score_pairs=reader)
    assert verdict("inference", answering(GOOD, SEAL), context).passed
    assert reader.shown == []
    verdict("inference", sample(GOOD.question, "Every 4,000 h.", SEAL), context)
    assert reader.shown[0][1] == f"{GOOD.question} Every 4,000 h."


def test_the_threshold_is_the_users() -> None:
    strict = replace(CONTEXT, score_pairs=Reader(), settings=CONTEXT.settings.model_copy(update={"inference": 0.95}))
    assert not verdict("inference", GOOD, strict).passed
