"""plan -> run recipes -> judge (stages/gate.py) -> settle -> store: from clues to samples, chunk by chunk.

All jobs of a chunk run together, so that they share its prompt prefix. Groups are finished in plan order, whatever
order the model answers in, so near-duplicates are settled alike in every run. A group's jobs, samples and verdicts
are one transaction.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from doc2data import recipes
from doc2data.clues.coverage import Coverage
from doc2data.curate import Contamination, DuplicateFilter, EvaluationTexts, LengthBalance, Pool, Reference
from doc2data.events import Event, JobFailed, SampleJudged, StageStarted, Warned
from doc2data.progress import Meter, breathe
from doc2data.recipes.base import Desk, Job, Recipe
from doc2data.records import NOVELTY, QUOTA, TEXT_TASKS, Judged, Sample, Verdict, content_id, wording
from doc2data.stages.anchoring import anchor
from doc2data.stages.checking import context
from doc2data.stages.gate import Gate, Outcome, Planned
from doc2data.stages.quotas import Quotas
from doc2data.stages.workshop import Workshop
from doc2data.store import JobRow, Store
from models import EngineLost, ModelError

DUPLICATE = "duplicate"
CONTAMINATION = "contamination"
TWIN = "Asks what sample {} asks."
BALANCE = "balance"
EXCERPT = 80
"""Characters of an evaluation text that a verdict shows."""


@dataclass(slots=True)
class Tally:
    """What this run made itself, to be held against what the store says."""

    made: Counter[str] = field(default_factory=Counter)
    """accepted, rejected, failed."""
    planned: int = 0


def plan(desk: Desk, names: Sequence[str]) -> list[list[Planned]]:
    """All jobs of the named recipes, a group per chunk, in an order that visits the whole corpus evenly.

    The order comes from the seed and the chunks alone, so it does not depend on the order of adding documents.
    """
    seed = desk.settings.generate.seed
    groups: dict[str, list[Planned]] = {}
    for name in names:
        info, rank = recipes.RECIPES[name], recipes.chosen(desk.settings.generate).index(name)
        stage = f"r{info.round}/" if info.round else ""  # sorts behind the hexadecimal places of the first round
        for n, job in enumerate(recipes.load(name).plan(desk)):
            breathe()
            position = f"{stage}{content_id('order', seed, job.chunk)}/{rank:02}/{n:08}"
            groups.setdefault(job.chunk, []).append(Planned(desk.job_id(job), position, job))
    return sorted(groups.values(), key=lambda group: group[0].position)


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
    groups = plan(desk, names)
    planned = {p.id for group in groups for p in group}
    tally.planned += len(planned)
    meter.expect(len(planned))
    yield StageStarted("make", meter.total)
    found = {p.job.recipe for group in groups for p in group}
    for name in names:
        if name not in found and recipes.RECIPES[name].without:
            yield Warned(f"Nothing to make by {name!r}: {recipes.RECIPES[name].without}")
    _tidy(shop.store, names, groups)
    done = shop.store.samples.done()
    open_groups = [[p for p in group if p.id not in done] for group in groups]
    yield meter.advance(len(planned) - sum(map(len, open_groups)), measured=False)
    bench.open()
    gate = Gate(context(shop, desk.corpus), desk)
    async with aclosing(_outcomes([group for group in open_groups if group], desk, gate)) as finished:
        async for outcomes in finished:
            if bench.full():
                return
            for event in bench.finish(outcomes, tally):
                yield event
            yield meter.advance(len(outcomes), tokens=shop.tokens)


def twin_of(reason: str) -> str:
    """The id of the sample that a verdict on a duplicate names."""
    before, _, after = TWIN.partition("{}")
    return reason.removeprefix(before).removesuffix(after)


def _tidy(store: Store, names: Sequence[str], groups: Sequence[Sequence[Planned]]) -> None:
    """Leave of what earlier runs of these recipes did what the plan holds, in its order, and what a person decided."""
    planned = {p.id: (p.position, p.job.chunk) for group in groups for p in group}
    with store.transaction():
        store.samples.keep_only(names, planned.keys())
        store.samples.put_in_order(planned)
        store.samples.forget_widowed(names)


class Bench:
    """Where judged groups are settled and stored, one after the other."""

    def __init__(self, shop: Workshop, desk: Desk, evaluation: Sequence[Reference], share: float = 1.0) -> None:
        """`share` of the samples asked for may be accepted when this round ends, so that later ones have room."""
        self._shop = shop
        self._most = math.ceil(desk.settings.generate.limit * share)
        self._generate = desk.settings.generate
        self._settings = desk.settings
        self._filters: dict[str, DuplicateFilter] = {}
        self._evaluation = EvaluationTexts(evaluation, desk.settings.checks, shop.embed) if evaluation else None
        self._balance = LengthBalance(desk.settings.prefer.balance)
        names = {id: row.name for id, row in desk.corpus.documents.items()}
        self._coverage = Coverage(desk.corpus.clues(), names)
        self._quotas = Quotas(desk)
        self._accepted = 0
        self._decided: dict[str, str] = {}
        self._pool = _pool(desk)

    def open(self) -> None:
        """Look at what earlier runs and rounds accepted, and a person decided on."""
        self._reject_contaminated()
        decisions = self._shop.store.samples.decisions()
        self._decided = {words: judged.sample.id for judged in decisions for words in _said(judged)}
        for judged in self._shop.store.samples.judged("accepted"):
            self._remember(judged.sample)
            self._quotas.count(judged.sample)

    def full(self) -> bool:
        """Whether as many samples were accepted as were asked for."""
        return 0 < self._most <= self._accepted

    def finish(self, outcomes: Sequence[Outcome], tally: Tally) -> Iterator[Event]:
        """Settle and store one group."""
        made = [(o.planned, judged) for o in outcomes for judged in o.made if isinstance(judged, Judged)]
        settled = self._settle(self._decontaminated(made))
        with self._shop.store.transaction():
            for outcome in outcomes:
                self._shop.store.samples.put_job(_row(outcome), settled.get(outcome.planned.id, []))
            self._shop.store.retired.forget_returned()
        for outcome in outcomes:
            if outcome.error is not None:
                tally.made["failed"] += 1
                yield JobFailed(outcome.planned.job.recipe, outcome.error.message, outcome.error.hint)
            for judged in settled.get(outcome.planned.id, []):
                tally.made[judged.status] += 1
                yield SampleJudged(judged)

    def again(self, outcome: Outcome, old: Sample) -> list[Judged]:
        """What was made and judged to stand in a sample's place, settled; what says the same as it is left out."""
        made = [(outcome.planned, item) for item in outcome.made if isinstance(item, Judged)]
        found = [item for _, item in self._decontaminated(made) if item.sample.messages != old.messages]
        return [self._beside(item, old) if item.status == "accepted" else item for item in found]

    def _beside(self, judged: Judged, old: Sample) -> Judged:
        pair = judged.sample.rejected is not None
        twin = None if pair else self._decided.get(wording(judged.sample.messages))
        twin = twin if twin or pair else self._asked(judged.sample).seen(judged.sample)
        if twin in (None, old.id):
            return _with(judged, Verdict(DUPLICATE, passed=True, score=1.0, reason="No other sample asks this."))
        return _with(judged, Verdict(DUPLICATE, passed=False, score=0.0, reason=TWIN.format(twin)))

    def _decontaminated(self, judged: list[tuple[Planned, Judged]]) -> list[tuple[Planned, Judged]]:
        """Those that passed so far with a verdict on whether an evaluation text holds them, where there are such."""
        if self._evaluation is None:
            return judged
        passed = [item for _, item in judged if item.status == "accepted"]
        found = self._evaluation.find([item.sample for item in passed])
        told = {item.sample.id: _with(item, contamination(found.get(item.sample.id))) for item in passed}
        return [(planned, told.get(item.sample.id, item)) for planned, item in judged]

    def _reject_contaminated(self) -> None:
        """Turn down what earlier runs accepted and an evaluation text holds: the files may be new."""
        if self._evaluation is None:
            return
        accepted = {judged.sample.id: judged for judged in self._shop.store.samples.judged("accepted")}
        found = self._evaluation.find([judged.sample for judged in accepted.values()])
        with self._shop.store.transaction():
            for id, match in found.items():
                others = tuple(verdict for verdict in accepted[id].verdicts if verdict.check != CONTAMINATION)
                rejected = Judged(accepted[id].sample, (*others, contamination(match)))
                self._shop.store.samples.replace(id, rejected)

    def _settle(self, judged: list[tuple[Planned, Judged]]) -> dict[str, list[Judged]]:
        """Keep the best of those that passed, as many as the settings allow, none of them twice."""
        settled: dict[str, list[Judged]] = {}
        kept: Counter[str] = Counter()
        self._prepare([item.sample for _, item in judged if item.status == "accepted"])
        for planned, item in self._wanted_first(_ranked(judged)):
            final = item
            if item.status == "accepted":
                final = self._admit(planned, item, kept)
            settled.setdefault(planned.id, []).append(final)
        return settled

    def _wanted_first(self, ranked: list[tuple[Planned, Judged]]) -> Iterator[tuple[Planned, Judged]]:
        """In their order, but what covers a fact that the target still misses before what does not."""
        later = []
        for pair in ranked:
            if self._is_wanted(pair[1].sample):
                yield pair
            else:
                later.append(pair)
        yield from later

    def _is_wanted(self, sample: Sample) -> bool:
        """Whether a sample covers a new fact of a chunk of which less is covered than was asked for."""
        target = self._generate.coverage
        gains = self._coverage.gains(sample) if target else ()
        return any(self._coverage.of_chunk(clue.chunk).part < target for clue in gains)

    def _admit(self, planned: Planned, judged: Judged, kept: Counter[str]) -> Judged:
        judged = self._balanced(judged) if judged.sample.rejected is not None else self._asked_once(judged)
        if judged.status == "rejected":
            return judged
        turn = _turn(planned, judged)
        reason = self._surplus(planned.job.chunk, judged.sample, kept[turn])
        if reason:
            return _with(judged, Verdict(QUOTA, passed=False, score=0.0, reason=reason))
        kept[turn] += 1
        self._quotas.take(planned.job.chunk)
        self._remember(judged.sample)
        return judged

    def _asked_once(self, judged: Judged) -> Judged:
        twin = self._decided.get(wording(judged.sample.messages)) or self._asked(judged.sample).seen(judged.sample)
        if twin is not None:
            return _with(judged, Verdict(DUPLICATE, passed=False, score=0.0, reason=TWIN.format(twin)))
        near = self._pool.near(judged.sample.question) if _must_be_new(judged.sample) else None
        if near is not None:
            reason = f"Says in nearly the same words what another question says: {near!r}."
            return _with(judged, Verdict(NOVELTY, passed=False, score=0.0, reason=reason))
        return _with(judged, Verdict(DUPLICATE, passed=True, score=1.0, reason="No other sample asks this."))

    def _balanced(self, judged: Judged) -> Judged:
        """A pair asks what its parent asks, by intention; what it must not do is teach that longer is better."""
        if self._balance.admits(judged.sample):
            return _with(
                judged, Verdict(BALANCE, passed=True, score=1.0, reason="Length tells nothing of what is chosen.")
            )
        reason = "With it the chosen answers would be longer, or shorter, than the rejected ones by the mean."
        return _with(judged, Verdict(BALANCE, passed=False, score=0.0, reason=reason))

    def _prepare(self, samples: Sequence[Sample]) -> None:
        """Encode what samples ask, together instead of one by one."""
        groups: dict[DuplicateFilter, list[Sample]] = {}
        for sample in samples:
            groups.setdefault(self._asked(sample), []).append(sample)
        for found, members in groups.items():
            found.prepare(members)

    def _asked(self, sample: Sample) -> DuplicateFilter:
        """What was asked so far; of one text another thing may be asked, so each form of a text task has its own."""
        form = f"{sample.kind} {sample.recipe.params.get('form')}" if sample.kind in TEXT_TASKS else ""
        if form not in self._filters:
            self._filters[form] = DuplicateFilter(self._shop.embedder.encode, self._settings.checks)
        return self._filters[form]

    def _remember(self, sample: Sample) -> None:
        self._accepted += 1
        self._coverage.add(sample)
        if sample.rejected is None:
            self._asked(sample).add(sample)
            self._pool.add(sample.question)
        else:
            self._balance.add(sample)

    def _surplus(self, chunk: str, sample: Sample, kept: int) -> str:
        """Why a good sample is one more than was asked for; empty where it is not."""
        if self.full():
            return f"As many samples as asked for were kept already ({self._generate.limit} in all)."
        if self._quotas.is_full(chunk):
            return f"As many samples as asked for were kept already ({self._generate.per_page:g} per page)."
        if kept >= self._generate.per_chunk and not self._is_wanted(sample):
            return f"As many samples as asked for were kept already ({self._generate.per_chunk} per chunk)."
        return ""


def _pool(desk: Desk) -> Pool:
    """The pool that questions of self-instruct must be unlike; it begins with the person's own pairs."""
    pool = Pool(desk.settings.grow.novelty)
    for example in desk.examples:
        pool.add(example.question)
    return pool


def _must_be_new(sample: Sample) -> bool:
    return recipes.RECIPES[sample.recipe.name].novel if sample.recipe.name in recipes.RECIPES else False


def _turn(planned: Planned, judged: Judged) -> str:
    """What the quota of a chunk counts apart: each recipe, and each sample where settings say how many grow of one."""
    name = planned.job.recipe
    return f"{name} {judged.sample.id}" if recipes.RECIPES[name].per_parent else name


def _ranked(judged: list[tuple[Planned, Judged]]) -> list[tuple[Planned, Judged]]:
    """Best first, but the second question on the same clues after the first ones on others."""
    best = sorted(judged, key=lambda pair: (-_merit(pair[1]), pair[0].position, pair[1].sample.id))
    seen: Counter[tuple[str, ...]] = Counter()
    turns = []
    for pair in best:
        turns.append((seen[pair[1].sample.clues], pair))
        seen[pair[1].sample.clues] += 1
    return [pair for _, pair in sorted(turns, key=lambda turn: turn[0])]


def _said(judged: Judged) -> Iterator[str]:
    """The words that a person decided on; of an edited sample also those that were edited away."""
    if judged.sample.rejected is None:
        yield wording(judged.sample.messages)
    if "original" in judged.sample.recipe.params:
        yield judged.sample.recipe.params["original"]


def _merit(judged: Judged) -> float:
    return judged.score * float(judged.sample.recipe.params.get("confidence", 1.0))


def _with(judged: Judged, verdict: Verdict) -> Judged:
    return Judged(judged.sample, (*judged.verdicts, verdict))


def contamination(match: Contamination | None) -> Verdict:
    """The verdict on a sample that an evaluation text holds, or on one that none does."""
    if match is None:
        return Verdict(CONTAMINATION, passed=True, score=1.0, reason="No evaluation file holds this.")
    place, excerpt = match.reference, " ".join(match.excerpt.split())[:EXCERPT]
    reason = f"{place.file}, row {place.row}, holds this ({match.sign}): {excerpt!r}."
    return Verdict(CONTAMINATION, passed=False, score=0.0, reason=reason)


def _row(outcome: Outcome) -> JobRow:
    planned = outcome.planned
    state, reason = ("done", "") if outcome.error is None else ("failed", outcome.error.message)
    return JobRow(planned.id, planned.position, planned.job.recipe, planned.job.chunk, state, reason)


async def _outcomes(groups: Sequence[list[Planned]], desk: Desk, gate: Gate) -> AsyncGenerator[list[Outcome]]:
    """Finished groups in plan order; enough of them run at once to keep the model's batch full."""
    loaded: dict[str, Recipe] = {name: recipes.load(name) for name in recipes.chosen(desk.settings.generate)}
    width = desk.settings.model.concurrency if desk.engine is not None else 1
    waiting = deque(groups)
    running: deque[asyncio.Task[list[Outcome]]] = deque()
    jobs_running: deque[int] = deque()
    try:
        while waiting or running:
            while waiting and (not running or sum(jobs_running) + len(waiting[0]) <= width):
                group = waiting.popleft()
                jobs_running.append(len(group))
                running.append(asyncio.create_task(_group(group, loaded, desk, gate)))
            yield await running[0]
            running.popleft()
            jobs_running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _group(group: Sequence[Planned], loaded: dict[str, Recipe], desk: Desk, gate: Gate) -> list[Outcome]:
    return await gate.judge(
        await asyncio.gather(*(run_job(planned, loaded[planned.job.recipe], desk) for planned in group))
    )


async def run_job(planned: Planned, recipe: Recipe, desk: Desk) -> Outcome:
    """Let a recipe do one job, as often as the settings ask for drafts; what a model failed to do is an error.

    What grows from other samples is drafted once: its recipe tries and drops on its own.

    Raises:
        EngineLost: the model is gone.
    """
    first = recipes.RECIPES[planned.job.recipe].round == 0
    drafts = desk.settings.generate.candidates if desk.engine is not None and first else 1
    try:
        made = await asyncio.gather(*(recipe.run(_draft(planned.job, n), desk) for n in range(drafts)))
        return Outcome(planned, [one for of_draft in made for one in of_draft])
    except EngineLost:
        raise
    except ModelError as error:
        return Outcome(planned, error=error)


def _draft(job: Job, number: int) -> Job:
    """The job for its n-th draft, which is drawn with seeds of its own."""
    return replace(job, params={**job.params, "draft": number}) if number else job
