"""What a person's decisions say of the checks: how right they are, and which floor would make them right enough.

A floor is a least score of one check (`checks.floors`). It is fitted to all decisions on samples that the checks
passed, and judged by leaving each of them out in turn, so that its precision is not that of its own making.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doc2data import review
from doc2data.checks import read_floors, under_floor
from doc2data.records import REVIEW, Judged
from doc2data.store import Query, Store

ENOUGH = 24
"""Decisions from which a floor is fitted."""
TARGET = 0.95
"""Precision that a floor aims at."""
SURE = 1.645
"""Standard normal quantile by which a floor must be better than none: one that only looks so is offered once in 20."""
PRECIOUS, LARGE = 10_000, 100_000


@dataclass(frozen=True, slots=True)
class Floor:
    """A least score of one check, with what decisions say of it."""

    check: str
    score: float
    kept: float
    """Share of the decided samples that reach it."""
    precision: float
    """Share of those that the person accepts, each judged by a floor that was fitted without it."""
    interval: tuple[float, float]
    """95 % interval of the precision."""

    @property
    def setting(self) -> str:
        """As the settings have it."""
        return f"{self.check}={self.score:g}"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the decisions so far say."""

    audit: review.Audit
    decided: int
    """Samples that the checks passed and the person decided on, in whatever queue."""
    floor: Floor | None
    """None where there are too few decisions, where the target is reached already, or where no floor helps."""
    waiting: tuple[str, ...]
    """Ids of the random samples that are still to be decided on, in their order."""
    advice: str
    """How many rows to look at, in words."""


@dataclass(frozen=True, slots=True)
class _Decision:
    yes: bool
    scores: dict[str, float]


def calibrate(store: Store, margin: float = review.MARGIN, target: float = TARGET) -> Calibration:
    """Hold the decisions in a project against the scores of its checks.

    Args:
        store: of the project.
        margin: half-width of the interval of precision that is asked for.
        target: precision that a floor is to reach.
    """
    audit = review.audit(store, margin)
    decisions = list(_decisions(store))
    decided = store.samples.decided()
    drawn = store.samples.select(Query(passed_checks=True, order="random", limit=audit.needed))
    waiting = tuple(id for id in drawn if id not in decided)
    return Calibration(audit, len(decisions), _fitted(decisions, target), waiting, _advice(audit))


def apply(store: Store, floors: Sequence[str]) -> tuple[int, int]:
    """Hold every undecided sample against floors; returns how many fell and how many stood up again.

    Raises:
        UsageError: a floor is written wrong.
    """
    least = read_floors(floors)
    fell = rose = 0
    with store.transaction():
        for id in store.samples.select(Query(decided=False)):
            before = store.samples.get(id)
            assert before is not None, "ids come from the same transaction"
            after = Judged(before.sample, tuple(under_floor(verdict, least) for verdict in before.verdicts))
            if after != before:
                store.samples.replace(id, after)
                fell += before.status == "accepted" and after.status == "rejected"
                rose += before.status == "rejected" and after.status == "accepted"
    return fell, rose


def _decisions(store: Store) -> Iterator[_Decision]:
    for id in store.samples.select(Query(decided=True, passed_checks=True)):
        judged = store.samples.get(id)
        assert judged is not None, "ids come from the same store"
        scores = {verdict.check: verdict.score for verdict in judged.verdicts if verdict.check != REVIEW}
        yield _Decision(judged.status == "accepted", scores)


def _fitted(decisions: Sequence[_Decision], target: float) -> Floor | None:
    """The floor that keeps most at the target; None where none is needed, or none is better beyond chance.

    What is judged is the whole fitting, the choice of the check included: for each decision anew, without it.
    """
    if len(decisions) < ENOUGH or _precision(decisions) >= target:
        return None
    table = _Table(decisions)
    everything = np.ones(len(decisions), bool)
    found = table.best(everything, target)
    if found is None:
        return None
    held_out = []
    for i, one in enumerate(decisions):
        everything[i] = False
        refitted = table.best(everything, target)
        everything[i] = True
        if refitted is not None and table.scores[i, refitted[0]] >= refitted[1]:
            held_out.append(one.yes)
    right = sum(held_out)
    if not held_out or review.wilson(right, len(held_out), z=SURE)[0] <= _precision(decisions):
        return None
    number, score = found
    kept = float((table.scores[:, number] >= score).mean())
    return Floor(table.checks[number], score, kept, right / len(held_out), review.wilson(right, len(held_out)))


class _Table:
    """Decisions by their scores; a check that said nothing of a sample does not hold it back."""

    def __init__(self, decisions: Sequence[_Decision]) -> None:
        self.checks = sorted({check for one in decisions for check in one.scores})
        rows = [[one.scores.get(check, math.inf) for check in self.checks] for one in decisions]
        self.scores = np.array(rows)
        """Shape (decisions, checks)."""
        self._yes = np.array([one.yes for one in decisions])

    def best(self, among: NDArray[np.bool_], target: float) -> tuple[int, float] | None:
        """The check's number and the least score from which the share of accepted ones is at the target.

        Where several are, what keeps most; where none is, what comes nearest.
        """
        best: tuple[bool, float, int] = (False, 0.0, 0)
        found = None
        for number in range(len(self.checks)):
            scores, yes = self.scores[among, number], self._yes[among]
            order = np.argsort(scores, kind="stable")
            scores, kept = scores[order], np.arange(len(scores), 0, -1)
            shares = yes[order][::-1].cumsum()[::-1] / kept
            for at in (np.flatnonzero(np.diff(scores) > 0) + 1).tolist():
                enough = bool(shares[at] >= target)
                rank = (enough, 1.0 if enough else float(shares[at]), int(kept[at]))
                if rank > best and math.isfinite(scores[at]):
                    best, found = rank, (number, math.floor(scores[at] * 1000) / 1000)
        return found


def _precision(decisions: Sequence[_Decision]) -> float:
    return sum(one.yes for one in decisions) / len(decisions)


def _advice(audit: review.Audit) -> str:
    left = max(0, audit.needed - audit.reviewed)
    if not audit.population:
        return "There is nothing to review yet."
    known = f"{audit.needed} random rows tell the precision within {100 * audit.margin:g} points"
    known += f"; {left} are left." if left else ", and they are reviewed."
    if audit.population <= PRECIOUS:
        return f"{known} Of a set below {PRECIOUS:,} rows that matters, read every row."
    share = (5, 10) if audit.population <= LARGE else (1, 3)
    rows = (math.ceil(audit.population * percent / 100) for percent in share)
    return (
        f"{known} Custom for a set of this size is {share[0]} to {share[1]} %: {' to '.join(f'{n:,}' for n in rows)}."
    )
