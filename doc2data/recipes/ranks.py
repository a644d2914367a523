"""Hops over the rows of a table, reckoned by code: the thing that stands out, how many surpass it, sums and gaps.

Such a hop stands on several rows of one table. Everything else of its chain stands in other chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from doc2data.graph import Fact, Quantity
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.figures import adds_up, is_compared, is_superlative
from doc2data.recipes.problems import ANY_PART, amount, attribute_of, is_time, shown
from doc2data.records import Clue, content_id
from doc2data.tasks.joins.arithmetic import Executed, difference, total
from doc2data.tasks.joins.chinese import ranking as chinese
from doc2data.tasks.joins.english import ranking as english
from doc2data.tasks.joins.english.asking import Asked
from doc2data.tasks.joins.ranking import Placed

LEAST_ROWS, MOST_ROWS = 3, 9
"""Rows of a column over which a thing is ranked: all of them are its evidence."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What can be asked of a bridge by the rows of a table."""

    asked: Asked
    rows: tuple[Clue, ...] = ()
    """Rows that it takes beside the bridge's own."""
    operation: str = ""
    """count, difference or sum; empty where one clue answers."""
    executed: Executed | None = None
    operands: tuple[str, ...] = ()
    """The cells reckoned with, as they are written."""


class Ranks:
    """What the tables of a corpus say of things by rank, in one language."""

    def __init__(self, atlas: Atlas, language: str) -> None:
        self._atlas = atlas
        self._language = language
        self._voice = chinese if language == CHINESE else english

    def standing_out(self, clue: Clue, entity: str) -> Iterator[tuple[str, tuple[Clue, ...]]]:
        """Words that mean the thing by its rank, with the other rows that show it."""
        for fact, column in self._ranked(clue, entity):
            placed = self._placed(fact, entity)
            numbers = sorted(_number(other) for other in column)
            if is_superlative(fact.attribute) or ANY_PART.match(fact.things):
                continue
            rows = tuple(other.clue for other in column if other.clue.id != clue.id)
            if _number(fact) == numbers[-1] > numbers[-2]:
                yield self._voice.standing_out(placed, highest=True), rows
            if _number(fact) == numbers[0] < numbers[1]:
                yield self._voice.standing_out(placed, highest=False), rows

    def closings(self, clue: Clue, entity: str, seed: int) -> Iterator[Closing]:
        """Questions about the thing that only its table's other rows answer."""
        for fact, column in self._ranked(clue, entity):
            yield from self._surpassed(fact, entity, column)
        for fact in self._measured(clue, entity):
            others = [other for other in self._atlas.column(fact) if self._can_be_set_beside(fact, other)]
            chosen = min(others, key=lambda other: content_id(seed, entity, other.thing, fact.attribute), default=None)
            if chosen is not None:
                yield from self._beside(fact, entity, chosen)

    def _surpassed(self, fact: Fact, entity: str, column: tuple[Fact, ...]) -> Iterator[Closing]:
        more = [other for other in column if _number(other) > _number(fact)]
        if more and not is_superlative(fact.attribute) and not ANY_PART.match(fact.things):
            named = tuple((self._called(other), shown(other)) for other in more)
            rows = tuple(other.clue for other in column if other.clue.id != fact.clue.id)
            asked = self._voice.surpassed(self._placed(fact, entity), named)
            yield Closing(asked, rows, "count", operands=tuple(other.value for other in column))

    def _beside(self, fact: Fact, entity: str, other: Fact) -> Iterator[Closing]:
        placed, unit = self._placed(fact, entity), _quantity(fact).unit
        name, value, operands = self._called(other), shown(other), (fact.value, other.value)
        larger, smaller = sorted((fact, other), key=_number, reverse=True)
        executed = difference(_number(larger), _number(smaller))
        result = amount(Quantity(executed.result, unit))
        asked = self._voice.apart(placed, name, value, result, larger=larger is fact)
        rows = (other.clue,) if other.clue.id != fact.clue.id else ()
        yield Closing(asked, rows, "difference", executed, operands)
        if adds_up(fact.attribute, unit):
            executed = total((_number(fact), _number(other)))
            asked = self._voice.together(placed, name, value, amount(Quantity(executed.result, unit)))
            yield Closing(asked, rows, "sum", executed, operands)

    def _ranked(self, clue: Clue, entity: str) -> Iterator[tuple[Fact, tuple[Fact, ...]]]:
        """Cells of the thing whose whole column can be ranked: things in rows, all measured in one unit, all named."""
        for fact in self._measured(clue, entity):
            column = self._atlas.column(fact)
            alike = all(self._can_be_set_beside(fact, other, equal=True) for other in column if other is not fact)
            if fact.things and LEAST_ROWS <= len(column) <= MOST_ROWS and alike and self._is_whole(fact, column):
                yield fact, column

    def _is_whole(self, fact: Fact, column: tuple[Fact, ...]) -> bool:
        return self._atlas.rows_beside(fact.clue) == len(column)

    def _measured(self, clue: Clue, entity: str) -> Iterator[Fact]:
        spoken = self._atlas.corpus.language_of(clue) == self._language and clue.id not in self._atlas.barred
        for fact in self._atlas.facts_about.get((clue.id, entity), ()) if spoken else ():
            quantity = fact.quantity
            plain = quantity is not None and quantity.unit and not fact.condition and is_compared(fact.attribute)
            if plain and attribute_of(fact, self._language):
                yield fact

    def _can_be_set_beside(self, fact: Fact, other: Fact, *, equal: bool = False) -> bool:
        one, two = fact.quantity, other.quantity
        if one is None or two is None or one.unit != two.unit or other.clue.id in self._atlas.barred:
            return False
        differs = other.thing != fact.thing and (equal or one.number != two.number)
        return differs and bool(self._called(other))

    def _placed(self, fact: Fact, entity: str) -> Placed:
        thing = self._atlas.thing(entity, self._language).name
        return Placed(thing, fact.things.lower(), attribute_of(fact, self._language), shown(fact), is_time(fact))

    def _called(self, fact: Fact) -> str:
        return self._atlas.called(fact.thing, self._language)


def _quantity(fact: Fact) -> Quantity:
    quantity = fact.quantity
    assert quantity is not None, "only measured cells are ranked"
    return quantity


def _number(fact: Fact) -> Decimal:
    return _quantity(fact).number
