"""Pairs of a first draft and its revision: the draft rejected, the revised answer chosen.

A revision counts where it gains: it passes a check that the draft fails, or judges prefer it; by principle, where the
critique that found the draft against it finds nothing more (Bai et al., "Constitutional AI", 2212.08073).
"""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.recipes.answering import Answering, Told, failing
from doc2data.recipes.base import Desk, Job
from doc2data.recipes.contests import decided
from doc2data.records import Judged, Rejected, Sample, content_id
from doc2data.tasks.judging import BEST
from doc2data.tasks.panel import Exchange
from doc2data.tasks.preferring import CRITIQUE, MEND_ANSWER, Critique, mended_over

REVISION = "revision"
PRINCIPLE = "principle"
MOST_DEFECTS = 4


async def revised(job: Job, parent: Sample, desk: Desk) -> Sequence[Sample | Judged]:
    """Draft, defects that checks or a review find, revision; kept where the revision gained."""
    at = Answering(job, parent, desk)
    draft = await at.draft()
    if draft is None:
        return at.refused((), REVISION, "The model finds no answer to draft.")
    fault = failing(at.judged([draft], at.evidence(draft))[0])
    defects = [fault.reason] if fault else await _reviewed(at, draft)
    if not defects:
        return at.refused((draft,), REVISION, "Neither checks nor judges find a defect in the first draft.")
    better = await _mended(at, draft, defects)
    if better is None:
        return at.refused((draft,), REVISION, "The model cannot remove the defects, or changes nothing.")
    clues = at.evidence(better, draft)
    left = failing(at.judged([better], clues)[0])
    if left is not None:
        return at.refused((better, draft), REVISION, f"The revision fails {left.check}: {left.reason}.")
    still = failing(at.judged([draft], clues)[0])
    if still is None:
        made = await decided(at, better, draft, REVISION)
        return made if _is_chosen(made, better) else at.refused((better, draft), REVISION, "The revision lost.")
    rejected = Rejected(draft.text, REVISION, "", "", still.check, still.reason)
    return [desk.sample(job, at.pair(better, rejected, clues))]


async def principled(job: Job, parent: Sample, desk: Desk) -> Sequence[Sample | Judged]:
    """Draft, critique by a principle of the user's, revision, and the critique again."""
    at = Answering(job, parent, desk)
    principles = desk.given.principles
    principle = principles[int(content_id("principle", job.clues, parent.id)[:8], 16) % len(principles)]
    draft = await at.draft()
    if draft is None:
        return at.refused((), PRINCIPLE, "The model finds no answer to draft.")
    found = await _criticised(at, draft, principle)
    if not found.violates:
        return at.refused((draft,), PRINCIPLE, f"The first draft keeps the principle {principle!r}.")
    better = await _mended(at, draft, [found.critique], principle)
    if better is None:
        return at.refused((draft,), PRINCIPLE, "The model cannot keep the principle, or changes nothing.")
    if (await _criticised(at, better, principle)).violates:
        return at.refused((better, draft), PRINCIPLE, f"The revision still goes against {principle!r}.")
    rejected = Rejected(draft.text, "principles", "", "", PRINCIPLE, f"Against {principle!r}: {found.critique}")
    return [desk.sample(job, at.pair(better, rejected, at.evidence(better, draft)))]


async def _reviewed(at: Answering, draft: Told) -> list[str]:
    """What a review by rubric finds in a draft."""
    exchange = Exchange(at.parent.question, draft.text, at.parent.language, at.ground(at.evidence(draft)))
    votes = await at.desk.panel.review(exchange, at.seed())
    found = votes.defects(BEST)[:MOST_DEFECTS]
    return [f"{aspect}: {rating.reason}" for aspect, rating in found if aspect != "selfcontainedness"]


async def _mended(at: Answering, draft: Told, defects: Sequence[str], principle: str = "") -> Told | None:
    """The draft without its defects; None where that is not possible, or nothing was changed."""
    question = at.parent.question
    values = {"question": question, "answer": draft.text, "defects": list(defects), "principle": principle}
    output = mended_over(len(at.units))
    given = await at.desk.writer.ask(MEND_ANSWER, at.parent.language, at.seed(), values, at.passage, output)
    same = " ".join(given.answer.split()).casefold() == " ".join(draft.text.split()).casefold()
    return Told(given.answer, at.cited(given.sentences)) if given.possible and not same else None


async def _criticised(at: Answering, told: Told, principle: str) -> Critique:
    values = {"question": at.parent.question, "answer": told.text, "principle": principle}
    judge = at.desk.panel.judges[0]
    return await judge.ask(CRITIQUE, at.parent.language, at.seed(), values, at.ground(at.evidence(told)))


def _is_chosen(made: Sequence[Sample | Judged], told: Told) -> bool:
    """Whether the judges' pair came about, with this answer chosen; one that was refused says why itself."""
    return all(isinstance(one, Judged) or one.answer == told.text for one in made)
