"""Splits that do not leak: whatever shares a source stands on one side.

Samples are joined by union-find over everything they must not be separated from (clues, near-duplicate clusters,
parents, and the section or document by setting). Each group then goes, whole, to the split that lacks its kinds most.
The outcome depends on the samples and the seed alone, never on the order in which they come.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from doc2data.errors import SettingsError
from doc2data.records import Evidence, Sample

if TYPE_CHECKING:
    from doc2data.settings import ExportSettings

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class SplitKey:
    """What decides a sample's split."""

    id: str
    kind: str
    bonds: tuple[str, ...]
    """Names of all that it shares, ids of other samples among them; two samples with one in common stay together."""


def split_key(sample: Sample, split_by: str, cluster: str | None = None) -> SplitKey:
    """The key of a sample; `cluster` is the id of its near-duplicate cluster, if it has one."""
    bonds = [f"clue {clue}" for clue in sample.clues]
    bonds += [f"quote {e.document} {e.start} {e.end}" for e in sample.evidence]
    if sample.parent is not None:
        bonds.append(sample.parent)
    if cluster is not None:
        bonds.append(f"cluster {cluster}")
    if split_by != "clue":
        bonds += [_place(e, split_by) for e in sample.evidence]
    return SplitKey(sample.id, sample.kind, tuple(dict.fromkeys(bonds)))


def assign_splits(keys: Iterable[SplitKey], settings: ExportSettings) -> dict[str, Split]:
    """Give every sample id its split.

    Args:
        keys: one per sample, in any order; read once.
        settings: shares, and the seed that shuffles the groups.

    Raises:
        SettingsError: the shares add up to more than 1.
    """
    shares = _shares(settings)
    samples = _Samples(keys)
    total = Counter(samples.kinds)
    filled: dict[Split, Counter[int]] = {split: Counter() for split in shares}
    assigned: dict[str, Split] = {}
    for members in samples.groups(settings.seed):
        kinds = Counter(samples.kinds[member] for member in members)
        chosen = max(shares, key=lambda split: _need(kinds, total, filled[split], shares[split]))
        filled[chosen].update(kinds)
        assigned.update((samples.ids[member], chosen) for member in members)
    return assigned


def split_warnings(splits: Mapping[str, Split], settings: ExportSettings) -> list[str]:
    """What a person should know about the outcome: splits that were asked for and came out empty."""
    found = set(splits.values())
    missing = [split for split in _shares(settings) if split not in found]
    if not missing or not splits:
        return []
    return [
        f"The set is too small for a {' or '.join(missing)} split: the {settings.split_by}s of its {len(splits)} "
        + "samples form too few groups. Add documents, or set export.split_by to a smaller unit."
    ]


def _shares(settings: ExportSettings) -> dict[Split, float]:
    test = 1 - settings.train - settings.validation
    if test < -1e-9:
        raise SettingsError(
            f"export.train and export.validation add up to {settings.train + settings.validation:g}.",
            "Together they may be at most 1; what is left is for the test.",
        )
    shares: dict[Split, float] = {"train": settings.train, "validation": settings.validation, "test": test}
    return {split: share for split, share in shares.items() if share > 1e-9}


def _place(evidence: Evidence, split_by: str) -> str:
    if split_by == "document":
        return f"document {evidence.document}"
    if evidence.section:
        return f"section {evidence.document} {evidence.section!r}"
    return f"page {evidence.document} {evidence.page}"


class _Samples:
    """What decides the splits, in plain arrays: a set may have a million samples."""

    def __init__(self, keys: Iterable[SplitKey]) -> None:
        self.ids: list[str] = []
        self.kinds = array("q")
        """Number of each sample's kind; which number a kind has plays no part in the outcome."""
        self._nodes = array("q")
        self._union = _Union()
        numbers: dict[str, int] = {}
        for key in keys:
            self.ids.append(key.id)
            self.kinds.append(numbers.setdefault(key.kind, len(numbers)))
            self._nodes.append(self._union.join([key.id, *key.bonds]))

    def groups(self, seed: int) -> Iterator[list[int]]:
        """Positions of the samples that hang together, group by group, shuffled by seed.

        A group is named after its smallest id, so that the order of the samples does not matter.
        """
        roots = array("q", map(self._union.find, self._nodes))
        names: dict[int, str] = {}
        for position, root in enumerate(roots):
            names[root] = min(names.get(root, self.ids[position]), self.ids[position])
        ranks = {root: (_digest(f"{seed} {name}"), root) for root, name in names.items()}
        order = sorted(range(len(roots)), key=lambda position: ranks[roots[position]])
        for _, members in groupby(order, key=lambda position: roots[position]):
            yield list(members)


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())


def _need(group: Counter[int], total: Counter[int], filled: Counter[int], share: float) -> float:
    """How much of its targets a split still lacks, over the kinds of the group, once half of the group is in."""
    targets = ((n, share * total[kind], filled[kind]) for kind, n in group.items())
    return math.fsum(n * (target - reached - n / 2) / target for n, target, reached in targets)


class _Union:
    """Disjoint sets of names. Names are kept as numbers of 64 bits, so that a million samples fit."""

    def __init__(self) -> None:
        self._index: dict[int, int] = {}
        self._parent = array("q")

    def join(self, names: Sequence[str]) -> int:
        first, *rest = (self.find(self._number(name)) for name in names)
        for root in rest:
            self._parent[self.find(root)] = self.find(first)
        return self.find(first)

    def find(self, node: int) -> int:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _number(self, name: str) -> int:
        digest = _digest(name)
        if digest not in self._index:
            self._index[digest] = len(self._parent)
            self._parent.append(len(self._parent))
        return self._index[digest]
