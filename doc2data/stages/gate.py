"""check -> ask -> mend -> choose: what a job's candidates go through before they are settled.

Rules and embeddings look at a whole group at once; what they pass, a model looks at sample by sample, where there is
one; what was turned down for a defect of its words may be mended and begins again.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from doc2data.checks import CheckContext, ModelContext, ask_checks, check_batch, model_checks
from doc2data.checks.preference import chosen
from doc2data.recipes.base import Desk, Job
from doc2data.recipes.revising import is_mendable, revise
from doc2data.records import QUOTA, Judged, Sample, Verdict
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.questions import WRITE_ANSWER
from models import EngineLost, ModelError


@dataclass(frozen=True, slots=True)
class Planned:
    """One job with its name and its place in the plan."""

    id: str
    position: str
    job: Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    planned: Planned
    made: Sequence[Sample | Judged] = ()
    error: ModelError | None = None


class Gate:
    """Where candidates are judged."""

    def __init__(self, context: CheckContext, desk: Desk) -> None:
        self._context = context
        self._desk = desk
        settings, panel = desk.settings.checks, desk.panel
        self._asked = model_checks(settings) if panel.judges else []
        self._model = ModelContext(panel, context.search_many, settings, desk.settings.generate.seed)

    async def judge(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes with every candidate judged; a job whose candidates no model could judge has failed.

        Raises:
            EngineLost: the model is gone.
        """
        fresh = [made for outcome in outcomes for made in outcome.made if isinstance(made, Sample)]
        verdicts = dict(zip((s.id for s in fresh), check_batch(fresh, self._context), strict=True))
        return list(await asyncio.gather(*(self._outcome(outcome, verdicts) for outcome in outcomes)))

    async def _outcome(self, outcome: Outcome, verdicts: dict[str, tuple[Verdict, ...]]) -> Outcome:
        given_up = [made for made in outcome.made if isinstance(made, Judged)]
        fresh = [Judged(made, verdicts[made.id]) for made in outcome.made if isinstance(made, Sample)]
        try:
            judged = await asyncio.gather(*(self._followed(one, outcome.planned.job) for one in fresh))
            per_draft = math.ceil(len(outcome.made) / self._desk.settings.generate.candidates)
            best = await self._best([one for versions in judged for one in versions], per_draft)
        except EngineLost:
            raise
        except ModelError as error:
            return replace(outcome, made=(), error=error)
        return replace(outcome, made=(*best, *given_up))

    async def _followed(self, judged: Judged, job: Job) -> list[Judged]:
        """A candidate and its revisions, each judged to the end."""
        versions = [await self._complete(judged)]
        for turn in range(1, self._rounds + 1):
            last = versions[-1]
            if last.status == "accepted" or not is_mendable(last.sample, last.verdicts):
                break
            mended = await revise(last.sample, last.verdicts, job, self._desk, turn)
            if mended is None:
                break
            [found] = check_batch([mended], self._context)
            versions.append(await self._complete(Judged(mended, found)))
        return versions

    @property
    def _rounds(self) -> int:
        return self._desk.settings.checks.revisions if self._desk.engine is not None else 0

    async def _complete(self, judged: Judged) -> Judged:
        """With the verdicts of the model, if there is anything to ask; a parent's own answer was asked about before."""
        own = judged.sample.rejected is not None and judged.sample.recipe.params.get("by") == "corruption"
        if judged.status == "rejected" or not self._asked or own:
            return judged
        found = await ask_checks(chosen(judged.sample), self._model, self._asked)
        return Judged(judged.sample, (*judged.verdicts, *found))

    async def _best(self, judged: list[Judged], per_draft: int) -> list[Judged]:
        """Of a job's drafts the best ones: those that pass, by the judges' score, then by likelihood.

        Rejection sampling, as in Touvron et al., "Llama 2" (2307.09288), with checks in the reward model's place.
        """
        generate = self._desk.settings.generate
        passed = [one for one in judged if one.status == "accepted"]
        most = generate.keep * per_draft
        if self._desk.engine is None or generate.candidates == 1 or len(passed) <= most:
            return judged
        likely = dict(zip((one.sample.id for one in passed), await self._likelihoods(passed), strict=True))
        ranked = sorted(passed, key=lambda one: (-_rated(one), -likely[one.sample.id], -one.score, one.sample.id))
        worse = {one.sample.id for one in ranked[most:]}
        reason = f"Another of {generate.candidates} drafts is better: {ranked[0].sample.id}."
        beaten = Verdict(QUOTA, passed=False, score=0.0, reason=reason)
        return [Judged(j.sample, (*j.verdicts, beaten)) if j.sample.id in worse else j for j in judged]

    async def _likelihoods(self, judged: Sequence[Judged]) -> list[float]:
        """How likely the writer finds each answer on its evidence; equal where its engine cannot tell."""
        asked = (
            self._desk.writer.likelihood(
                WRITE_ANSWER,
                one.sample.language,
                {"question": one.sample.question},
                evidence_text(one.sample.evidence) if one.sample.evidence else None,
                one.sample.answer,
            )
            for one in judged
        )
        try:
            return await asyncio.gather(*asked)
        except EngineLost:
            raise
        except ModelError:
            return [0.0] * len(judged)


def _rated(judged: Judged) -> float:
    """The judges' score; 0 where none was asked."""
    return next((verdict.score for verdict in judged.verdicts if verdict.check == "judge"), 0.0)
