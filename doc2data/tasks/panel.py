"""A panel of judges: one or more models that review and compare, without knowing who wrote what they judge.

Judging by a model, and the swap of places against its bias for the first answer, after Zheng et al., "Judging
LLM-as-a-Judge with MT-Bench and Chatbot Arena" (2306.05685); several small judges after Verga et al., "Replacing
Judges with Juries" (2404.18796).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from doc2data.tasks.asker import Asker
from doc2data.tasks.core import PassageText
from doc2data.tasks.judging import ASPECTS, BEST, COMPARE, NAMES, REVIEW, Comparison, Rating, Review

_PASSED = re.compile(r"(\d+) of (\d+) judges pass it: ")
TOLD = 3
"""Most defects that a verdict names."""
Side = Literal["first", "second", "neither"]
_SWAPPED: dict[Side, Side] = {"first": "second", "second": "first", "neither": "neither"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is judged: a question and an answer, with what the answer may stand on."""

    question: str
    answer: str
    language: str
    evidence: PassageText | None
    """None where there is nothing to stand on; the judges then see question and answer alone."""


@dataclass(frozen=True, slots=True)
class Votes:
    """The reviews of a panel on one exchange, a review for each judge."""

    reviews: tuple[Review, ...]

    def score(self, aspect: str) -> float:
        """The median score of an aspect over the judges, 1 to 5."""
        return float(median(review.ratings[aspect].score for review in self.reviews))

    @property
    def mean(self) -> float:
        """Mean of the aspects' scores, 0 to 1."""
        return sum((self.score(aspect) - 1) / (BEST - 1) for aspect in ASPECTS) / len(ASPECTS)

    def passes(self, least: int) -> tuple[bool, ...]:
        """For each judge whether all aspects reach `least`."""
        return tuple(all(r.score >= least for r in review.ratings.values()) for review in self.reviews)

    def defects(self, least: int) -> list[tuple[str, Rating]]:
        """The ratings below `least` with their aspects, worst first."""
        found = [(aspect, r) for review in self.reviews for aspect, r in review.ratings.items() if r.score < least]
        return sorted(found, key=lambda pair: (pair[1].score, ASPECTS.index(pair[0])))


@dataclass(frozen=True, slots=True)
class Preference:
    """Which of two answers the panel prefers."""

    better: Side
    """What more than half of the judges say; "neither" where there is no such side."""
    agreement: float
    """Share of the judges that say so."""
    consistency: float
    """Share of the judges that kept to their choice when the places were swapped; the others count for neither."""
    reason: str
    """Of a judge that says so."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One or more judges."""

    judges: Sequence[Asker]

    async def review(self, exchange: Exchange, seed: int) -> Votes:
        """Every judge's review by rubric.

        Raises:
            ModelError: a judge gave no usable reply.
        """
        values = {"question": exchange.question, "answer": exchange.answer}
        asked = (judge.ask(REVIEW, exchange.language, seed, values, exchange.evidence) for judge in self.judges)
        return Votes(tuple(await asyncio.gather(*asked)))

    async def compare(self, exchange: Exchange, other: str, seed: int) -> Preference:
        """Compare the exchange's answer, the first, with another one: each judge twice, with places swapped.

        Raises:
            ModelError: a judge gave no usable reply.
        """
        pairs = ((exchange.answer, other), (other, exchange.answer))
        asked = (
            judge.ask(
                COMPARE,
                exchange.language,
                seed,
                {"question": exchange.question, "first": first, "second": second},
                exchange.evidence,
            )
            for judge in self.judges
            for first, second in pairs
        )
        return _settled(await asyncio.gather(*asked))


def _settled(found: Sequence[Comparison]) -> Preference:
    """What the judges say together; each gave two comparisons, the second one of the answers in swapped places."""
    votes: list[Side] = []
    kept = 0
    for straight, swapped in zip(found[::2], found[1::2], strict=True):
        same = straight.better == _SWAPPED[swapped.better]
        kept += same
        votes.append(straight.better if same else "neither")
    better: Side = next((side for side in ("first", "second") if votes.count(side) * 2 > len(votes)), "neither")
    reason = next((one.reason for one, vote in zip(found[::2], votes, strict=True) if vote == better), found[0].reason)
    return Preference(better, votes.count(better) / len(votes), kept / len(votes), reason)


def told(votes: Votes, least: int) -> str:
    """A panel's votes in words: how many judges pass it, the scores, and the worst defects below `least`."""
    passes = votes.passes(least)
    scores = ", ".join(f"{NAMES[aspect]} {votes.score(aspect):g}" for aspect in ASPECTS)
    worst: dict[str, str] = {}
    for aspect, rating in votes.defects(least):
        worst.setdefault(NAMES[aspect], rating.reason)
    defects = "".join(f"; {aspect}: {reason}" for aspect, reason in list(worst.items())[:TOLD])
    return f"{sum(passes)} of {len(passes)} judges pass it: {scores}{defects}"


def complaints(reason: str) -> str:
    """The defects alone, read from the reason that `told` wrote; the whole reason where it names none."""
    return reason.partition("; ")[2] or reason


def agreement(reason: str) -> float | None:
    """The share of judges that agreed, read from the reason that `told` wrote; None for one judge alone."""
    found = _PASSED.match(reason)
    if found is None or int(found[2]) < 2:
        return None
    passed, judges = int(found[1]), int(found[2])
    return max(passed, judges - passed) / judges
