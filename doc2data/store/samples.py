"""Jobs, the samples they made, and what the checks said of them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from doc2data.records import Judged, SampleStatus, Verdict, from_canonical, to_canonical
from doc2data.store.documents import ids_in_order
from doc2data.store.selection import DECIDED, PASSED_CHECKS, Brief, Query, briefs


@dataclass(frozen=True, slots=True)
class JobRow:
    """One finished piece of work."""

    id: str
    position: str
    """Sorts jobs into plan order; samples are kept and exported in this order."""
    recipe: str
    chunk: str
    state: str
    """done or failed."""
    reason: str = ""


class Samples:
    """The tables jobs, samples and verdicts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put_job(self, job: JobRow, made: Sequence[Judged]) -> None:
        """Record a job with all it made, replacing an earlier record of it. Call inside a transaction."""
        self._connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
        self._connection.execute(
            "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?)",
            (job.id, job.position, job.recipe, job.chunk, job.state, job.reason),
        )
        for index, judged in enumerate(made):
            self._insert(judged, job.id, f"{job.position}/{index:03}")

    def put_back(self, job: JobRow, position: str, judged: Judged) -> None:
        """Record a sample again, with its job where that is gone. Call inside a transaction."""
        self._connection.execute(
            "INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, ?, ?, ?)",
            (job.id, job.position, job.recipe, job.chunk, job.state, job.reason),
        )
        self._insert(judged, job.id, position)

    def failures(self) -> dict[str, int]:
        """Failed jobs by reason."""
        query = "SELECT reason, count(*) FROM jobs WHERE state = 'failed' GROUP BY reason ORDER BY reason"
        return dict(self._connection.execute(query).fetchall())

    def overruled(self, check: str) -> dict[str, str]:
        """Accepted samples that a check had turned down, with what it said: a person has overruled it."""
        query = (
            "SELECT sample, verdicts.reason FROM verdicts JOIN samples ON samples.id = verdicts.sample"
            " WHERE name = ? AND NOT passed AND status = 'accepted'"
        )
        return dict(self._connection.execute(query, (check,)).fetchall())

    def job_of(self, sample: str) -> JobRow:
        """The job that made a sample.

        Raises:
            KeyError: there is no such sample.
        """
        made = "(SELECT job FROM samples WHERE id = ?)"
        query = f"SELECT id, position, recipe, chunk, state, reason FROM jobs WHERE id = {made}"
        row = self._connection.execute(query, (sample,)).fetchone()
        if row is None:
            raise KeyError(sample)
        return JobRow(*row)

    def forget_widowed(self, recipes: Collection[str]) -> int:
        """Forget these recipes' jobs whose samples only repeat a question of a sample that is no longer here.

        They are done again, which costs nothing where replies are kept. Returns how many. Call inside a transaction.
        """
        query = (
            "SELECT DISTINCT jobs.id, recipe FROM samples JOIN verdicts ON verdicts.sample = samples.id"
            " JOIN jobs ON jobs.id = samples.job"
            f" WHERE verdicts.name = 'duplicate' AND NOT verdicts.passed AND NOT {DECIDED}"
            " AND verdicts.reason LIKE 'Asks what sample %'"
            " AND NOT EXISTS (SELECT 1 FROM samples AS twin WHERE twin.id = substr(verdicts.reason, 18, 16))"
        )
        gone = [(id,) for id, recipe in self._connection.execute(query) if recipe in recipes]
        self._connection.executemany("DELETE FROM jobs WHERE id = ?", gone)
        return len(gone)

    def decisions(self) -> Iterator[Judged]:
        """Samples that a person has accepted, rejected or edited, in plan order."""
        query = f"SELECT id, body FROM samples WHERE {DECIDED} ORDER BY position, id"
        for id, body in self._connection.execute(query):
            yield self._with_verdicts(id, body)

    def judged(self, status: SampleStatus | None = None) -> Iterator[Judged]:
        """Samples with their verdicts in plan order, all or those of one status; memory does not grow with them."""
        which = "" if status is None else "WHERE status = ?"
        query = f"SELECT id, body FROM samples {which} ORDER BY position, id"
        for id, body in self._connection.execute(query, (status,) if status else ()):
            yield self._with_verdicts(id, body)

    def evidence(self) -> Iterator[tuple[str, str, int, int, str]]:
        """All that accepted samples stand on, by document: the sample, the document's name, from, to, and the quote."""
        told = ", ".join(f"json_extract(value, '$.{key}')" for key in ("document", "start", "end", "quote"))
        query = f"SELECT samples.id, {told} FROM samples, json_each(samples.body, '$.evidence')"
        yield from self._connection.execute(f"{query} WHERE status = 'accepted' ORDER BY 2, 3, 4, 1")

    def get(self, id: str) -> Judged | None:
        """One sample with its verdicts, or None."""
        row = self._connection.execute("SELECT body FROM samples WHERE id = ?", (id,)).fetchone()
        return None if row is None else self._with_verdicts(id, row[0])

    def replace(self, id: str, judged: Judged) -> None:
        """Put another version in a sample's place, under its own id. Call inside a transaction."""
        job, position = self._connection.execute("SELECT job, position FROM samples WHERE id = ?", (id,)).fetchone()
        self._connection.execute("DELETE FROM samples WHERE id = ?", (id,))
        self._insert(judged, job, position)

    def fingerprint(self) -> str:
        """Hash of all samples with what was said of them."""
        total = hashlib.sha256()
        verdicts = "SELECT sample, position, name, passed, score, reason FROM verdicts ORDER BY sample, position"
        for query in ("SELECT id, position, status, body FROM samples ORDER BY id", verdicts):
            for row in self._connection.execute(query):
                total.update(repr(row).encode("utf-8", "surrogatepass"))
        return total.hexdigest()

    def counts(self) -> dict[str, int]:
        """Samples by status, and jobs by state."""
        samples = self._connection.execute("SELECT status, count(*) FROM samples GROUP BY status").fetchall()
        jobs = self._connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall()
        zero = {"accepted": 0, "rejected": 0, "done": 0, "failed": 0}
        return zero | dict(samples) | dict(jobs)

    def kinds(self) -> dict[str, int]:
        """Accepted samples by kind."""
        query = "SELECT kind, count(*) FROM samples WHERE status = 'accepted' GROUP BY kind ORDER BY kind"
        return dict(self._connection.execute(query).fetchall())

    def reasons(self) -> dict[str, int]:
        """Rejected samples by the check that rejected them, most first."""
        query = (
            "SELECT name, count(*) AS n FROM verdicts JOIN samples ON samples.id = verdicts.sample"
            " WHERE NOT passed AND status = 'rejected' GROUP BY name ORDER BY n DESC, name"
        )
        return dict(self._connection.execute(query).fetchall())

    def select(self, query: Query) -> list[str]:
        """Ids of the samples that a query finds, in its order; rows come later, a page at a time, from `briefs`."""
        statement, values = query.statement()
        return [row[0] for row in self._connection.execute(statement, values)]

    def ids(self) -> Iterator[str]:
        """Ids of all samples, in order; what is added or removed behind the last one given is no matter."""
        return ids_in_order(self._connection, "samples")

    def briefs(self, ids: Sequence[str]) -> list[Brief]:
        """A line about each of these samples, in the order asked for; those that are gone are left out."""
        return briefs(self._connection, ids)

    def rejected_by(self) -> dict[str, int]:
        """Rejected samples by the first check that they failed, most first; one sample counts once."""
        query = (
            "SELECT substr(reason, 1, instr(reason, ':') - 1) AS name, count(*) AS n FROM samples"
            " WHERE status = 'rejected' GROUP BY name ORDER BY n DESC, name"
        )
        return dict(self._connection.execute(query).fetchall())

    def decided(self) -> set[str]:
        """Ids of the samples that a person has decided on."""
        return {row[0] for row in self._connection.execute("SELECT sample FROM verdicts WHERE name = 'review'")}

    def passed_checks(self) -> int:
        """How many samples all checks passed, whatever a person said of them."""
        query = f"SELECT count(*) FROM samples WHERE {PASSED_CHECKS}"
        return int(self._connection.execute(query).fetchone()[0])

    def audited(self, first: int) -> tuple[int, int]:
        """Of the `first` samples by id that all checks passed: those a person decided on, and those accepted."""
        query = (
            "SELECT count(*), coalesce(sum(passed), 0) FROM verdicts WHERE name = 'review' AND sample IN"
            f" (SELECT id FROM samples WHERE {PASSED_CHECKS} ORDER BY id LIMIT ?)"
        )
        reviewed, confirmed = self._connection.execute(query, (first,)).fetchone()
        return int(reviewed), int(confirmed)

    def _insert(self, judged: Judged, job: str, position: str) -> None:
        canonical = to_canonical(judged)
        del canonical["verdicts"]
        sample = judged.sample
        self._connection.execute(
            "INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                sample.id,
                job,
                position,
                sample.kind,
                judged.status,
                judged.reason,
                json.dumps(canonical, ensure_ascii=False),
            ),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO verdicts VALUES (?, ?, ?, ?, ?, ?)",
            [(sample.id, i, v.check, int(v.passed), v.score, v.reason) for i, v in enumerate(judged.verdicts)],
        )

    def _with_verdicts(self, id: str, body: str) -> Judged:
        rows = self._connection.execute(
            "SELECT name, passed, score, reason FROM verdicts WHERE sample = ? ORDER BY position", (id,)
        )
        verdicts = tuple(Verdict(name, bool(passed), score, reason) for name, passed, score, reason in rows)
        judged = from_canonical({**json.loads(body), "verdicts": []})
        return Judged(judged.sample, verdicts)
