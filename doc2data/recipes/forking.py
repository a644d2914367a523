"""Comparisons and intersections by rule: what can be claimed of things, and the question that two claims make.

A comparison names two things, or means each by what another chunk says of it. An intersection asks for the one thing
that has two properties, each of which others have too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from doc2data.graph import Claim, Fork, Quantity, apart, comparisons, intersections, key
from doc2data.graph.quantities import read
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.figures import is_compared
from doc2data.recipes.hops import HEAD, Wording, identified, wording
from doc2data.recipes.necessity import vague
from doc2data.recipes.problems import TIMES, attribute_of, is_time, shown
from doc2data.records import Clue, content_id
from doc2data.tasks.joins.chinese import ranking as chinese
from doc2data.tasks.joins.english import ranking as english

PER_THING = 2
MOST_WORDS_OF_VALUE = 4
MOST_OPENINGS = 3
"""Ways to mean a thing that are tried for a comparison."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A fork as a question, with what each hop stands on."""

    kind: str
    question: str
    answer: str
    steps: tuple[tuple[str, tuple[Clue, ...]], ...]
    """One per hop: what it contributes, and its clues."""

    @property
    def name(self) -> str:
        """Tells forks apart, whatever order they were found in."""
        return content_id("fork", self.kind, self.question, [clue.id for clue in self.clues])

    @property
    def clues(self) -> tuple[Clue, ...]:
        """All clues in the order of the hops."""
        return tuple(dict.fromkeys(clue for _, clues in self.steps for clue in clues))

    @property
    def is_apart(self) -> bool:
        """Whether no hop shares a chunk with another."""
        chunks = [{clue.chunk for clue in clues} for _, clues in self.steps]
        return sum(map(len, chunks)) == len(set[str]().union(*chunks))


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a claim of a comparison says."""

    attribute: str
    shown: str
    quantity: Quantity
    is_time: bool


@lru_cache(maxsize=4)
def planned(atlas: Atlas, language: str, seed: int) -> Mapping[str, Forked]:
    """All forks of a corpus that can be put into words, by name."""
    found = _Forks(atlas, language, seed)
    return {forked.name: forked for forked in (*found.comparisons(), *found.intersections()) if forked.is_apart}


class _Forks:
    """Finds and words the forks of a corpus in a language."""

    def __init__(self, atlas: Atlas, language: str, seed: int) -> None:
        self._atlas = atlas
        self._language = language
        self._seed = seed
        self._wording: Wording = wording(atlas, language)
        self._voice = chinese if language == CHINESE else english
        self._measures: dict[Claim, _Measure] = dict(self._measured())
        self._properties: dict[Claim, str] = dict(self._owned())

    def comparisons(self) -> Iterator[Forked]:
        """Which of two things has more: named where two chunks tell of them, meant by description where one does."""
        forks = [f for f in comparisons(self._measures, self._seed) if self._can_be_decided(f)]
        direct = (fork for fork in forks if fork.is_apart and self._are_kin(fork))
        yield from map(self._direct, apart(list(direct), PER_THING))
        described = (made for fork in forks if (made := self._described(fork)) is not None)
        yield from (made for _, made in _spread(described))

    def intersections(self) -> Iterator[Forked]:
        """Which thing has two properties that one chunk each tells of it."""
        yield from map(self._crossed, apart(intersections(self._properties, self._seed), PER_THING))

    def _claimable(self) -> Iterator[tuple[Clue, str]]:
        for entity, clues in self._atlas.graph.naming.items():
            for clue in (self._atlas.graph.clues[id] for id in clues if id not in self._atlas.barred):
                if self._atlas.corpus.language_of(clue) == self._language and self._name(entity):
                    yield clue, entity

    def _measured(self) -> Iterator[tuple[Claim, _Measure]]:
        for clue, entity in self._claimable():
            for fact in self._atlas.facts_about.get((clue.id, entity), ()):
                attribute, quantity = attribute_of(fact, self._language), fact.quantity
                if attribute and quantity and quantity.unit and not fact.condition and is_compared(fact.attribute):
                    topic = f"{key(attribute)} {quantity.unit}"
                    yield Claim(clue, entity, topic), _Measure(attribute, shown(fact), quantity, is_time(fact))
            for asked in self._wording.asked(clue, entity) if not clue.cells else ():
                value = asked.answer.rstrip(".。").rpartition("是" if self._language == CHINESE else " is ")[2]
                found = read(value)
                if asked.attribute and found and found.unit and is_compared(asked.attribute):
                    told = _Measure(asked.attribute, value, found, found.unit in TIMES)
                    yield Claim(clue, entity, f"{key(asked.attribute)} {found.unit}"), told

    def _owned(self) -> Iterator[tuple[Claim, str]]:
        for clue, entity in self._claimable():
            for fact in self._atlas.facts_about.get((clue.id, entity), ()):
                attribute = attribute_of(fact, self._language)
                if attribute and not fact.condition and len(fact.value.split()) <= MOST_WORDS_OF_VALUE:
                    said = self._voice.having(attribute, shown(fact))
                    yield Claim(clue, entity, said), said
            for told in self._wording.told(clue, entity):
                said = self._voice.clause_of(told, HEAD)
                if said:
                    yield Claim(clue, entity, said), said

    def _can_be_decided(self, fork: Fork) -> bool:
        one, other = (self._measures[claim].quantity for claim in fork.claims)
        return bool(one.number != other.number)

    def _are_kin(self, fork: Fork) -> bool:
        """Whether it is natural to set the two things side by side: a common noun stands for both."""
        one, other = (set(self._atlas.thing(entity, self._language).heads) for entity in fork.entities)
        return bool(one & other)

    def _direct(self, fork: Fork) -> Forked:
        names = [self._name(claim.entity) for claim in fork.claims]
        measure = self._measures[fork.claims[0]]
        question = self._voice.compared(measure.attribute, (names[0], names[1]), is_time=measure.is_time)
        readings = [(self._reading(claim), (claim.clue,)) for claim in fork.claims]
        return Forked(fork.kind, question, self._decided(fork), tuple(readings))

    def _described(self, fork: Fork) -> Forked | None:
        """The comparison with both things meant by what other chunks say; None where that gives nothing."""
        if self._is_foregone(fork):
            return None
        rows = tuple(dict.fromkeys(claim.clue for claim in fork.claims))
        measure = self._measures[fork.claims[0]]
        for text, clue in self._openings(fork.claims[0], rows):
            for other, second in self._openings(fork.claims[1], rows):
                if clue.chunk == second.chunk or text == other:
                    continue
                ways = ((text, clue, fork.entities[0], second), (other, second, fork.entities[1], clue))
                if any(vague(said, its, entity, (rest, *rows), self._atlas) for said, its, entity, rest in ways):
                    continue
                question = self._voice.compared(measure.attribute, (text, other), is_time=measure.is_time)
                told = [(identified(t, self._name(e), self._language), (c,)) for t, c, e, _ in ways]
                readings = "".join(self._reading(claim) for claim in fork.claims)
                if self._language != CHINESE:
                    readings = " ".join(self._reading(claim) for claim in fork.claims)
                return Forked(fork.kind, question, self._decided(fork), (*told, (readings, rows)))
        return None

    def _is_foregone(self, fork: Fork) -> bool:
        """Whether one side has the most of all, so that nobody needs to know what the other is."""
        most = max(self._measures[claim].quantity.number for claim in fork.claims)
        topic = fork.claims[0].topic
        return not any(m.quantity.number > most for claim, m in self._measures.items() if claim.topic == topic)

    def _openings(self, claim: Claim, rows: tuple[Clue, ...]) -> list[tuple[str, Clue]]:
        """Ways to mean the claim's thing by one clue that stands in no chunk of the rows."""
        taken = {row.chunk for row in rows}
        found = [
            (text, clue)
            for clue in (self._atlas.graph.clues[id] for id in self._atlas.graph.naming[claim.entity])
            if clue.chunk not in taken and clue.id not in self._atlas.barred
            for text, more in self._wording.openings(clue, claim.entity)
            if not more
        ]
        ordered = sorted(found, key=lambda pair: content_id("opening", self._seed, pair[0], pair[1].id))
        return list(islice(ordered, MOST_OPENINGS))

    def _crossed(self, fork: Fork) -> Forked:
        entity = fork.claims[0].entity
        head = self._common_head(fork)
        one, other = (self._properties[claim] for claim in fork.claims)
        name = self._name(entity)
        told = [
            (self._voice.is_one_of(name, said, head), (claim.clue,))
            for said, claim in zip((one, other), fork.claims, strict=True)
        ]
        question, answer = self._voice.crossed(head, (one, other)), self._voice.met(head, (one, other), name)
        return Forked(fork.kind, question, answer, tuple(told))

    def _common_head(self, fork: Fork) -> str:
        """A noun that stands for everything that has either property, so that it gives nothing away."""
        topics = {claim.topic for claim in fork.claims}
        holders = {claim.entity for claim in self._properties if claim.topic in topics}
        heads = [self._atlas.thing(entity, self._language).heads for entity in sorted(holders)]
        own = self._atlas.thing(fork.claims[0].entity, self._language).heads
        return next((head for head in own if all(head in others for others in heads)), self._voice.ANYTHING)

    def _reading(self, claim: Claim) -> str:
        measure = self._measures[claim]
        told: str = self._voice.reading(measure.attribute, self._name(claim.entity), measure.shown)
        return told

    def _decided(self, fork: Fork) -> str:
        more, less = sorted(fork.claims, key=lambda claim: -self._measures[claim].quantity.number)
        one, two = self._measures[more], self._measures[less]
        names = self._name(more.entity), self._name(less.entity)
        told: str = self._voice.decided(one.attribute, names, (one.shown, two.shown), is_time=one.is_time)
        return told

    def _name(self, entity: str) -> str:
        return self._atlas.thing(entity, self._language).name


def _spread(found: Iterator[Forked]) -> Iterator[tuple[str, Forked]]:
    """The first comparisons of each description, so that none is heard again and again."""
    seen: dict[str, int] = {}
    for made in found:
        ways = [text for text, _ in made.steps[:2]]
        if all(seen.get(text, 0) < PER_THING for text in ways):
            seen |= {text: seen.get(text, 0) + 1 for text in ways}
            yield made.name, made
