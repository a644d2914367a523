"""Samples that the documents no longer bear out: kept, told apart from the dataset, and brought back if they return."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from doc2data.records import Judged, from_canonical, to_canonical
from doc2data.store.samples import JobRow, Samples
from doc2data.store.selection import DECIDED

Why = Literal["stale", "removed", "unreadable"]
"""The document says it no longer; it is off the list; it could not be read."""


@dataclass(frozen=True, slots=True)
class RetiredSample:
    """One sample with why it went."""

    judged: Judged
    job: str
    state: Why
    document: str
    """Name of the document that no longer bears it out."""
    reason: str
    decided: bool
    """Whether a person has accepted, rejected or edited it."""


class Retired:
    """The table `retired`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._samples = Samples(connection)

    def put(self, id: str, state: Why, document: str, reason: str) -> None:
        """Move a sample here; one that was rejected and that nobody decided on is forgotten. Call in a transaction."""
        query = (
            f"SELECT jobs.id, samples.position, recipe, chunk, status, {DECIDED} FROM samples"
            " JOIN jobs ON jobs.id = samples.job WHERE samples.id = ?"
        )
        job, position, recipe, chunk, status, decided = self._connection.execute(query, (id,)).fetchone()
        judged = self._samples.get(id)
        assert judged is not None
        if status == "accepted" or decided:
            body = json.dumps(to_canonical(judged), ensure_ascii=False)
            values = (id, job, position, recipe, chunk, state, document, reason, int(bool(decided)), body)
            self._connection.execute(f"INSERT OR REPLACE INTO retired VALUES ({', '.join('?' * 10)})", values)
        self._connection.execute("DELETE FROM samples WHERE id = ?", (id,))

    def all(self) -> Iterator[RetiredSample]:
        """All of them, by document and place in the plan."""
        query = "SELECT job, state, document, reason, decided, body FROM retired ORDER BY document, position, id"
        for job, state, document, reason, decided, body in self._connection.execute(query).fetchall():
            yield RetiredSample(from_canonical(json.loads(body)), job, state, document, reason, bool(decided))

    def restore(self, judged: Judged) -> None:
        """Put a retired sample, anchored anew, back among the samples. Call inside a transaction."""
        id = judged.sample.id
        query = "SELECT job, position, recipe, chunk FROM retired WHERE id = ?"
        job, position, recipe, chunk = self._connection.execute(query, (id,)).fetchone()
        row = JobRow(job, position.rpartition("/")[0], recipe, chunk, "done")
        self._samples.put_back(row, position, judged)
        self._connection.execute("DELETE FROM retired WHERE id = ?", (id,))

    def forget_returned(self) -> None:
        """Forget those whose sample was made again. Call inside a transaction."""
        # Told by EXISTS, because SQLite would go through all samples for an IN.
        self._connection.execute(
            "DELETE FROM retired WHERE EXISTS (SELECT 1 FROM samples WHERE samples.id = retired.id)"
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """How many there are, by document and state."""
        found: dict[str, dict[str, int]] = {}
        query = "SELECT document, state, count(*) FROM retired GROUP BY document, state ORDER BY document, state"
        for document, state, count in self._connection.execute(query):
            found.setdefault(document, {})[state] = count
        return found
