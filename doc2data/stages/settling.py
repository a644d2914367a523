"""settle -> store: of a group's judged samples the best are kept, none of them twice, and stored in one transaction."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from doc2data import recipes
from doc2data.clues.coverage import Coverage
from doc2data.curate import Contamination, DuplicateFilter, EvaluationTexts, LengthBalance, Pool, Reference
from doc2data.events import Event, JobFailed, SampleJudged
from doc2data.recipes.base import Desk
from doc2data.records import NOVELTY, QUOTA, TEXT_TASKS, WAY_OF, Judged, Sample, Verdict, wording
from doc2data.stages.gate import Outcome, Planned
from doc2data.stages.quotas import Quotas
from doc2data.stages.workshop import Workshop
from doc2data.store import JobRow

DUPLICATE = "duplicate"
CONTAMINATION = "contamination"
TWIN = "Asks what sample {} asks."
BALANCE = "balance"
TOGETHER = 1000
"""Samples that are held against the evaluation texts together."""
EXCERPT = 80
"""Characters of an evaluation text that a verdict shows."""


@dataclass(slots=True)
class Tally:
    """What this run made itself, to be held against what the store says."""

    made: Counter[str] = field(default_factory=Counter)
    """accepted, rejected, failed."""
    planned: int = 0


def twin_of(reason: str) -> str:
    """The id of the sample that a verdict on a duplicate names."""
    before, _, after = TWIN.partition("{}")
    return reason.removeprefix(before).removesuffix(after)


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
        self._coverage = Coverage(desk.corpus.clues() if desk.settings.generate.coverage else (), names)
        self._quotas = Quotas(desk)
        self._accepted = 0
        self._decided: dict[str, str] = {}
        self._ways: dict[tuple[object, ...], str] = {}
        """The samples kept of the group at hand: all ways to ask one question come from one job."""
        self._pool = _pool(desk)
        self._novel = any(recipes.RECIPES[name].novel for name in recipes.chosen(desk.settings.generate))

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
        samples = self._shop.store.samples
        accepted = (judged.sample for judged in samples.judged("accepted"))
        found: dict[str, Contamination] = {}
        while together := list(islice(accepted, TOGETHER)):
            found |= self._evaluation.find(together)
        with self._shop.store.transaction():
            for id, match in found.items():
                judged = samples.get(id)
                assert judged is not None
                others = tuple(verdict for verdict in judged.verdicts if verdict.check != CONTAMINATION)
                samples.replace(id, Judged(judged.sample, (*others, contamination(match))))

    def _settle(self, judged: list[tuple[Planned, Judged]]) -> dict[str, list[Judged]]:
        """Keep the best of those that passed, as many as the settings allow, none of them twice."""
        settled: dict[str, list[Judged]] = {}
        kept: Counter[str] = Counter()
        self._ways.clear()
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
        self._ways.setdefault(_way(judged.sample), judged.sample.id)
        self._remember(judged.sample)
        return judged

    def _asked_once(self, judged: Judged) -> Judged:
        twin = (
            self._decided.get(wording(judged.sample.messages))
            or self._ways.get(_way(judged.sample))
            or self._asked(judged.sample).seen(judged.sample)
        )
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
            if self._novel:
                self._pool.add(sample.question)
        else:
            self._balance.add(sample)

    def _surplus(self, chunk: str, sample: Sample, kept: int) -> str:
        """Why a good sample is one more than was asked for; empty where it is not."""
        if self.full():
            whole = self._generate.limit
            part = (
                f"{self._most} of {whole}, so that later rounds have room" if self._most < whole else f"{whole} in all"
            )
            return f"As many samples as asked for were kept already ({part})."
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


def _way(sample: Sample) -> tuple[object, ...]:
    """What ways to ask one question about the same clues have in common; the sample's own id where it is the only."""
    question = sample.recipe.params.get(WAY_OF)
    return (sample.clues, question) if question else (sample.id,)


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
