"""The plan of a round: every job that is to be done, on disk, because a large corpus has millions of them."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from doc2data.store.scratch import temporary
from doc2data.store.selection import DECIDED

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS plan (
    position TEXT PRIMARY KEY, id TEXT NOT NULL, recipe TEXT NOT NULL, chunk TEXT NOT NULL, job BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS temp.plan_by_id ON plan (id);
"""
PAGE = 500
"""Jobs that are read together."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One job of the plan."""

    position: str
    """Sorts jobs into plan order; those of a chunk follow each other."""
    id: str
    recipe: str
    chunk: str
    job: Any
    """What the recipe planned, given back as it was."""


class Plan:
    """One plan, as long as the store is open; the next one takes its place."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, rows: Iterable[PlannedRow]) -> None:
        """Make this the plan; others may write to the database meanwhile.

        Raises:
            StorageError: the folder of temporary files is full.
        """
        # Pickled and not JSON, so that a job comes back with every type it had; nobody else writes to this table.
        values = ((row.position, row.id, row.recipe, row.chunk, pickle.dumps(row.job)) for row in rows)
        with temporary():
            self._connection.executescript(TABLE)
            self._connection.execute("BEGIN")
            try:
                self._connection.execute("DELETE FROM temp.plan")
                self._connection.executemany("INSERT INTO temp.plan VALUES (?, ?, ?, ?, ?)", values)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def count(self) -> int:
        """How many jobs there are, those of one id counted once."""
        return int(self._connection.execute("SELECT count(DISTINCT id) FROM temp.plan").fetchone()[0])

    def recipes(self) -> set[str]:
        """The recipes that have jobs."""
        return {row[0] for row in self._connection.execute("SELECT DISTINCT recipe FROM temp.plan")}

    def done(self) -> int:
        """How many jobs were done before."""
        query = "SELECT count(DISTINCT id) FROM temp.plan WHERE id IN (SELECT id FROM jobs WHERE state = 'done')"
        return int(self._connection.execute(query).fetchone()[0])

    def open(self) -> Iterator[PlannedRow]:
        """The jobs that are not done yet, in plan order; one that is done meanwhile may be left out."""
        query = (
            "SELECT position, id, recipe, chunk, job FROM temp.plan WHERE position > ?"
            " AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = plan.id AND state = 'done') ORDER BY position LIMIT ?"
        )
        last = ""
        while page := self._connection.execute(query, (last, PAGE)).fetchall():
            last = page[-1][0]
            for position, id, recipe, chunk, job in page:
                yield PlannedRow(position, id, recipe, chunk, pickle.loads(job))

    def tidy(self, recipes: Collection[str]) -> int:
        """Leave of what these recipes did what the plan holds, in its order, and what a person decided on.

        Returns how many jobs were forgotten. Call inside a transaction.
        """
        marks = ",".join("?" * len(recipes))
        gone = self._connection.execute(
            f"DELETE FROM jobs WHERE recipe IN ({marks}) AND id NOT IN (SELECT id FROM temp.plan)"
            f" AND id NOT IN (SELECT job FROM samples WHERE {DECIDED})",
            tuple(recipes),
        ).rowcount
        job = "FROM temp.plan JOIN jobs ON jobs.id = plan.id WHERE plan.id = samples.job"
        moved = "plan.position || substr(samples.position, length(jobs.position) + 1)"
        self._connection.execute(
            f"UPDATE samples SET position = (SELECT {moved} {job})"
            f" WHERE EXISTS (SELECT 1 {job} AND plan.position <> jobs.position)"
        )
        self._connection.execute(
            "UPDATE jobs SET position = plan.position, chunk = plan.chunk FROM temp.plan"
            " WHERE plan.id = jobs.id AND (plan.position <> jobs.position OR plan.chunk <> jobs.chunk)"
        )
        return gone
