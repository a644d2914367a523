"""Splits that do not leak: whatever shares a source stands on one side.

Samples are joined by union-find over everything they must not be separated from (clues, near-duplicate clusters,
the same question, parents, and the section or document by setting). Each group then goes, whole, to the split that
lacks its kinds most. The outcome depends on the samples and the seed alone, never on the order in which they come.
"""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
from numpy.typing import NDArray

from doc2data.errors import SettingsError
from doc2data.export.bonds import Bonds, digest
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
    bonds.append(f"asked {_asked(sample)}")
    if sample.parent is not None:
        bonds.append(sample.parent)
    if root := sample.recipe.params.get("root"):
        bonds.append(str(root))  # a step between the two may have been rejected
    if cluster is not None:
        bonds.append(f"cluster {cluster}")
    if split_by != "clue":
        bonds += [_place(e, split_by) for e in sample.evidence]
    return SplitKey(sample.id, sample.kind, tuple(dict.fromkeys(bonds)))


class Splits(Sequence[Split]):
    """The split of each sample, in the order of the keys; a byte for each."""

    def __init__(self, codes: bytearray) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, position: int) -> Split: ...
    @overload
    def __getitem__(self, position: slice) -> list[Split]: ...
    def __getitem__(self, position: int | slice) -> Split | list[Split]:
        if isinstance(position, slice):
            return [SPLITS[code] for code in self._codes[position]]
        return SPLITS[self._codes[position]]

    def counts(self) -> dict[str, int]:
        """Samples in each split that has any."""
        return {str(split): n for code, split in enumerate(SPLITS) if (n := self._codes.count(code))}


def assign_splits(keys: Iterable[SplitKey], settings: ExportSettings) -> Splits:
    """Give every sample its split.

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
    codes = bytearray(len(samples.kinds))
    for members in samples.groups(settings.seed):
        kinds = Counter(samples.kinds[member] for member in members)
        chosen = max(shares, key=lambda split: _need(kinds, total, filled[split], shares[split]))
        filled[chosen].update(kinds)
        for member in members:
            codes[member] = SPLITS.index(chosen)
    return Splits(codes)


def split_warnings(splits: Splits, settings: ExportSettings) -> list[str]:
    """What a person should know about the outcome: splits that were asked for and came out empty."""
    found = splits.counts()
    missing = [split for split in _shares(settings) if split not in found]
    if not missing or not len(splits):
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


def _asked(sample: Sample) -> str:
    """All that the user says, whatever its case and spacing."""
    said = " ".join(message.content for message in sample.messages if message.role == "user")
    return " ".join(unicodedata.normalize("NFKC", said).casefold().split())


def _place(evidence: Evidence, split_by: str) -> str:
    if split_by == "document":
        return f"document {evidence.document}"
    if evidence.section:
        return f"section {evidence.document} {evidence.section!r}"
    return f"page {evidence.document} {evidence.page}"


class _Samples:
    """What decides the splits, a few dozen bytes of each sample: a set may have a million."""

    def __init__(self, keys: Iterable[SplitKey]) -> None:
        self.kinds = array("H")
        """Number of each sample's kind; which number a kind has plays no part in the outcome."""
        names, numbers = array("Q"), dict[str, int]()
        with Bonds() as bonds:
            for key in keys:
                self.kinds.append(numbers.setdefault(key.kind, len(numbers)))
                names.append(digest(key.id))
                bonds.add((key.id, *key.bonds))
            self._roots = bonds.roots()
        self._names: NDArray[np.uint64] = np.frombuffer(names, np.uint64)

    def groups(self, seed: int) -> Iterator[list[int]]:
        """Positions of the samples that hang together, group by group, shuffled by seed.

        A group is named after the smallest of its ids' hashes, so that the order of the samples does not matter.
        """
        ranks = self._ranks(seed)
        order = np.lexsort((self._names, ranks))
        edges = np.concatenate(([0], np.flatnonzero(np.diff(ranks[order])) + 1, [len(order)]))
        for start, end in pairwise(edges if len(order) else ()):
            yield order[start:end].tolist()

    def _ranks(self, seed: int) -> NDArray[np.uint64]:
        """The place of each sample's group in the shuffle."""
        smallest = np.full(len(self._names), np.iinfo(np.uint64).max, np.uint64)
        np.minimum.at(smallest, self._roots, self._names)
        for root in np.flatnonzero(self._roots == np.arange(len(self._roots))).tolist():
            smallest[root] = digest(f"{seed} {smallest[root]:016x}")
        return smallest[self._roots]


def _need(group: Counter[int], total: Counter[int], filled: Counter[int], share: float) -> float:
    """How much of its targets a split still lacks, over the kinds of the group, once half of the group is in."""
    targets = ((n, share * total[kind], filled[kind]) for kind, n in group.items())
    return math.fsum(n * (target - reached - n / 2) / target for n, target, reached in targets)
