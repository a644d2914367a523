"""Locality-sensitive buckets: what may be alike shares a key in some table, whatever makes the keys."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

LOOKED_AT = 64
"""Members of one bucket that are candidates, newest first. Texts from one template crowd into the buckets of what the
template says; true twins meet in the buckets of the rest as well, so the crowd can be left alone, and time grows with
the number of texts instead of its square."""


class Buckets:
    """Members numbered from 0, each with one key per table; members with an equal key in a table are candidates.

    A table is a dictionary from key to the newest member, and an array from each member to the one before it under
    the same key: 100,000 members in 20 tables take some 200 MB, where sets of members would take three times that.
    """

    def __init__(self, tables: int) -> None:
        self._newest: list[dict[int, int]] = [{} for _ in range(tables)]
        self._before = [array("i") for _ in range(tables)]

    def add(self, keys: Sequence[int]) -> None:
        """Put the next member under its keys, one per table."""
        for newest, before, key in zip(self._newest, self._before, keys, strict=True):
            before.append(newest.get(key, -1))
            newest[key] = len(before) - 1

    def candidates(self, keys: Sequence[int]) -> list[int]:
        """Members that share a key, in the order of addition."""
        found: set[int] = set()
        for newest, before, key in zip(self._newest, self._before, keys, strict=True):
            member = newest.get(key, -1)
            for _ in range(LOOKED_AT):
                if member < 0:
                    break
                found.add(member)
                member = before[member]
        return sorted(found)
