"""A sample that a check turned down, mended by the model that wrote it; the checks then see it like any other.

Generation, feedback and refinement by one model after Madaan et al., "Self-Refine" (2303.17651); the feedback here is
that of the checks.
"""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.recipes.base import Content, Desk, Job
from doc2data.records import Message, Sample, Verdict
from doc2data.tasks.judging import REVISE, revision_over
from doc2data.tasks.panel import complaints

KINDS = frozenset({"qa"})
"""Kinds of which a draft can be mended without making anew what else was proved of it."""
MENDABLE = frozenset(
    {"structure", "language", "selfcontained", "support", "retrievability", "entailment", "roundtrip", "judge"}
)
"""Checks whose reason says what to mend."""
SEARCHED = frozenset({"retrievability", "roundtrip"})
"""Checks that look at what the question brings back."""


def is_mendable(sample: Sample, verdicts: Sequence[Verdict]) -> bool:
    """Whether a revision could help: one exchange, and a reason that names a defect of its words."""
    reasons = [verdict for verdict in verdicts if not verdict.passed]
    exchange = [message.role for message in sample.messages] == ["user", "assistant"]
    words = sample.kind in KINDS and exchange and not sample.reasoning and bool(sample.clues)
    return words and bool(reasons) and all(verdict.check in MENDABLE for verdict in reasons)


async def revise(sample: Sample, verdicts: Sequence[Verdict], job: Job, desk: Desk, turn: int) -> Sample | None:
    """The sample mended by what the checks said, or None where the model sees no way.

    Args:
        sample: what `is_mendable` allows.
        verdicts: what the checks said of it.
        job: what it was made for.
        desk: where recipes work.
        turn: number of this revision, from 1.

    Raises:
        ModelError: no usable reply came.
    """
    passage = desk.numbered(desk.corpus.clue(sample.clues[0]))
    defects = [f"{verdict.check}: {_said(verdict)}" for verdict in verdicts if not verdict.passed]
    given = [n for n, unit in enumerate(passage.units, 1) if unit.id in sample.clues]
    vague = any(not verdict.passed and verdict.check in SEARCHED for verdict in verdicts)
    values = {"question": sample.question, "answer": sample.answer, "defects": defects, "given": given, "vague": vague}
    seed = desk.seed(job, 1000 + turn)
    found = await desk.ask(REVISE, sample.language, seed, values, passage, revision_over(len(passage.units)))
    same = (found.question, found.answer) == (sample.question, sample.answer)
    if not found.possible or not found.sentences or same:
        return None
    params = {key: value for key, value in sample.recipe.params.items() if key not in job.params}
    content = Content(
        kind=sample.kind,
        language=sample.language,
        messages=(Message("user", found.question), Message("assistant", found.answer)),
        clues=passage.cited(found.sentences),
        params={**params, "revision": turn},
        parent=sample.id,
    )
    return desk.sample(job, content)


def _said(verdict: Verdict) -> str:
    """What the check says is wrong, in one line; of the judges' votes only what they complain about."""
    reason = complaints(verdict.reason) if verdict.check == "judge" else verdict.reason
    return " ".join(reason.split())
