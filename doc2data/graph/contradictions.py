"""Pairs of facts from two documents that cannot both hold: findings for a person, and no ground for a hop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from doc2data.graph.names import key
from doc2data.graph.tables import Fact


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


def contradictions(facts: Iterable[Fact]) -> list[Contradiction]:
    """Every contradiction among the facts, in order of thing and attribute.

    Only exact quantities in one unit are compared, under the same condition: words can differ and mean the same.
    """
    groups: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        quantity = fact.quantity
        if quantity is not None:
            groups[(key(fact.thing), key(fact.attribute), key(fact.condition), quantity.unit)].append(fact)
    found = []
    for _, alike in sorted(groups.items()):
        ordered = sorted(alike, key=lambda fact: (fact.clue.document, fact.clue.start))
        found += [
            Contradiction(one.thing, one.attribute, one, other)
            for one, other in combinations(ordered, 2)
            if one.clue.document != other.clue.document and one.quantity != other.quantity
        ]
    return found


def _shown(fact: Fact) -> str:
    return fact.value if not fact.unit or fact.unit in fact.value else f"{fact.value} {fact.unit}"
