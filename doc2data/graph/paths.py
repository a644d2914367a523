"""Paths through the clue graph: chains of clues, each joined to the next by an entity that both name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from doc2data.graph.clue_graph import ClueGraph
from doc2data.records import Clue, content_id

MAX_HOPS = 4
MOST_CHAINS = 300
"""Chains that open at one entity."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Clues c1 .. cn and bridges b1 .. bn-1, where both ci and ci+1 name bi."""

    clues: tuple[str, ...]
    bridges: tuple[str, ...]

    @property
    def hops(self) -> int:
        """How many clues it takes."""
        return len(self.clues)


@dataclass(frozen=True)
class Roles:
    """Which clues may stand where in a chain; each tells whether the clue's words allow it."""

    opens: Callable[[Clue, str], bool]
    """The clue can say which entity is meant without naming it."""
    links: Callable[[Clue, str, str], bool]
    """The clue can say which entity (second) is meant by what ties it to another (first)."""
    closes: Callable[[Clue, str], bool]
    """The clue says something of the entity that can be asked for."""


def chains(graph: ClueGraph, roles: Roles, hops: int, seed: int, barred: Collection[str] = ()) -> Iterator[Chain]:
    """Chains of exactly `hops` clues, best first: more documents, then rarer bridges, then by the seed.

    No two clues of a chain share a chunk, and no entity is passed twice.

    Args:
        graph: the clue graph.
        roles: what clues can say.
        hops: 2 to 4.
        seed: orders chains that are equally good.
        barred: ids of clues that no chain may use, for instance those that contradict each other.
    """
    if not 2 <= hops <= MAX_HOPS:
        raise ValueError(f"A chain has 2 to {MAX_HOPS} hops, not {hops}.")
    walker = _Walker(graph, roles, frozenset(barred), seed)
    found = {chain for bridge in walker.bridges for chain in islice(walker.from_bridge(bridge, hops), MOST_CHAINS)}
    yield from sorted(found, key=lambda chain: _rank(graph, chain, seed))


def spread(chains: Sequence[Chain], per_bridge: int) -> list[Chain]:
    """The first chains of each last bridge, taken in turns, so that no bridge crowds out the others."""
    taken: dict[str, int] = defaultdict(int)
    rounds: list[tuple[int, int, Chain]] = []
    for order, chain in enumerate(chains):
        turn = taken[chain.bridges[-1]]
        taken[chain.bridges[-1]] += 1
        if turn < per_bridge:
            rounds.append((turn, order, chain))
    return [chain for _, _, chain in sorted(rounds, key=lambda r: r[:2])]


class _Walker:
    """Walks from bridge to bridge; what clues can say is asked once each."""

    def __init__(self, graph: ClueGraph, roles: Roles, barred: frozenset[str], seed: int) -> None:
        self._graph = graph
        self._roles = roles
        self.bridges = [entity for entity in graph.naming if graph.is_bridge(entity)]
        self._usable = {e: [graph.clues[c] for c in graph.naming[e] if c not in barred] for e in self.bridges}
        self._closing = {e: [c for c in clues if roles.closes(c, e)] for e, clues in self._usable.items()}
        self._opening = {
            e: [c for c in clues if roles.opens(c, e)] if self._reachable(e) else []
            for e, clues in self._usable.items()
        }

    def from_bridge(self, bridge: str, hops: int) -> Iterator[Chain]:
        """Chains that open at `bridge`."""
        for clue in self._opening[bridge]:
            yield from self._onward((clue,), (bridge,), hops)

    def _onward(self, clues: tuple[Clue, ...], bridges: tuple[str, ...], hops: int) -> Iterator[Chain]:
        chunks = {clue.chunk for clue in clues}
        last = bridges[-1]
        if len(clues) == hops - 1:
            for clue in self._closing[last]:
                if clue.chunk not in chunks and self._graph.joins(last, clues[-1], clue):
                    yield Chain((*(c.id for c in clues), clue.id), bridges)
            return
        for clue in self._usable[last]:
            if clue.chunk in chunks or not self._graph.joins(last, clues[-1], clue):
                continue
            for following in self._graph.named[clue.id]:
                fits = following not in bridges and following in self._usable and self._closing[following]
                if fits and self._roles.links(clue, last, following):
                    yield from self._onward((*clues, clue), (*bridges, following), hops)

    def _reachable(self, entity: str) -> bool:
        """Whether a chain that passes the entity can end at all: somewhere else is something to ask."""
        return bool(self._closing[entity]) or any(
            self._closing.get(other) for clue in self._usable[entity] for other in self._graph.named[clue.id]
        )


def _rank(graph: ClueGraph, chain: Chain, seed: int) -> tuple[object, ...]:
    documents = len({graph.clues[clue].document for clue in chain.clues})
    commonness = max(len(graph.chunks_of[bridge]) for bridge in chain.bridges)
    return (-documents, commonness, content_id("chain", seed, chain.clues, chain.bridges))
