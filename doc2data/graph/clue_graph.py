"""The clue graph: entities as nodes, clues as the edges that tie two of them together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from doc2data.graph.entities import Entity, resolve
from doc2data.graph.names import Finder
from doc2data.records import Clue

HUB_SHARE = 0.1
"""An entity named in more than this share of the chunks joins nothing in particular."""
HUB_LEAST = 16
"""Chunks that an entity may always be named in."""


RELATED = 3
"""Entities that two documents must share before names without digits count as the same in both."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that one clue names together."""

    source: str
    target: str
    clue: str


@dataclass(frozen=True)
class ClueGraph:
    """Which clue names which entity; the same for the same clues in any order."""

    entities: Mapping[str, Entity]
    """By id, sorted."""
    clues: Mapping[str, Clue]
    """Clues that name at least one entity, by id, sorted."""
    named: Mapping[str, tuple[str, ...]]
    """Clue id to the ids of the entities it names, in the order of their first place."""

    @cached_property
    def naming(self) -> Mapping[str, tuple[str, ...]]:
        """Entity id to the ids of the clues that name it, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for clue, entities in self.named.items():
            for entity in entities:
                found[entity].append(clue)
        return {entity: tuple(sorted(clues)) for entity, clues in sorted(found.items())}

    @cached_property
    def chunks_of(self) -> Mapping[str, frozenset[str]]:
        """Entity id to the chunks it is named in."""
        return {e: frozenset(self.clues[c].chunk for c in clues) for e, clues in self.naming.items()}

    @cached_property
    def _hub_size(self) -> float:
        return max(HUB_LEAST, HUB_SHARE * len({clue.chunk for clue in self.clues.values()}))

    def is_bridge(self, entity: str) -> bool:
        """Whether it is named in at least two chunks, and not in so many that it joins nothing."""
        return 2 <= len(self.chunks_of[entity]) <= self._hub_size

    @cached_property
    def _related(self) -> frozenset[tuple[str, str]]:
        """Pairs of documents that name enough of the same things to speak of one world."""
        shared: Counter[tuple[str, str]] = Counter()
        for clues in self.naming.values():
            documents = sorted({self.clues[clue].document for clue in clues})
            shared.update(combinations(documents, 2))
        return frozenset(pair for pair, n in shared.items() if n >= RELATED)

    def joins(self, entity: str, one: Clue, other: Clue) -> bool:
        """Whether an entity that two clues name is surely the same: initials mean other things in other documents."""
        first, second = sorted((one.document, other.document))
        solid = any(letter.isdigit() for letter in self.entities[entity].name)
        return first == second or solid or (first, second) in self._related

    def edges(self) -> Iterator[Edge]:
        """Every pair of entities that a clue names together, in order of the clues."""
        for clue, entities in self.named.items():
            for source, target in combinations(sorted(entities), 2):
                yield Edge(source, target, clue)


def build(clues: Iterable[Clue], acronyms: Iterable[tuple[str, str]] = ()) -> ClueGraph:
    """The graph of all clues.

    Args:
        clues: of all documents, in any order; procedures are left out, because their steps are clues themselves.
        acronyms: (short, long) pairs as the documents define them.
    """
    single = sorted((clue for clue in clues if clue.kind != "procedure"), key=lambda clue: clue.id)
    entities = resolve(single, acronyms)
    finder = Finder(form for entity in entities for form in entity.forms)
    owner = {form: entity.id for entity in entities for form in entity.forms}
    named = {clue.id: _named(clue, finder, owner) for clue in single}
    mentioned = {entity for found in named.values() for entity in found}
    return ClueGraph(
        {entity.id: entity for entity in entities if entity.id in mentioned},
        {clue.id: clue for clue in single if named[clue.id]},
        {clue: found for clue, found in named.items() if found},
    )


def _named(clue: Clue, finder: Finder, owner: Mapping[str, str]) -> tuple[str, ...]:
    """Entities in the quote, or, for a row whose label stands in a merged cell above, in its label."""
    texts: Sequence[str] = (clue.quote,) if clue.subject in clue.quote else (clue.subject, clue.quote)
    return tuple(dict.fromkeys(owner[form] for text in texts for _, _, form in finder.find(text)))
