"""Pairs out of several answers to one question: best and worst by the checks, or the better of two by judges.

Best and worst of n: Pace et al., "West-of-N" (2401.12086). Preference by a model, with places swapped: Lee et al.,
"RLAIF" (2309.00267).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from doc2data.recipes.answering import JUDGE, Answering, Told, failing
from doc2data.recipes.base import Desk, Job
from doc2data.records import Judged, Rejected, Sample, Verdict
from doc2data.tasks.panel import Exchange

CONTEST = "contest"


async def best_and_worst(job: Job, parent: Sample, desk: Desk) -> Sequence[Sample | Judged]:
    """The answer that passes with the highest score against the one that a check turns down with the lowest."""
    at = Answering(job, parent, desk)
    drafts = await asyncio.gather(*(at.draft() for _ in range(desk.settings.prefer.answers)))
    answers = _different(drafts)
    if len(answers) < 2:
        return at.refused(answers, CONTEST, "The model answers the same each time, or not at all.")
    clues = at.evidence(*answers)
    judged = list(zip(answers, at.judged(answers, clues), strict=True))
    passing = [(told, verdicts) for told, verdicts in judged if failing(verdicts) is None]
    lost = [(told, verdict) for told, verdicts in judged if (verdict := failing(verdicts)) is not None]
    if not passing or not lost:
        reason = "None of the answers passes the checks." if lost else "All answers pass: no check tells them apart."
        return at.refused(answers, CONTEST, reason)
    best = max(passing, key=lambda one: (_score(one[1]), -len(one[0].text)))[0]
    worst, verdict = min(lost, key=lambda one: (one[1].score, one[0].text))
    rejected = Rejected(worst.text, "best-of", "", "", verdict.check, verdict.reason)
    return [desk.sample(job, at.pair(best, rejected, clues))]


async def judged_twice(job: Job, parent: Sample, desk: Desk) -> Sequence[Sample | Judged]:
    """Two samplings, judged twice with places swapped; kept where the judges agree and their ratings do not differ."""
    at = Answering(job, parent, desk)
    answers = _different([await at.draft(), await at.draft()])
    if len(answers) < 2:
        return at.refused(answers, CONTEST, "The model answers the same each time, or not at all.")
    return await decided(at, answers[0], answers[1], "judge")


async def decided(at: Answering, first: Told, second: Told, operator: str) -> Sequence[Sample | Judged]:
    """The pair of two answers as the judges prefer them, with their ratings.

    Raises:
        ModelError: a judge gave no usable reply.
    """
    clues = at.evidence(first, second)
    passage = at.ground(clues)
    exchange = Exchange(at.parent.question, first.text, at.parent.language, passage)
    found = await at.desk.panel.compare(exchange, second.text, at.seed())
    if found.better == "neither":
        reason = "With places swapped the judges do not prefer the same answer."
        if found.consistency == 1:
            reason = "The judges find neither answer better, or do not agree on the better one."
        return at.refused((first, second), JUDGE, reason)
    chosen, worse = (first, second) if found.better == "first" else (second, first)
    ratings = [await at.ratings(told.text, passage) for told in (chosen, worse)]
    if ratings[0].mean < ratings[1].mean:
        return at.refused((chosen, worse), JUDGE, "The judges rate the answer higher that they do not prefer.")
    rejected = Rejected(worse.text, operator, "", "", JUDGE, found.reason)
    return [at.desk.sample(at.job, at.pair(chosen, rejected, clues, ratings))]


def _different(drafts: Sequence[Told | None]) -> list[Told]:
    """The answers given, each text once."""
    return list({" ".join(told.text.split()).casefold(): told for told in drafts if told is not None}.values())


def _score(verdicts: Sequence[Verdict]) -> float:
    return sum(verdict.score for verdict in verdicts) / len(verdicts)
