"""Who shares what with whom, for sets of any size: names are hashed and wait on disk, a few bytes of each sample stay.

Pairs of (name, sample) are spread over files by the name's hash; each file is small enough to be sorted in memory,
where samples of the same name become neighbours. They are joined by union-find over the samples' positions.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Self, cast

import numpy as np
from numpy.typing import NDArray

FILES = 32
HELD = 1 << 14
"""Pairs held before they are spread."""
_IN_MEMORY = 1 << 13
"""Bytes of a file that stay in memory, so that a small set touches no disk."""
_PAIR = np.dtype([("name", "<u8"), ("sample", "<u4")])


class Bonds:
    """Names that samples share. Use it as a context manager: its files go with it."""

    def __init__(self) -> None:
        self._names, self._samples = array("Q"), array("I")
        self._count = 0
        self._stack = ExitStack()
        self._files = [self._file() for _ in range(FILES)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def add(self, names: Iterable[str]) -> None:
        """The next sample with all its names."""
        for name in names:
            self._names.append(digest(name))
            self._samples.append(self._count)
        self._count += 1
        if len(self._names) >= HELD:
            self._spread()

    def roots(self) -> NDArray[np.uint32]:
        """For each sample the position of one that stands for all it hangs together with, shape (samples,)."""
        self._spread()
        parent = array("I", range(self._count))
        for one, other in self._neighbours():
            parent[_find(parent, one)] = _find(parent, other)
        return np.array([_find(parent, sample) for sample in range(self._count)], np.uint32)

    def _neighbours(self) -> Iterator[tuple[int, int]]:
        for file in self._files:
            file.seek(0)
            pairs = np.frombuffer(file.read(), _PAIR)
            pairs = pairs[np.argsort(pairs["name"], kind="stable")]
            same = np.flatnonzero(pairs["name"][1:] == pairs["name"][:-1])
            yield from zip(pairs["sample"][same].tolist(), pairs["sample"][same + 1].tolist(), strict=True)

    def _spread(self) -> None:
        pairs = np.empty(len(self._names), _PAIR)
        pairs["name"], pairs["sample"] = self._names, self._samples
        homes = pairs["name"] % np.uint64(FILES)
        for number, file in enumerate(self._files):
            file.write(pairs[homes == number].tobytes())
        del self._names[:], self._samples[:]

    def _file(self) -> IO[bytes]:
        spooled = tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="doc2data-")  # noqa: SIM115 - closed by the stack
        return cast(IO[bytes], self._stack.enter_context(spooled))


def digest(name: str) -> int:
    """A name as 64 bits."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())


def _find(parent: array[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
