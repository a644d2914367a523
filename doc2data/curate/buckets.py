"""Locality-sensitive buckets: what may be alike shares a key in some table, whatever makes the keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doc2data.curate.rows import Rows

LOOKED_AT = 32
"""Members of one bucket that are candidates, newest first. Texts from one template crowd into the buckets of what the
template says; true twins meet in the buckets of the rest as well, so the crowd can be left alone, and time grows with
the number of texts instead of its square."""

Keys = NDArray[np.uint32]

_FIRST_BITS = 10
_SPREAD = np.uint32(2654435769)
"""Knuth's multiplier, by which keys of few bits spread over all slots."""


class Buckets:
    """Members numbered from 0, each with one key per table; members with an equal key in a table are candidates.

    Hash tables with chains: a slot holds its newest member, and each member the one before it in each of its slots.
    For each member and table they take twelve to sixteen bytes of memory, eight of them in temporary files.
    """

    def __init__(self, tables: int) -> None:
        self._tables = np.arange(tables)
        self._keys: Rows[np.uint32] = Rows(tables, np.uint32)
        self._before: Rows[np.int32] = Rows(tables, np.int32)
        self._bits = _FIRST_BITS
        self._newest = np.full((tables, 1 << _FIRST_BITS), -1, np.int32)

    def add(self, keys: Keys) -> None:
        """Put the next member under its keys, shape (tables,)."""
        member = len(self._keys)
        if member == self._newest.shape[1]:
            self._widen()
        slots = self._slots(keys)
        self._keys.append(keys)
        self._before.append(self._newest[self._tables, slots])
        self._newest[self._tables, slots] = member

    def candidates(self, keys: Keys) -> list[int]:
        """Members that share a key, in the order of addition."""
        found: set[int] = set()
        width, known, before = len(self._tables), self._keys.cells(), self._before.cells()
        members = self._newest[self._tables, self._slots(keys)].tolist()
        for table, (key, newest) in enumerate(zip(keys.tolist(), members, strict=True)):
            member = newest
            for _ in range(LOOKED_AT):
                if member < 0:
                    break
                cell = member * width + table
                if known[cell] == key:
                    found.add(member)
                member = before[cell]
        return sorted(found)

    def _slots(self, keys: Keys) -> NDArray[np.uint32]:
        slots: NDArray[np.uint32] = (keys * _SPREAD) >> np.uint32(32 - self._bits)
        return slots

    def _widen(self) -> None:
        """Twice as many slots, a table at a time."""
        self._bits += 1
        self._newest = np.full((len(self._tables), 1 << self._bits), -1, np.int32)
        for table in self._tables.tolist():
            slots = self._slots(self._keys.column(table))
            order = np.argsort(slots, kind="stable").astype(np.int32)
            follows = slots[order][1:] == slots[order][:-1]
            before = np.full(len(order), -1, np.int32)
            before[order[1:][follows]] = order[:-1][follows]
            self._before.set_column(table, before)
            self._newest[table, slots] = np.arange(len(slots), dtype=np.int32)
