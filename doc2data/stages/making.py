"""plan -> run recipes -> judge (stages/gate.py) -> settle -> store: from clues to samples, chunk by chunk.

All jobs of a chunk run together, so that they share its prompt prefix. Groups are finished in plan order, whatever
order the model answers in, so near-duplicates are settled alike in every run; what passes its checks meanwhile is told
as drafted. A group's jobs, samples and verdicts are one transaction.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from itertools import groupby

from doc2data import recipes
from doc2data.curate import Reference
from doc2data.events import Event, SampleDrafted, StageStarted, Warned
from doc2data.progress import Meter, breathe
from doc2data.recipes.base import Desk, Job, Recipe
from doc2data.records import Judged, content_id
from doc2data.stages.anchoring import anchor
from doc2data.stages.awaiting import loaded, restarts
from doc2data.stages.barren import barren, without_rules
from doc2data.stages.checking import context
from doc2data.stages.gate import Gate, Outcome, Planned
from doc2data.stages.settling import Bench, Tally
from doc2data.stages.workshop import Workshop
from doc2data.store import PlannedRow, Store
from models import EngineLost, ModelError, ModelNotFound


def plan(desk: Desk, names: Sequence[str]) -> Iterator[Planned]:
    """All jobs of the named recipes; by their positions, those of a chunk follow each other.

    The order visits the whole corpus evenly. It comes from the seed and the chunks alone, so it does not depend on
    the order of adding documents.
    """
    seed = desk.settings.generate.seed
    for name in names:
        info, rank = recipes.RECIPES[name], recipes.chosen(desk.settings.generate).index(name)
        stage = f"r{info.round}/" if info.round else ""  # sorts behind the hexadecimal places of the first round
        for n, job in enumerate(recipes.load(name).plan(desk)):
            breathe()
            position = f"{stage}{content_id('order', seed, job.chunk)}/{rank:02}/{n:08}"
            yield Planned(desk.job_id(job), position, job)


async def make(shop: Workshop, desk: Desk, tally: Tally, evaluation: Sequence[Reference] = ()) -> AsyncGenerator[Event]:
    """Do every job of the plan that is not done yet; nothing that an evaluation text holds is accepted.

    Recipes that grow samples from samples come in later rounds, planned when those before them are done.

    Raises:
        EngineLost: the model is gone; what was finished is stored.
    """
    anchor(shop.store)
    meter = Meter("make", 0)
    rounds = recipes.rounds(recipes.chosen(desk.settings.generate))
    for number, names in enumerate(rounds, start=1):
        bench = Bench(shop, desk, evaluation, share=number / len(rounds))
        if number == 1 and (warning := _nothing_to_grow_from(names, shop)):
            yield Warned(warning)
        async with aclosing(_round(names, shop, desk, bench, (tally, meter))) as events:
            async for event in events:
                yield event
        if number == len(rounds) and desk.engine is None and not bench.full():
            for warning in (*without_rules(desk), *barren(desk, shop.store)):
                yield Warned(warning)
    for warning in restarts(shop.writers):
        yield Warned(warning)


def _nothing_to_grow_from(names: Sequence[str], shop: Workshop) -> str:
    """What to tell where the first recipes of a run need accepted samples and there are none; empty elsewhere."""
    if any(recipes.RECIPES[name].round == 0 for name in names) or shop.store.samples.counts()["accepted"]:
        return ""
    return f"There is no accepted sample from which {', '.join(names)} could grow one. Add a recipe, such as qa."


async def _round(
    names: Sequence[str], shop: Workshop, desk: Desk, bench: Bench, counts: tuple[Tally, Meter]
) -> AsyncGenerator[Event]:
    """Plan and do the jobs of one round."""
    tally, meter = counts
    store = shop.store
    store.plan.put(PlannedRow(p.position, p.id, p.job.recipe, p.job.chunk, p.job) for p in plan(desk, names))
    planned = store.plan.count()
    tally.planned += planned
    meter.expect(planned)
    yield StageStarted("make", meter.total)
    found = store.plan.recipes()
    for name in names:
        if name not in found and recipes.RECIPES[name].without:
            yield Warned(f"Nothing to make by {name!r}: {recipes.RECIPES[name].without}")
    with store.transaction():
        store.plan.tidy(names)
        store.samples.forget_widowed(names)
    done = store.plan.done()
    yield meter.advance(done, measured=False)
    bench.open()
    if done < planned and not bench.full():
        async with aclosing(loaded(shop.writers)) as loading:
            async for share in loading:
                yield share
    gate = Gate(context(shop, desk.corpus), desk)
    async with aclosing(_outcomes(_groups(store), desk, gate)) as finished:
        async for news in finished:
            if bench.full():
                return
            if isinstance(news, SampleDrafted):
                yield news
                continue
            for event in bench.finish(news, tally):
                yield event
            yield meter.advance(len(news), tokens=shop.tokens)


def _groups(store: Store) -> Iterator[list[Planned]]:
    """The jobs of the plan that are not done yet, those of a chunk together."""
    for _, rows in groupby(store.plan.open(), key=lambda row: row.chunk):
        yield [Planned(row.id, row.position, row.job) for row in rows]


async def _outcomes(
    groups: Iterator[list[Planned]], desk: Desk, gate: Gate
) -> AsyncGenerator[SampleDrafted | list[Outcome]]:
    """Finished groups in plan order, and before them what is drafted; enough of them run to keep the model busy."""
    loaded: dict[str, Recipe] = {name: recipes.load(name) for name in recipes.chosen(desk.settings.generate)}
    width = desk.settings.model.concurrency if desk.engine is not None else 1
    waiting = next(groups, None)
    running: deque[asyncio.Task[list[Outcome]]] = deque()
    jobs_running: deque[int] = deque()
    news: asyncio.Queue[Judged | None] = asyncio.Queue()
    line = _Line()
    try:
        while waiting or running:
            while waiting and (not running or sum(jobs_running) + len(waiting) <= width):
                jobs_running.append(len(waiting))
                running.append(asyncio.create_task(_group(waiting, loaded, desk, gate, (news, line))))
                running[-1].add_done_callback(lambda _: news.put_nowait(None))
                waiting = next(groups, None)
            told = await news.get()
            if told is not None:
                yield SampleDrafted(told)
            # Drafts are told before their group is.
            while running and running[0].done() and news.empty():
                yield running[0].result()
                running.popleft()
                jobs_running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class _Line:
    """Where jobs wait while the first is done alone: a person sees a sample soon, and the others share its prefix."""

    def __init__(self) -> None:
        self._first: asyncio.Event | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait until the first job is done, or be it."""
        if self._first is not None:
            await self._first.wait()
            yield
            return
        self._first = asyncio.Event()
        try:
            yield
        finally:
            self._first.set()


async def _group(
    group: Sequence[Planned],
    loaded: dict[str, Recipe],
    desk: Desk,
    gate: Gate,
    where: tuple[asyncio.Queue[Judged | None], _Line],
) -> list[Outcome]:
    """Do and judge the jobs of a group: each by itself where a model takes its time, else all together."""
    news, line = where

    async def done(planned: Planned) -> Outcome:
        async with line.turn():
            [outcome] = await gate.judge([await run_job(planned, loaded[planned.job.recipe], desk)])
        for made in outcome.made:
            if isinstance(made, Judged) and made.status == "accepted":
                news.put_nowait(made)
        return outcome

    if desk.engine is not None:
        return list(await asyncio.gather(*map(done, group)))
    return await gate.judge([await run_job(planned, loaded[planned.job.recipe], desk) for planned in group])


async def run_job(planned: Planned, recipe: Recipe, desk: Desk) -> Outcome:
    """Let a recipe do one job, as often as the settings ask for drafts; what a model failed to do is an error.

    What grows from other samples is drafted once: its recipe tries and drops on its own.

    Raises:
        EngineLost, ModelNotFound: there is no model that could be asked.
    """
    first = recipes.RECIPES[planned.job.recipe].round == 0
    drafts = desk.settings.generate.candidates if desk.engine is not None and first else 1
    try:
        made = await asyncio.gather(*(recipe.run(_draft(planned.job, n), desk) for n in range(drafts)))
        return Outcome(planned, [one for of_draft in made for one in of_draft])
    except (EngineLost, ModelNotFound):
        raise
    except ModelError as error:
        return Outcome(planned, error=error)


def _draft(job: Job, number: int) -> Job:
    """The job for its n-th draft, which is drawn with seeds of its own."""
    return replace(job, params={**job.params, "draft": number}) if number else job
