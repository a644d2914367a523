"""Texts that share most of their character trigrams, found by MinHash and verified by counting.

MinHash and banding after Broder, "On the Resemblance and Containment of Documents" (1997), and Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", chapter 3. Signatures are datasketch's.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from doc2data.curate.buckets import Buckets, Keys
from doc2data.curate.rows import Rows
from doc2data.store.scratch import Scratch, Shelf

if TYPE_CHECKING:
    from datasketch import MinHash

BANDS = 24
BAND_ROWS = 7
"""With these, a pair of Jaccard 0.8 meets in a bucket in 99.6% of cases, one of 0.5 in 17%."""
ESTIMATE_SLACK = 0.15
"""A signature's estimate may be that much too low before the trigrams themselves are counted."""

Signatures = NDArray[np.uint32]

_MULTIPLIERS = np.random.default_rng(7).integers(1 << 63, size=BAND_ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_NOT_WORDS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def normal_form(text: str) -> str:
    """A text without case, accents of compatibility, punctuation and extra blanks."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def trigrams(text: str) -> frozenset[str]:
    """The character trigrams of a text's normal form; a shorter text is its own only one."""
    plain = normal_form(text)
    return frozenset(plain[i : i + 3] for i in range(max(1, len(plain) - 2)))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared trigrams over all trigrams of both."""
    return len(a & b) / len(a | b)


def signatures(texts: Sequence[str]) -> Signatures:
    """MinHash signatures, shape (len(texts), BANDS * BAND_ROWS)."""
    made = np.zeros((len(texts), BANDS * BAND_ROWS), np.uint32)
    for row, text in zip(made, texts, strict=True):
        sketch = _empty().copy()
        sketch.update_batch([gram.encode() for gram in trigrams(text)])
        row[:] = sketch.hashvalues
    return made


def keys_of(made: Signatures) -> Keys:
    """The buckets of signatures, shape (len(made), BANDS): each band by multiply-shift hashing."""
    bands = made.reshape(len(made), BANDS, BAND_ROWS).astype(np.uint64)
    keys: Keys = ((bands * _MULTIPLIERS).sum(axis=2, dtype=np.uint64) >> np.uint64(32)).astype(np.uint32)
    return keys


@cache
def _empty() -> MinHash:
    """The sketch of nothing, to be copied: drawing its permutations takes longer than one signature."""
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * BAND_ROWS, seed=1, hashfunc=zlib.crc32)


class TrigramTwins:
    """Texts by number from 0, and which of them shares at least `threshold` of its trigrams with a new one."""

    def __init__(self, threshold: float, scratch: Scratch) -> None:
        self._threshold = threshold
        self._same = Buckets(1)
        self._buckets = Buckets(BANDS)
        self._signatures: Rows[np.uint32] = Rows(BANDS * BAND_ROWS, np.uint32)
        self._texts: Shelf[str] = scratch.shelf()

    def add(self, text: str, signature: Signatures, keys: Keys) -> None:
        """Keep the next text; `signature` has shape (BANDS * BAND_ROWS,), `keys` those of `keys_of`."""
        self._same.add(_whole(text))
        self._buckets.add(keys)
        self._signatures.append(signature)
        self._texts.append(text)

    def same(self, text: str) -> int | None:
        """The first text added that has the same normal form, or None."""
        plain = normal_form(text)
        return next((i for i in self._same.candidates(_whole(text)) if normal_form(self._texts[i]) == plain), None)

    def find(
        self, text: str, signature: Signatures, keys: Keys, counts: Callable[[int], bool] = lambda number: True
    ) -> int | None:
        """The first text added that counts and is a near-duplicate of this one, or None."""
        near = self._near(signature, keys)
        grams = trigrams(text) if near else frozenset()
        twins = (i for i in near if jaccard(grams, trigrams(self._texts[i])) >= self._threshold)
        return next((i for i in twins if counts(i)), None)

    def _near(self, signature: Signatures, keys: Keys) -> list[int]:
        candidates = self._buckets.candidates(keys)
        if not candidates:
            return []
        alike = (self._signatures.at(candidates) == signature).mean(axis=1)
        return [i for i, share in zip(candidates, alike, strict=True) if share >= self._threshold - ESTIMATE_SLACK]


def _whole(text: str) -> Keys:
    return np.array([zlib.crc32(normal_form(text).encode("utf-8", "surrogatepass"))], np.uint32)
