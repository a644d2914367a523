"""Conversations planned over what the documents tell of one thing: openings, follow-ups, doubts, gaps.

Every exchange but the first leans on the one before it: by a pronoun, by "that of", by "the two". Each answer knows
its own clues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from doc2data.graph import Fact
from doc2data.recipes.atlas import Atlas, term_in
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.gaps import Gap, gaps
from doc2data.recipes.hops import Wording, is_name, wording
from doc2data.recipes.problems import TIMES, attribute_of, called, headers_of, shown
from doc2data.records import Clue, content_id
from doc2data.tasks.joins.chinese import talk as chinese
from doc2data.tasks.joins.english import is_person
from doc2data.tasks.joins.english import talk as english
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.rules.english.clause import is_plural

LEAST = 3
LONG = 4
"""A conversation is at least so long where enough is told."""
MOST = 6
SAME = 0.8
"""Share of words from which two answers say the same."""
_OF_TWO = ("ellipsis", "comparison", "false premise", "clarification")
"""Exchanges after which a pronoun could mean either of two things."""
ONE_IN = 3
"""How many conversations there are to each that ends with a question left open."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer."""

    kind: str
    """opening, pronoun, ellipsis, comparison, false premise, clarification or unanswerable."""
    question: str
    answer: str
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation about one thing."""

    entity: str
    language: str
    exchanges: tuple[Exchange, ...]

    @property
    def name(self) -> str:
        """Tells conversations apart, whatever order they were found in."""
        return content_id("talk", self.entity, self.language)

    @property
    def clues(self) -> tuple[Clue, ...]:
        """Every clue once, in the order of the answers."""
        return tuple(dict.fromkeys(clue for exchange in self.exchanges for clue in exchange.clues))


@dataclass(frozen=True, slots=True)
class _Told:
    """Something told of the thing, with the cell where it is one."""

    asked: Asked
    clue: Clue
    fact: Fact | None


@lru_cache(maxsize=4)
def talks(atlas: Atlas, language: str, seed: int) -> tuple[Talk, ...]:
    """A conversation for every thing of which enough is told, in order of the things."""
    open_questions = {gap.entity: gap for gap in gaps(atlas, wording(atlas, language), language, seed)}
    found = (_Planner(atlas, language, seed, e).talk(open_questions.get(e)) for e in atlas.graph.naming)
    return tuple(talk for talk in found if talk is not None)


class _Planner:
    """Plans the conversation about one thing."""

    def __init__(self, atlas: Atlas, language: str, seed: int, entity: str) -> None:
        self._atlas = atlas
        self._language = language
        self._seed = seed
        self._entity = entity
        self._voice = chinese if language == CHINESE else english
        self._name = atlas.thing(entity, language).name

    def talk(self, gap: Gap | None) -> Talk | None:
        """The conversation, or None where too little is told."""
        told = self._told(wording(self._atlas, self._language)) if self._has_name() else []
        if not told:
            return None
        exchanges = [self._opening(told[0]), *self._rest(told)]
        asks_open = int(content_id("open", self._seed, self._entity)[:4], 16) % ONE_IN == 0
        length = LONG + int(content_id("length", self._seed, self._entity)[:4], 16) % (MOST - LONG + 1)
        kept = exchanges[: length - asks_open] if gap is not None else exchanges[:length]
        before = kept[: MOST - 1 - asks_open]
        clarified = self._clarified(before)
        if clarified is not None and len(before) >= LEAST - 1:
            kept = [*before, clarified]
        if gap is not None and asks_open and len(kept) >= LEAST - 1:
            kept = [*kept, self._left_open(gap, kept[-1])]
        return Talk(self._entity, self._language, tuple(kept)) if len(kept) >= LEAST else None

    def _has_name(self) -> bool:
        thing = self._atlas.thing(self._entity, self._language)
        many = self._language != CHINESE and is_plural(thing.name)
        return is_name(thing) and not is_person(thing) and not many  # "it" takes it up

    def _told(self, wording: Wording) -> list[_Told]:
        """What is told of the thing, each once, in an order by the seed; a cell and a sentence in turns."""
        found = [item for clue in self._clues() for item in self._of(clue, wording)]
        found.sort(key=lambda item: content_id(self._seed, item.asked.question, item.clue.id))
        cells = [item for item in found if item.fact is not None]
        cells.sort(key=lambda item: self._neighbour(item.fact) is None)
        others = [item for item in found if item.fact is None]
        kept: list[_Told] = []
        for item in (item for pair in zip_longest(cells, others) for item in pair if item is not None):
            fresh = all(
                share(content(item.asked.answer), content(other.asked.answer)) < SAME
                and item.asked.question != other.asked.question
                for other in kept
            )
            if fresh and (not kept or self._voice.following(item.asked.question)):
                kept.append(item)
        return kept

    def _clues(self) -> Iterator[Clue]:
        for clue in self._atlas.graph.naming[self._entity]:
            if clue not in self._atlas.barred:
                yield self._atlas.graph.clues[clue]

    def _of(self, clue: Clue, wording: Wording) -> Iterator[_Told]:
        facts = self._atlas.facts_about.get((clue.id, self._entity), ())
        for asked in wording.asked(clue, self._entity):
            fact = next((f for f in facts if f.attribute == asked.attribute), None)
            attribute = attribute_of(fact, self._language) if fact is not None else ""
            plain = self._voice.asked_for(attribute)[0] if attribute else asked.question
            yield _Told(replace(asked, question=plain), clue, fact if attribute else None)

    def _opening(self, told: _Told) -> Exchange:
        question = self._voice.question(told.asked.question, self._name)
        return Exchange("opening", question, told.asked.answer, self._evidence(told))

    def _rest(self, told: Sequence[_Told]) -> Iterator[Exchange]:
        """Follow-ups: of a cell its neighbour and their comparison, then what else is told, then a doubt."""
        neighbour = self._neighbour(told[0].fact)
        if neighbour is not None and told[0].fact is not None:
            yield from self._beside(told[0].fact, neighbour)
        doubted = next((item.fact for item in told[1:] if self._neighbour(item.fact) is not None), None)
        doubt = self._doubt(doubted) if doubted is not None else None
        rest = [item for item in told[1:] if doubted is None or item.fact is not doubted]
        asked = [self._followed(item) for item in rest]
        if neighbour is not None and asked:
            asked[0] = self._named_again(rest[0])
        yield from asked[:2]
        if doubt is not None and (asked or neighbour is None):
            yield doubt
        yield from asked[2:]

    def _followed(self, told: _Told) -> Exchange:
        return Exchange("pronoun", self._voice.following(told.asked.question), told.asked.answer, self._evidence(told))

    def _named_again(self, told: _Told) -> Exchange:
        """After talk of two things, which one is meant has to be said."""
        question = self._voice.question(told.asked.question, self._name)
        return Exchange("return", question, told.asked.answer, self._evidence(told))

    def _beside(self, fact: Fact, neighbour: Fact) -> Iterator[Exchange]:
        attribute = attribute_of(fact, self._language)
        other = called(neighbour, self._atlas, self._language)
        answer = self._voice.stated(attribute, other, shown(neighbour))
        yield Exchange("ellipsis", self._voice.likewise(attribute, other), answer, self._cells(neighbour))
        one, two = fact.quantity, neighbour.quantity
        is_time = one is not None and one.unit in TIMES
        question = self._voice.compared(attribute, is_time=is_time)
        if question and one is not None and two is not None and one.number != two.number:
            more, less = (fact, neighbour) if one.number > two.number else (neighbour, fact)
            name = called(more, self._atlas, self._language)
            answer = self._voice.comparison(attribute, name, (shown(more), shown(less)), is_time=is_time)
            yield Exchange("comparison", question, answer, self._cells(more, less))

    def _doubt(self, fact: Fact) -> Exchange | None:
        neighbour = self._neighbour(fact)
        attribute = attribute_of(fact, self._language)
        if neighbour is None or shown(neighbour) == shown(fact):
            return None
        other = called(neighbour, self._atlas, self._language)
        question = self._voice.premise(attribute, shown(neighbour))
        answer = self._voice.correction(attribute, self._name, (shown(fact), shown(neighbour)), other)
        return Exchange("false premise", question, answer, self._cells(fact, neighbour))

    def _clarified(self, said: Sequence[Exchange]) -> Exchange | None:
        """Asking back what a word of an answer means, the last that the documents define."""
        used = {clue for exchange in said for clue in exchange.clues}
        for exchange in reversed(said):
            for term, (clue, meaning) in self._atlas.terms(self._language).items():
                # A plain word may mean something else in another document.
                near = " " in term or any(clue.document == other.document for other in exchange.clues)
                if near and clue not in used and term not in self._name.lower() and term_in(term, exchange.answer):
                    shown = term_in(term, exchange.answer)
                    return Exchange("clarification", self._voice.clarification(shown), meaning, (clue,))
        return None

    def _left_open(self, gap: Gap, before: Exchange) -> Exchange:
        leaning = "" if before.kind in _OF_TWO else self._voice.following(gap.question)
        question = leaning or self._voice.question(gap.question, self._name)
        return Exchange("unanswerable", question, self._voice.refusal(gap.missing.replace(SLOT, self._name)), ())

    def _neighbour(self, fact: Fact | None) -> Fact | None:
        """The same attribute of another thing of the table, with another number in the same unit, by the seed."""
        if fact is None or fact.quantity is None or not attribute_of(fact, self._language) or fact.condition:
            return None
        table = next(t for t in self._atlas.tables if fact in t.facts)
        rivals = [
            other
            for other in table.facts
            if other.attribute == fact.attribute and other.quantity is not None and other.thing != fact.thing
            and other.quantity.unit == fact.quantity.unit and other.quantity.number != fact.quantity.number
            and self._atlas.entity_of(other.thing, self._language)
        ]  # fmt: skip
        return min(rivals, key=lambda other: content_id(self._seed, self._entity, other.thing), default=None)

    def _evidence(self, told: _Told) -> tuple[Clue, ...]:
        return (told.clue, *(headers_of(told.clue, self._atlas) if told.fact is not None else ()))

    def _cells(self, *facts: Fact) -> tuple[Clue, ...]:
        rows = tuple(dict.fromkeys(fact.clue for fact in facts))
        return (*rows, *dict.fromkeys(header for row in rows for header in headers_of(row, self._atlas)))
