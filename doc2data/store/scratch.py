"""What a process must remember for itself only, on disk: a temporary database that goes with it.

SQLite holds a few megabytes of it in memory, whatever there is.
"""

from __future__ import annotations

import pickle
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Generic, TypeVar

from doc2data.errors import StorageError

T = TypeVar("T")

LOOKED_AT = 64
"""Members of one bucket that are candidates, newest first. Texts from one template crowd into the buckets of what the
template says; true twins meet in the buckets of the rest as well, so the crowd can be left alone, and time grows with
the number of texts instead of its square."""


@contextmanager
def temporary() -> Iterator[None]:
    """What writes to temporary files, with the system's refusal in our words.

    Raises:
        StorageError: their folder is full or cannot be written.
    """
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise StorageError(
            f"Cannot write temporary files: {error}.",
            "Free space for them, or name another folder in the variable TMPDIR, and run again: what was made is kept.",
        ) from error


class Scratch:
    """A temporary database. Use it in one thread at a time."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self.connection.close)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self._names: Iterator[str] = (f"t{number}" for number in count())

    def buckets(self) -> Buckets:
        """New, empty buckets."""
        return Buckets(self, next(self._names))

    def shelf(self) -> Shelf[T]:
        """A new, empty shelf."""
        return Shelf(self, next(self._names))


class Buckets:
    """Members numbered from 0, each with one key per table; members with an equal key in a table are candidates.

    Locality-sensitive buckets: what may be alike shares a key in some table, whatever makes the keys.
    """

    def __init__(self, scratch: Scratch, name: str) -> None:
        self._scratch = scratch  # closed with the last who uses it
        self._connection = scratch.connection
        self._connection.execute(
            f"CREATE TABLE {name} (part INTEGER, key INTEGER, member INTEGER, PRIMARY KEY (part, key, member))"
            " WITHOUT ROWID"
        )
        self._insert = f"INSERT INTO {name} VALUES (?, ?, ?)"
        self._select = f"SELECT member FROM {name} WHERE part = ? AND key = ? ORDER BY member DESC LIMIT {LOOKED_AT}"
        self._members = 0

    def add(self, keys: Sequence[int]) -> None:
        """Put the next member under its keys, one per table, each of 64 bits with a sign."""
        with temporary():
            self._connection.executemany(self._insert, [(part, key, self._members) for part, key in enumerate(keys)])
        self._members += 1

    def candidates(self, keys: Sequence[int]) -> list[int]:
        """Members that share a key, in the order of addition."""
        found = {row[0] for pair in enumerate(keys) for row in self._connection.execute(self._select, pair)}
        return sorted(found)


class Shelf(Generic[T]):
    """Things numbered from 0."""

    def __init__(self, scratch: Scratch, name: str) -> None:
        self._scratch = scratch  # closed with the last who uses it
        self._connection = scratch.connection
        self._connection.execute(f"CREATE TABLE {name} (number INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        self._insert = f"INSERT INTO {name} VALUES (?, ?)"
        self._select = f"SELECT body FROM {name} WHERE number = ?"
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, thing: T) -> None:
        """Add the next thing; it is pickled."""
        with temporary():
            self._connection.execute(self._insert, (self._count, pickle.dumps(thing)))
        self._count += 1

    def __getitem__(self, number: int) -> T:
        row = self._connection.execute(self._select, (number,)).fetchone()
        if row is None:
            raise IndexError(number)
        thing: T = pickle.loads(row[0])
        return thing
