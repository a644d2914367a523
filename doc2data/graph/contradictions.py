"""Pairs of facts from two documents that cannot both hold: findings for a person, and no ground for a hop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from doc2data.graph.names import key
from doc2data.graph.quantities import Quantity
from doc2data.graph.tables import Fact

COMPARED = 4
"""Values of one thing that all others are compared with: pairs of every two would grow with the square of a corpus."""

Group = tuple[str, str, str, str]
"""Keys of thing, attribute and condition, and the unit."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two documents that give one attribute of one thing different values in the same unit."""

    thing: str
    attribute: str
    first: Fact
    second: Fact

    def __str__(self) -> str:
        """One line for a report."""
        return (
            f"{self.attribute} of {self.thing}: {_shown(self.first)} in one document, {_shown(self.second)} in another"
        )


def contradictions(facts: Callable[[], Iterable[Fact]]) -> Iterator[Contradiction]:
    """What contradicts an earlier fact, each with the first fact that it contradicts, in the order of the facts.

    Only exact quantities in one unit are compared, under the same condition: words can differ and mean the same. What
    stands in a table of properties is no fact about a thing of that name, and is left out.

    Args:
        facts: gives the facts of all documents, as often as it is asked: once to see of what more than one value is
            told, and once to compare that. So only this is held, whatever the number of facts.
    """
    told: dict[int, int] = {}
    apart = set()
    for group, _, quantity in _comparable(facts()):
        if told.setdefault(hash(group), hash(quantity)) != hash(quantity):
            apart.add(hash(group))
    del told
    first: dict[Group, list[tuple[Fact, Quantity]]] = defaultdict(list)
    for group, fact, quantity in _comparable(facts()):
        if hash(group) not in apart:
            continue
        known = first[group]
        other = next((one for one, q in known if q != quantity and one.clue.document != fact.clue.document), None)
        if other is not None:
            yield Contradiction(other.thing, other.attribute, other, fact)
        if len(known) < COMPARED and all(q != quantity for _, q in known):
            known.append((fact, quantity))


def _comparable(facts: Iterable[Fact]) -> Iterator[tuple[Group, Fact, Quantity]]:
    """Facts that can be set against each other, with what they must have in common."""
    for fact in facts:
        quantity = None if fact.is_of_nothing_named else fact.quantity
        if quantity is not None:
            yield (key(fact.thing), key(fact.attribute), key(fact.condition), quantity.unit), fact, quantity


def _shown(fact: Fact) -> str:
    return fact.value if not fact.unit or fact.unit in fact.value else f"{fact.value} {fact.unit}"
