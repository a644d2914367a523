"""Choosing among many samples: a query gives ids, and rows are fetched a page at a time.

A hundred thousand ids are a few megabytes and tell at once how many there are and which one comes next; a hundred
thousand samples with their verdicts would be hundreds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from doc2data.records import SampleStatus

Order = Literal["plan", "score", "random"]
"""plan: as made; score: lowest first; random: by id, which is a hash."""

PASSED_CHECKS = (
    "NOT EXISTS (SELECT 1 FROM verdicts WHERE sample = samples.id AND NOT passed AND verdicts.name <> 'review')"
)
DECIDED = (
    "(coalesce(json_extract(samples.body, '$.recipe.params.edited'), 0)"
    " OR EXISTS (SELECT 1 FROM verdicts WHERE sample = samples.id AND verdicts.name = 'review'))"
)
"""A person has accepted, rejected or edited it."""
_DECIDED = "EXISTS (SELECT 1 FROM verdicts WHERE sample = samples.id AND verdicts.name = 'review')"
_FAILED_BY = "EXISTS (SELECT 1 FROM verdicts WHERE sample = samples.id AND NOT passed AND verdicts.name = ?)"
_TAGGED = r"id IN (SELECT sample FROM remarks WHERE tags LIKE ? ESCAPE '\')"
_SCORE = "(SELECT avg(score) FROM verdicts WHERE sample = samples.id)"
_ORDERS: dict[Order, str] = {"plan": "position, id", "score": f"{_SCORE}, position, id", "random": "id"}


@dataclass(frozen=True, slots=True)
class Query:
    """Which samples, and in which order. None and empty mean any."""

    status: SampleStatus | None = None
    decided: bool | None = None
    """Whether a person has decided on it."""
    passed_checks: bool = False
    """Only those that all checks passed, whatever a person said."""
    kind: str = ""
    document: str = ""
    """Name of a document that its evidence stands in."""
    failed: str = ""
    """Name of a check that it failed."""
    tag: str = ""
    """A tag that a person has given it."""
    text: str = ""
    """Words that stand in it, anywhere, in any script."""
    order: Order = "plan"
    limit: int = -1
    """Most ids; negative for all."""

    def statement(self) -> tuple[str, list[object]]:
        """SQL that gives the ids, with its values."""
        tests = [
            ("status = ?", self.status),
            ("kind = ?", self.kind),
            (_FAILED_BY, self.failed),
            (_TAGGED, self.tag and _contains(_json(self.tag))),
            (r"body LIKE ? ESCAPE '\'", self.document and _contains(f'"document": {_json(self.document)}')),
            (r"body LIKE ? ESCAPE '\'", self.text and _contains(_json(self.text)[1:-1])),
        ]
        used = [(test, value) for test, value in tests if value]
        where = [test for test, _ in used]
        if self.decided is not None:
            where.append(_DECIDED if self.decided else f"NOT {_DECIDED}")
        if self.passed_checks:
            where.append(PASSED_CHECKS)
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        values: list[object] = [value for _, value in used]
        return f"SELECT id FROM samples{condition} ORDER BY {_ORDERS[self.order]} LIMIT ?", [*values, self.limit]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a table shows of one sample."""

    id: str
    kind: str
    status: SampleStatus
    reason: str
    question: str
    score: float
    decided: bool


def briefs(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Brief]:
    """A line about each of these samples, in the order asked for; those that are gone are left out."""
    marks = ",".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT id, kind, status, reason, body, coalesce({_SCORE}, 0), {_DECIDED} FROM samples WHERE id IN ({marks})",
        list(ids),
    )
    found = {
        id: Brief(id, kind, status, reason, _question(body), score, bool(decided))
        for id, kind, status, reason, body, score, decided in rows
    }
    return [found[id] for id in ids if id in found]


def _question(body: str) -> str:
    asked = [message["content"] for message in json.loads(body)["messages"] if message["role"] == "user"]
    return str(asked[-1]) if asked else ""


def _contains(text: str) -> str:
    """A LIKE pattern for text anywhere; SQLite folds case of Latin letters only."""
    for character in "\\%_":
        text = text.replace(character, f"\\{character}")
    return f"%{text}%"


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
