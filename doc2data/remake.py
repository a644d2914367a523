"""Asking a recipe again: another sample from the same clues, with another seed, in the place of one that does not do.

What comes goes through the same checks as in a run, and a person can take it back like any edit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from doc2data import pipeline, recipes, review
from doc2data.curate import read_references
from doc2data.errors import UsageError
from doc2data.project import Project
from doc2data.recipes.base import Desk, Job
from doc2data.recipes.corpus import Corpus
from doc2data.records import Judged, Sample
from doc2data.settings import Settings, override
from doc2data.stages.checking import context
from doc2data.stages.gate import Gate, Outcome, Planned
from doc2data.stages.making import run_job
from doc2data.stages.settling import Bench
from doc2data.stages.workshop import Workshop, open_cached, open_judges
from doc2data.store import Store

TAKE = "take"
"""The parameter that says how often the recipe was asked again."""


class Remaker:
    """Makes samples again. Use it, and close it, in the thread of its store; the model stays open in between."""

    def __init__(self, project: Project, settings: Settings, store: Store) -> None:
        """Open the models that the settings name.

        Raises:
            ModelError: one cannot be opened.
        """
        self._settings = settings
        # One loop for all questions: a server's connections belong to the loop that opened them.
        self._loop, self._stack = asyncio.Runner(), AsyncExitStack()
        engine = open_cached(settings.model, store)
        if engine is not None:
            self._stack.push_async_callback(engine.close)
        judges = self._loop.run(open_judges(settings, store, engine, self._stack))
        self._shop = Workshop(project, settings, store, engine, judges)
        self._corpus = Corpus(store, settings.generate.language)
        references = read_references([project.folder / path for path in settings.checks.evaluation])
        self._bench = Bench(self._shop, self._desk(settings), references)
        self._opened = False
        self.closed = False

    def close(self) -> None:
        """Free the models."""
        self._loop.run(self._stack.aclose())
        self._loop.close()
        self.closed = True

    def __call__(self, id: str) -> Judged:
        """Put the best new candidate in the place of sample `id`.

        Raises:
            UsageError: there is no such sample, today's plan has no job for it, or the recipe says the same again.
            ModelError: no usable reply came.
        """
        old = review.find(self._shop.store, id).sample
        take = int(old.recipe.params.get(TAKE, 0)) + 1
        desk = self._desk(override(self._settings, {"generate.seed": self._settings.generate.seed + take}))
        planned = self._planned(old)
        outcome = self._loop.run(self._judged(planned, desk))
        if not self._opened:
            self._bench.open()
            self._opened = True
        candidates = self._bench.again(replace(outcome, made=_numbered(outcome.made, take, old)), old)
        if not candidates:
            raise UsageError(
                "The recipe has nothing else to say about this clue.",
                "Rules write the same again: edit the sample, or choose a model on Models."
                if self._shop.engine is None
                else "Ask once more, edit the sample, or reject it.",
            )
        best = max(candidates, key=lambda item: (item.status == "accepted", item.score))
        return review.put_in_place(self._shop.store, id, best)

    def _desk(self, settings: Settings) -> Desk:
        shop = self._shop
        return pipeline.desk(replace(shop, settings=settings), self._corpus)

    async def _judged(self, planned: Planned, desk: Desk) -> Outcome:
        made = await run_job(planned, recipes.load(planned.job.recipe), desk)
        [outcome] = await Gate(context(self._shop, self._corpus), desk).judge([made])
        if outcome.error is not None:
            raise outcome.error
        return outcome

    def _planned(self, old: Sample) -> Planned:
        """The job that made the sample; where model or prompts are others by now, one of the recipe on its clues."""
        if old.recipe.name not in recipes.RECIPES:
            raise UsageError(f"This sample was not made by a recipe ({old.recipe.name}).", "Edit it, or reject it.")
        row = self._shop.store.samples.job_of(old.id)
        desk, kin = self._desk(self._settings), None
        for job in recipes.load(old.recipe.name).plan(desk):
            if desk.job_id(job) == row.id:
                return Planned(row.id, row.position, job)
            if kin is None and _same_ground(job, old):
                kin = job
        if kin is None:
            raise UsageError(
                "Today's plan has no job for this sample: its document or the settings have changed.",
                "Run again for new samples; edit or reject this one.",
            )
        return Planned(row.id, row.position, kin)


def _same_ground(job: Job, sample: Sample) -> bool:
    return bool(job.clues) and set(job.clues) <= set(sample.clues)


def _numbered(made: Sequence[Sample | Judged], take: int, old: Sample) -> list[Sample | Judged]:
    """What was made, saying which take it is and whose place it takes."""
    return [
        Judged(_take(item.sample, take, old), item.verdicts) if isinstance(item, Judged) else _take(item, take, old)
        for item in made
    ]


def _take(sample: Sample, take: int, old: Sample) -> Sample:
    params = {**sample.recipe.params, TAKE: take}
    return replace(sample, recipe=replace(sample.recipe, params=params), parent=sample.parent or old.id)
