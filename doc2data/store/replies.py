"""Every engine reply by request key: the cache that makes resuming free and runs repeatable."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict

from models.engine import Reply


class Replies:
    """A models.ReplyCache over the table `replies`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> Reply | None:
        """The reply kept under a key, or None."""
        row = self._connection.execute("SELECT body FROM replies WHERE key = ?", (key,)).fetchone()
        return None if row is None else Reply(**json.loads(row[0]))

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply; durable when this returns."""
        body = json.dumps(asdict(reply), ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, body))

    def all(self) -> Iterator[Reply]:
        """Every reply."""
        for (body,) in self._connection.execute("SELECT body FROM replies"):
            yield Reply(**json.loads(body))

    def count(self) -> int:
        """How many replies are kept."""
        return int(self._connection.execute("SELECT count(*) FROM replies").fetchone()[0])
