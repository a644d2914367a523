"""Choosing a part of a dataset: even over its groups, and as different as can be within each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models import Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row that may be chosen."""

    id: str
    group: tuple[str, ...]
    """What the choice is even over: kind, difficulty, document, section."""
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class Mix:
    """How many rows of each origin a mixed dataset takes."""

    synthetic: int
    real: int


def diverse_subset(candidates: Sequence[Candidate], vectors: Vectors, size: int) -> list[str]:
    """Ids of `size` rows, even over the groups, each as far as possible from those chosen before it.

    Farthest-first traversal (Gonzalez, "Clustering to Minimize the Maximum Intercluster Distance", 1985), begun at
    the best row. The same rows give the same choice, whatever their order.

    Args:
        candidates: the rows.
        vectors: their unit vectors, shape (len(candidates), dimension).
        size: how many to choose; all where there are fewer.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    for i in sorted(range(len(candidates)), key=lambda i: (-candidates[i].quality, candidates[i].id)):
        groups.setdefault(candidates[i].group, []).append(i)
    shares = even_shares({group: len(members) for group, members in groups.items()}, size)
    chosen = [i for group in sorted(groups) for i in _farthest_first(groups[group], vectors, shares[group])]
    return [candidates[i].id for i in chosen]


def even_shares(available: Mapping[tuple[str, ...], int], size: int) -> dict[tuple[str, ...], int]:
    """How many to take of each group: the same of all, and what small groups cannot give from the others."""
    shares = dict.fromkeys(available, 0)
    left = min(size, sum(available.values()))
    while left:
        open_groups = sorted(group for group in available if shares[group] < available[group])
        each = max(1, left // len(open_groups))
        for group in open_groups[:left]:
            taken = min(each, available[group] - shares[group], left)
            shares[group] += taken
            left -= taken
    return shares


def mix(synthetic: int, real: int, real_share: float) -> Mix:
    """The largest dataset with a given share of real rows that the rows at hand allow.

    Raises:
        ValueError: the share is not between 0 and 1.
    """
    if not 0 <= real_share <= 1:
        raise ValueError(f"a share of {real_share} is not between 0 and 1")
    if real_share in (0, 1):
        return Mix(0, real) if real_share else Mix(synthetic, 0)
    total = min(real / real_share, synthetic / (1 - real_share))
    return Mix(int(total * (1 - real_share) + 1e-9), int(total * real_share + 1e-9))


def _farthest_first(members: Sequence[int], vectors: Vectors, size: int) -> list[int]:
    """`size` of the members; the first of them is the start."""
    if size >= len(members) or not size:
        return list(members[:size])
    own = vectors[list(members)]
    nearest = own @ own[0]
    chosen = [0]
    while len(chosen) < size:
        nearest[chosen[-1]] = np.inf
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, own @ own[chosen[-1]])
    return [members[i] for i in chosen]
