"""Whether what stands in a database's rows can be read: SQLite itself knows only pages, keys and parents."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doc2data.store.database import Store

OURS = ("table", "index")
"""What a database is made of; anything else in its schema would run when rows change, and is not ours."""


def unsound(store: Store) -> Iterator[str]:
    """What is wrong with the schema, the types and the contents of the rows."""
    connection = store.connection
    foreign = f"SELECT type, name FROM sqlite_schema WHERE type NOT IN ({', '.join(map(repr, OURS))})"
    for kind, name in connection.execute(foreign):
        yield f"a {kind} that doc2data did not make: {name!r}"
    # The words of the index are left out: they are derived, and compared with the passages elsewhere.
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'lexical%'"
    for (table,) in connection.execute(tables).fetchall():
        yield from _other_types(connection, table)
    for table, read in _readers(store).items():
        try:
            for _ in read():
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the row that cannot be read
            yield f"a row of {table} cannot be read ({type(error).__name__})"


def _other_types(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    for _, column, declared, needed, _, key in connection.execute(f"PRAGMA table_info({table})").fetchall():
        allowed = {declared.lower()} | ({"integer"} if declared == "REAL" else set())
        allowed |= set() if needed or key else {"null"}
        listed = ", ".join(map(repr, sorted(allowed)))
        no_file = f" OR instr({column}, char(0)) > 0" if column == "path" else ""
        query = f"SELECT count(*) FROM {table} WHERE typeof({column}) NOT IN ({listed}){no_file}"
        if wrong := connection.execute(query).fetchone()[0]:
            yield f"{wrong} values of {table}.{column} that are no {declared}"


def _readers(store: Store) -> dict[str, Callable[[], Iterable[object]]]:
    documents = store.documents
    return {
        "meta": documents.licences,
        "documents": lambda: (documents.document(row.id) for row in documents.rows() if row.state == "read"),
        "chunks": documents.chunks,
        "clues": documents.clues,
        "passages": documents.passages,
        "samples": store.samples.judged,
        "retired": store.retired.all,
        "remarks": store.remarks.all,
        "replies": store.replies.all,
    }
