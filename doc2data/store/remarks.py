"""What a person has noted on samples beside decisions: tags to find them by, and a note."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

TABLE = (
    "CREATE TABLE IF NOT EXISTS remarks (sample TEXT PRIMARY KEY, tags TEXT NOT NULL, note TEXT NOT NULL) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Tags and note of one sample; both may be empty."""

    tags: tuple[str, ...] = ()
    note: str = ""


class Remarks:
    """The table remarks. They outlive the sample's row, since a decision writes it anew."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, sample: str) -> Remark:
        """What was noted on a sample; an empty remark where nothing was."""
        row = self._connection.execute("SELECT tags, note FROM remarks WHERE sample = ?", (sample,)).fetchone()
        return Remark() if row is None else Remark(tuple(json.loads(row[0])), row[1])

    def put(self, sample: str, remark: Remark) -> None:
        """Replace what was noted on a sample. Call inside a transaction."""
        if remark == Remark():
            self._connection.execute("DELETE FROM remarks WHERE sample = ?", (sample,))
            return
        tags = json.dumps(remark.tags, ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO remarks VALUES (?, ?, ?)", (sample, tags, remark.note))

    def move(self, sample: str, to: str) -> None:
        """Let another version of a sample have what was noted on it. Call inside a transaction."""
        if sample != to:
            self._connection.execute("UPDATE OR REPLACE remarks SET sample = ? WHERE sample = ?", (to, sample))

    def tags(self) -> dict[str, int]:
        """Every tag in use on a sample that is there, with how many have it."""
        found = Counter(tag for _, remark in self.all() for tag in remark.tags)
        return dict(sorted(found.items()))

    def all(self) -> Iterator[tuple[str, Remark]]:
        """Every remark on a sample that is there, by id."""
        query = "SELECT sample, tags, note FROM remarks WHERE sample IN (SELECT id FROM samples) ORDER BY sample"
        for sample, tags, note in self._connection.execute(query):
            yield sample, Remark(tuple(json.loads(tags)), note)
