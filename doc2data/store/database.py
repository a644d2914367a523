"""The connection, the schema, and the transaction that all tables share."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from doc2data.errors import ProjectDamaged, StorageError
from doc2data.store import remarks
from doc2data.store.documents import Documents
from doc2data.store.overview import Overview
from doc2data.store.plan import Plan
from doc2data.store.replies import Replies
from doc2data.store.retired import Retired
from doc2data.store.samples import Samples
from doc2data.store.soundness import unsound

SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (name TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, sha256 TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('read', 'failed')), reason TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT 'und',
    pages INTEGER, characters INTEGER NOT NULL DEFAULT 0, blocks INTEGER NOT NULL DEFAULT 0,
    warnings TEXT NOT NULL DEFAULT '[]', key TEXT NOT NULL DEFAULT '', body BLOB
) WITHOUT ROWID;
CREATE TABLE chunks (
    id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    position INTEGER NOT NULL, section TEXT NOT NULL, spans TEXT NOT NULL, tokens INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chunks_by_document ON chunks (document, position);
CREATE TABLE clues (
    id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    chunk TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX clues_by_document ON clues (document, start);
CREATE INDEX clues_by_chunk ON clues (chunk, start);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX passages_by_document ON passages (document);
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, position TEXT NOT NULL, recipe TEXT NOT NULL, chunk TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')), reason TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE samples (
    id TEXT PRIMARY KEY, job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, position TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('accepted', 'rejected')),
    reason TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX samples_by_job ON samples (job);
CREATE INDEX samples_in_order ON samples (status, position);
CREATE TABLE verdicts (
    sample TEXT NOT NULL REFERENCES samples ON DELETE CASCADE, position INTEGER NOT NULL,
    name TEXT NOT NULL, passed INTEGER NOT NULL, score REAL NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (sample, position)
) WITHOUT ROWID;
CREATE TABLE replies (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE identities (sha256 TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE retired (
    id TEXT PRIMARY KEY, job TEXT NOT NULL, position TEXT NOT NULL, recipe TEXT NOT NULL, chunk TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('stale', 'removed', 'unreadable')), document TEXT NOT NULL,
    reason TEXT NOT NULL, decided INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
"""


class Store:
    """One open project.db. Use it in the thread that opened it; other threads open their own."""

    def __init__(self, path: Path) -> None:
        """Open, or make, the database.

        Raises:
            ProjectDamaged: the file is no database, or one of another version.
            StorageError: it cannot be opened or written.
        """
        self.path = path
        with _explained(path):
            self.connection = sqlite3.connect(path, isolation_level=None)
            self.connection.execute("PRAGMA foreign_keys = ON")
            self.connection.execute("PRAGMA trusted_schema = OFF")  # a backup may come from anywhere
            self.connection.execute("PRAGMA busy_timeout = 5000")
            self._prepare()
            self.connection.execute(remarks.TABLE)
        self.documents = Documents(self.connection)
        self.samples = Samples(self.connection)
        self.overview = Overview(self.connection)
        self.remarks = remarks.Remarks(self.connection)
        self.replies = Replies(self.connection)
        self.retired = Retired(self.connection)
        self.plan = Plan(self.connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside take effect together, or none does.

        Raises:
            StorageError: the disk is full or cannot be written.
        """
        with _explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def meta(self, key: str) -> str | None:
        """A value kept under a name, or None."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a name."""
        with _explained(self.path):
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def problems(self) -> list[str]:
        """What is wrong with the file, its pages, keys or rows; empty when all is well."""
        try:
            said = [row[0] for row in self.connection.execute("PRAGMA integrity_check(20)")]
            orphans = Counter((row[0], row[2]) for row in self.connection.execute("PRAGMA foreign_key_check"))
        except sqlite3.DatabaseError as error:
            return [str(error)]
        found = [] if said == ["ok"] else [str(line) for line in said]
        found += [f"{n} rows of {table} without their {parent}" for (table, parent), n in orphans.items()]
        return found or list(unsound(self))

    def check(self) -> None:
        """Make sure that the whole file can be read.

        Raises:
            ProjectDamaged: it cannot.
        """
        problems = self.problems()
        if problems:
            raise ProjectDamaged(f"{self.path.name} is damaged: {problems[0]}.")

    def close(self) -> None:
        """Close the connection; committed work stays."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Close; where something unforeseen happened over damaged rows, say that they are damaged.

        Raises:
            ProjectDamaged: that is what was the matter.
        """
        try:
            unforeseen = isinstance(error, Exception) and not hasattr(error, "hint")
            problems = self.problems() if unforeseen else []
        finally:
            self.close()
        if problems:
            raise ProjectDamaged(f"{self.path.name} is damaged: {problems[0]}.") from error

    def _prepare(self) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        if version != 0:
            raise ProjectDamaged(
                f"{self.path.name} was made by another version of doc2data.", "Build again into a new folder."
            )
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


def copy_database(path: Path, target: Path) -> None:
    """Copy a database as it stands at one moment, also while another process writes to it.

    Raises:
        ProjectDamaged: it is not there, or damaged.
        StorageError: the copy cannot be written.
    """
    if not path.exists():
        raise ProjectDamaged(f"There is no {path.name} here.")
    with _explained(path), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    with Store(target) as store:
        store.check()
        # One file without companions, which is all that a backup takes along.
        store.connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors in our words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(f"Cannot write {path.name}: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise ProjectDamaged(f"{path.name} is damaged or no database: {error}.") from error
