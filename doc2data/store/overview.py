"""How the accepted samples are spread, and what they repeat, counted by SQLite: a large set needs no memory."""

from __future__ import annotations

import sqlite3

ANSWER = "json_extract(body, '$.messages[#-1].content')"
QUOTE = "json_extract(body, '$.evidence[0].quote')"
ACCEPTED = "FROM samples WHERE status = 'accepted'"
LENGTHS = ((30, "a few words"), (150, "a sentence"), (600, "a paragraph"))
"""Most characters of an answer, with what such a one is; longer ones are several paragraphs."""
LONGER = "longer"


class Overview:
    """Counts over all accepted samples."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def languages(self) -> dict[str, int]:
        """Samples by language, most first."""
        return self._counted("json_extract(body, '$.language')")

    def lengths(self) -> dict[str, int]:
        """Samples by the length of their answer, shortest first."""
        cases = " ".join(f"WHEN length({ANSWER}) <= {most} THEN '{name}'" for most, name in LENGTHS)
        found = self._counted(f"CASE {cases} ELSE '{LONGER}' END")
        return {name: found[name] for name in (*(name for _, name in LENGTHS), LONGER) if name in found}

    def same_answers(self) -> int:
        """Samples whose answer another one gives word for word."""
        query = f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n {ACCEPTED} GROUP BY {ANSWER} HAVING n > 1)"
        return int(self._connection.execute(query).fetchone()[0])

    def quotes(self, most: int) -> dict[str, int]:
        """The quotes that most samples stand on, with how many; only those that several share."""
        query = f"SELECT {QUOTE} AS quote, count(*) AS n {ACCEPTED} AND quote IS NOT NULL GROUP BY quote"
        rows = self._connection.execute(f"{query} HAVING n > 1 ORDER BY n DESC, quote LIMIT ?", (most,))
        return dict(rows.fetchall())

    def _counted(self, expression: str) -> dict[str, int]:
        query = f"SELECT {expression} AS value, count(*) AS n {ACCEPTED} GROUP BY value ORDER BY n DESC, value"
        return {str(value): n for value, n in self._connection.execute(query)}
