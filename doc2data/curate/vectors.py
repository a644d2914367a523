"""Texts whose vectors are near each other, found by random hyperplanes and verified by their cosine.

Two vectors fall on the same side of a random hyperplane with probability 1 - angle/pi (Charikar, "Similarity Estimation
Techniques from Rounding Algorithms", 2002).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from doc2data.curate.buckets import Buckets, Keys
from doc2data.curate.rows import Rows

TABLES = 24
BITS = 18
"""With these, a pair of cosine 0.95 meets in a bucket in 98% of cases, one of 0.5 in 2%."""
AT_ONCE = 32
"""Vectors multiplied together: products so small are left to one thread, and do not wait for cores where a model has
them all."""

Vector = NDArray[np.float32]


class VectorTwins:
    """Unit vectors by number from 0, and which of them is within `threshold` of a new one."""

    def __init__(self, threshold: float, dimension: int) -> None:
        self._threshold = threshold
        self._buckets = Buckets(TABLES)
        self._vectors: Rows[np.float32] = Rows(dimension, np.float32)
        drawn = np.random.default_rng(0).standard_normal((dimension, TABLES * BITS)).astype(np.float32)
        self._planes = np.ascontiguousarray(drawn.reshape(dimension, TABLES, BITS).swapaxes(0, 1))
        self._weights = (1 << np.arange(BITS)).astype(np.uint32)

    def keys_of(self, vectors: Vector) -> Keys:
        """The buckets of vectors, shape (len(vectors), TABLES); made for many at once they cost less."""
        keys = np.empty((len(vectors), TABLES), np.uint32)
        for start in range(0, len(vectors), AT_ONCE):
            some = vectors[start : start + AT_ONCE]
            for table, planes in enumerate(self._planes):
                keys[start : start + AT_ONCE, table] = (some @ planes > 0) @ self._weights
        return keys

    def add(self, vector: Vector, keys: Keys) -> None:
        """Keep the next vector, of shape (dimension,)."""
        self._buckets.add(keys)
        self._vectors.append(vector)

    def find(self, vector: Vector, keys: Keys, counts: Callable[[int], bool] = lambda number: True) -> int | None:
        """The first vector added that counts and whose cosine with this one reaches the threshold, or None."""
        candidates = self._buckets.candidates(keys)
        if not candidates:
            return None
        cosines = self._vectors.at(candidates) @ vector
        near = (i for i, c in zip(candidates, cosines, strict=True) if c >= self._threshold)
        return next((i for i in near if counts(i)), None)
