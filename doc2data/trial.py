"""A few samples now, to see what the settings make before a long run: shown, and not kept.

What is read and what the model answers stays in the project, so that the run which follows does not do it again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from doc2data import pipeline, recipes
from doc2data.errors import UsageError
from doc2data.events import Event, SampleJudged
from doc2data.project import Project
from doc2data.recipes.base import Desk
from doc2data.recipes.corpus import Corpus
from doc2data.records import Judged, Sample
from doc2data.settings import Settings
from doc2data.stages.checking import context
from doc2data.stages.gate import Gate, Planned
from doc2data.stages.indexing import index
from doc2data.stages.making import plan, run_job
from doc2data.stages.reading import Source, read
from doc2data.stages.workshop import Workshop, open_workshop

TRIES = 8
"""Jobs tried for each sample that is asked for, at most: not every job yields one that passes."""


async def trial(project: Project, settings: Settings, count: int = 3) -> AsyncGenerator[Event]:
    """Make `count` samples that pass the checks, or as many as the first jobs of the plan yield.

    Where no document has been read yet, the smallest one is.

    Raises:
        UsageError: the project has no documents, or none that can be read.
        ProjectBusy: another process holds the project.
        ModelError: the model cannot be used.
    """
    async with open_workshop(project, settings) as shop:
        for event in _read_one(shop):
            yield event
        corpus = Corpus(shop.store, settings.generate.language)
        if not corpus.documents:
            raise UsageError("There is no document to try on.", "Add one that can be read.")
        for event in index(shop):
            yield event
        async for judged in _samples(pipeline.desk(shop, corpus), shop, count):
            yield SampleJudged(judged)


async def _samples(desk: Desk, shop: Workshop, count: int) -> AsyncIterator[Judged]:
    gate, passed = Gate(context(shop, desk.corpus), desk), 0
    for tried, planned in enumerate(_jobs(desk)):
        if passed >= count or tried >= count * TRIES:
            return
        for judged in await _judged(planned, desk, gate):
            yield judged
            passed += judged.status == "accepted"
            if passed >= count:
                return


async def _judged(planned: Planned, desk: Desk, gate: Gate) -> list[Judged]:
    made = await run_job(planned, recipes.load(planned.job.recipe), desk)
    [outcome] = await gate.judge([replace(made, made=[one for one in made.made if isinstance(one, Sample)])])
    if outcome.error is not None:
        raise outcome.error
    return [made for made in outcome.made if isinstance(made, Judged)]


def _jobs(desk: Desk) -> Iterator[Planned]:
    """One job of each group first, so that the samples come from all over the documents and of every recipe."""
    planned = sorted(plan(desk, desk.settings.generate.recipes), key=lambda planned: planned.position)
    groups = [list(group) for _, group in groupby(planned, key=lambda planned: planned.job.chunk)]
    for turn in range(max(map(len, groups), default=0)):
        yield from (group[turn] for group in groups if turn < len(group))


def _read_one(shop: Workshop) -> Iterator[Event]:
    documents = shop.store.documents
    if any(row.state == "read" for row in documents.rows()):
        return
    sources = [Source(name, Path(path)) for name, path in documents.sources().items()]
    present = [source for source in sources if source.path.is_file()]
    smallest = sorted(present, key=lambda source: source.path.stat().st_size)[:1]
    yield from read(smallest, shop)
