"""Texts whose vectors are near each other, found by random hyperplanes and verified by their cosine.

Two vectors fall on the same side of a random hyperplane with probability 1 - angle/pi (Charikar, "Similarity Estimation
Techniques from Rounding Algorithms", 2002).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from doc2data.curate.rows import Rows
from doc2data.store.scratch import Scratch

TABLES = 24
BITS = 18
"""With these, a pair of cosine 0.95 meets in a bucket in 98% of cases, one of 0.5 in 2%."""

Vector = NDArray[np.float32]


class VectorTwins:
    """Unit vectors by number from 0, and which of them is within `threshold` of a new one."""

    def __init__(self, threshold: float, dimension: int, scratch: Scratch) -> None:
        self._threshold = threshold
        self._buckets = scratch.buckets()
        self._vectors: Rows[np.float32] = Rows(dimension, np.float32)
        self._planes = np.random.default_rng(0).standard_normal((dimension, TABLES * BITS)).astype(np.float32)
        self._weights = 1 << np.arange(BITS)

    def add(self, vector: Vector) -> None:
        """Keep the next vector, of shape (dimension,)."""
        self._buckets.add(self._keys(vector))
        self._vectors.append(vector)

    def find(self, vector: Vector, counts: Callable[[int], bool] = lambda number: True) -> int | None:
        """The first vector added that counts and whose cosine with this one reaches the threshold, or None."""
        candidates = self._buckets.candidates(self._keys(vector))
        if not candidates:
            return None
        cosines = self._vectors.at(candidates) @ vector
        near = (i for i, c in zip(candidates, cosines, strict=True) if c >= self._threshold)
        return next((i for i in near if counts(i)), None)

    def _keys(self, vector: Vector) -> list[int]:
        sides = (vector @ self._planes > 0).reshape(TABLES, BITS)
        keys: list[int] = (sides @ self._weights).tolist()
        return keys
