"""Two clues that one question sets side by side: one attribute of two things, or two properties of one thing.

Both are question types of 2WikiMultihopQA and HotpotQA (2011.01060, 1809.09600).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from doc2data.records import Clue, content_id

MOST_OF_TOPIC = 40
"""Claims of one topic that are compared with each other: the pairs grow with their square."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one clue says of one entity, under a topic that clues about other entities may share."""

    clue: Clue
    entity: str
    topic: str
    """An attribute with its unit for comparisons, a whole property for intersections."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Two claims that one question is about."""

    kind: Literal["comparison", "intersection"]
    claims: tuple[Claim, Claim]

    @property
    def clues(self) -> tuple[str, str]:
        """Ids of both clues."""
        return self.claims[0].clue.id, self.claims[1].clue.id

    @property
    def is_apart(self) -> bool:
        """Whether the claims stand in different chunks."""
        return self.claims[0].clue.chunk != self.claims[1].clue.chunk

    @property
    def entities(self) -> tuple[str, ...]:
        """Ids of the things it is about: two, or one that has both properties."""
        return tuple(dict.fromkeys(claim.entity for claim in self.claims))


def comparisons(claims: Iterable[Claim], seed: int) -> list[Fork]:
    """Pairs of things with one attribute: those over two documents first, then two chunks, then by the seed."""
    topics = (alike for _, alike in sorted(_by_topic(claims).items()))
    pairs = (pair for alike in topics for pair in combinations(_some(alike, seed), 2))
    return _ranked([Fork("comparison", pair) for pair in pairs if pair[0].entity != pair[1].entity], seed)


def intersections(claims: Iterable[Claim], seed: int) -> list[Fork]:
    """Pairs of properties from two chunks that several things have each, and one thing alone has both.

    So neither property tells alone which thing is meant; ranked as comparisons are.
    """
    by_topic = _by_topic(claims)
    holders = {topic: frozenset(claim.entity for claim in alike) for topic, alike in by_topic.items()}
    of_entity: dict[str, list[Claim]] = defaultdict(list)
    for topic, alike in sorted(by_topic.items()):
        for claim in alike if len(holders[topic]) > 1 else ():
            of_entity[claim.entity].append(claim)
    found = [
        Fork("intersection", (one, other))
        for entity, own in sorted(of_entity.items())
        for one, other in combinations(own, 2)
        if holders[one.topic] & holders[other.topic] == {entity}
    ]
    return _ranked([fork for fork in found if fork.is_apart], seed)


def apart(forks: Sequence[Fork], per_thing: int) -> Iterator[Fork]:
    """The first forks of each thing, so that none is asked about again and again."""
    taken: dict[str, int] = defaultdict(int)
    for fork in forks:
        if all(taken[entity] < per_thing for entity in fork.entities):
            for entity in fork.entities:
                taken[entity] += 1
            yield fork


def _by_topic(claims: Iterable[Claim]) -> Mapping[str, list[Claim]]:
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(set(claims), key=lambda c: (c.topic, c.entity, c.clue.id)):
        groups[claim.topic].append(claim)
    return groups


def _some(alike: list[Claim], seed: int) -> list[Claim]:
    """As many claims of a topic as pairs can be made of, by the seed, in their order."""
    chosen = sorted(alike, key=lambda c: content_id("claim", seed, c.clue.id, c.entity))[:MOST_OF_TOPIC]
    return sorted(chosen, key=lambda c: (c.entity, c.clue.id))


def _ranked(forks: list[Fork], seed: int) -> list[Fork]:
    def rank(fork: Fork) -> tuple[object, ...]:
        one, other = fork.claims
        near = (one.clue.document == other.clue.document, one.clue.chunk == other.clue.chunk)
        return (*near, content_id("fork", seed, fork.kind, fork.clues, fork.entities, one.topic))

    return sorted(forks, key=rank)
