"""Documents with what was cut from them: chunks, clues and passages."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from pydantic import TypeAdapter

from doc2data.records import Chunk, Clue, ClueKind, Passage, Span
from parsers.document import Document

DOCUMENT = TypeAdapter(Document)
CLUE = TypeAdapter(Clue)
PASSAGE = TypeAdapter(Passage)
PAIRS = TypeAdapter(list[tuple[int, int]])
HEADINGS = TypeAdapter(tuple[str, ...])
PAGE = 20_000
"""Ids that are read together."""
LICENCES = "licences"
"""Key of what was stated, in the table meta."""
LONGEST = 1 << 30
"""Bytes that a document's JSON may have."""
CHUNK = "id, document, position, section, spans, tokens"
COLUMNS = "id, name, path, sha256, state, reason, type, title, language, pages, characters, blocks, warnings, key"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What is known of one document without its text."""

    id: str
    name: str
    """Unique in the project; what evidence calls it."""
    path: str
    """Where the file was when it was read."""
    sha256: str
    state: str
    """read or failed."""
    reason: str = ""
    """Why it failed; empty for documents that were read."""
    type: str = ""
    title: str = ""
    language: str = "und"
    pages: int | None = None
    characters: int = 0
    blocks: int = 0
    warnings: tuple[str, ...] = ()
    key: str = ""
    """What the ids of its chunks and clues begin from: the name it was first read under."""


class Documents:
    """The tables sources, documents, chunks, clues and passages."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sources(self) -> dict[str, str]:
        """Name and path of every file that belongs to the project."""
        return dict(self._connection.execute("SELECT name, path FROM sources ORDER BY name").fetchall())

    def put_sources(self, sources: Mapping[str, str]) -> None:
        """Add files to the project, or move them. Call inside a transaction."""
        self._connection.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?)", list(sources.items()))

    def licences(self) -> dict[str, str]:
        """Licence of each file by name, where somebody has stated one."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (LICENCES,)).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def put_licences(self, licences: Mapping[str, str]) -> None:
        """State licences of files by name; an empty one takes a statement back. Call inside a transaction."""
        stated = {name: licence for name, licence in (self.licences() | dict(licences)).items() if licence}
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (LICENCES, _json(stated)))

    def put(self, row: DocumentRow, document: Document | None) -> None:
        """Replace the document of that name, with all that was cut from it. Call inside a transaction."""
        self._connection.execute("DELETE FROM documents WHERE name = ?", (row.name,))
        values = {**asdict(row), "warnings": json.dumps(row.warnings, ensure_ascii=False)}
        body = None if document is None else zlib.compress(DOCUMENT.dump_json(document))
        self._connection.execute(
            f"INSERT INTO documents ({COLUMNS}, body) VALUES ({', '.join('?' * 15)})", (*values.values(), body)
        )

        if row.state == "read":
            self._connection.execute("INSERT OR REPLACE INTO identities VALUES (?, ?)", (row.sha256, row.key))

    def keys_of(self, digests: Iterable[str]) -> dict[str, str]:
        """For contents that were read before, also under another name: SHA-256 to the key they were read under."""
        query = "SELECT key FROM identities WHERE sha256 = ?"
        found = ((digest, self._connection.execute(query, (digest,)).fetchone()) for digest in digests)
        return {digest: str(row[0]) for digest, row in found if row is not None}

    def put_parts(self, chunks: Sequence[Chunk], clues: Sequence[Clue], passages: Sequence[Passage], id: str) -> None:
        """Add what was cut from document `id`. Call inside the transaction that puts it."""
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
            [
                (c.id, c.document, c.index, _json(c.section), _json([(s.start, s.end) for s in c.spans]), c.tokens)
                for c in chunks
            ],
        )
        self._connection.executemany(
            "INSERT INTO clues VALUES (?, ?, ?, ?, ?, ?)",
            [(c.id, c.document, c.chunk, c.kind, c.start, CLUE.dump_json(c).decode()) for c in clues],
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?)", [(p.id, id, PASSAGE.dump_json(p).decode()) for p in passages]
        )

    def remove(self, name: str) -> None:
        """Forget a file, its document and all that was cut from it. Call inside a transaction."""
        self.remove_source(name)
        self._connection.execute("DELETE FROM documents WHERE name = ?", (name,))

    def remove_source(self, name: str) -> None:
        """Take a file off the list; its document goes with `keep_listed`. Call inside a transaction."""
        self._connection.execute("DELETE FROM sources WHERE name = ?", (name,))

    def keep_listed(self) -> None:
        """Forget documents whose file is no longer on the list. Call inside a transaction."""
        self._connection.execute("DELETE FROM documents WHERE name NOT IN (SELECT name FROM sources)")

    def rows(self) -> list[DocumentRow]:
        """All documents by name."""
        found = self._connection.execute(f"SELECT {COLUMNS} FROM documents ORDER BY name")
        return [_row(*row) for row in found]

    def id_of(self, name: str) -> str | None:
        """Id of the document that evidence calls by this name, if it was read."""
        query = "SELECT id FROM documents WHERE name = ? AND state = 'read'"
        row = self._connection.execute(query, (name,)).fetchone()
        return None if row is None else str(row[0])

    def named(self, name: str) -> tuple[DocumentRow, Document] | None:
        """What evidence calls by this name, with its text, if it was read."""
        id = self.id_of(name)
        if id is None:
            return None
        found = self._connection.execute(f"SELECT {COLUMNS} FROM documents WHERE id = ?", (id,)).fetchone()
        return _row(*found), self.document(id)

    def document(self, id: str) -> Document:
        """The document as parsed.

        Raises:
            KeyError: no such document was read.
        """
        row = self._connection.execute("SELECT body FROM documents WHERE id = ?", (id,)).fetchone()
        if row is None or row[0] is None:
            raise KeyError(id)
        return DOCUMENT.validate_json(_unpacked(row[0]))

    def chunks(self, id: str | None = None) -> Iterator[Chunk]:
        """Chunks of one document, or of all by document name, in reading order."""
        query = f"SELECT {CHUNK} FROM chunks WHERE document = ? ORDER BY position"
        for document in self._ids() if id is None else [id]:
            yield from (_chunk(*row) for row in self._connection.execute(query, (document,)).fetchall())

    def chunk(self, id: str) -> Chunk | None:
        """A chunk by id, or None."""
        row = self._connection.execute(f"SELECT {CHUNK} FROM chunks WHERE id = ?", (id,)).fetchone()
        return None if row is None else _chunk(*row)

    def clues(self, id: str | None = None, *, chunk: str | None = None, kind: ClueKind | None = None) -> Iterator[Clue]:
        """Clues of one document, or of all by document name, in reading order; of one chunk or kind where given."""
        # A chunk is one document's: by its own index, or every chunk of a long document would read all clues of it.
        home = "chunk = ?2 AND document = ?1" if chunk is not None else "document = ?1 AND ?2 IS NULL"
        query = f"SELECT body FROM clues WHERE {home} AND (?3 IS NULL OR kind = ?3) ORDER BY start, id"
        for document in self._ids() if id is None else [id]:
            rows = self._connection.execute(query, (document, chunk, kind)).fetchall()
            yield from (CLUE.validate_json(body) for (body,) in rows)

    def _ids(self) -> list[str]:
        """Ids of all documents by name."""
        return [row[0] for row in self._connection.execute("SELECT id FROM documents ORDER BY name")]

    def clues_named(self, ids: Sequence[str]) -> list[Clue]:
        """The clues of these ids, in their order; those that are gone are left out."""
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(f"SELECT body FROM clues WHERE id IN ({marks})", list(ids))
        found = {clue.id: clue for clue in (CLUE.validate_json(row[0]) for row in rows)}
        return [found[id] for id in ids if id in found]

    def passages(self, id: str | None = None) -> Iterator[Passage]:
        """Passages of one document, or of all, by id."""
        query = "SELECT body FROM passages WHERE ?1 IS NULL OR document = ?1 ORDER BY id"
        for (body,) in self._connection.execute(query, (id,)):
            yield PASSAGE.validate_json(body)

    def passage_ids(self) -> Iterator[str]:
        """Ids of all passages, in order."""
        return ids_in_order(self._connection, "passages")

    def passages_of(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in their order; ids that are not here are left out."""
        rows = (self._connection.execute("SELECT body FROM passages WHERE id = ?", (id,)).fetchone() for id in ids)
        return [PASSAGE.validate_json(row[0]) for row in rows if row is not None]

    def chunk_totals(self) -> tuple[int, int]:
        """How many chunks there are in all, and how many tokens they hold."""
        query = "SELECT count(*), coalesce(sum(tokens), 0) FROM chunks"
        chunks, tokens = self._connection.execute(query).fetchone()
        return int(chunks), int(tokens)

    def coverage(self) -> dict[str, tuple[int, int, int]]:
        """For each document by id: its chunks, those that accepted samples were made from, and how many these are."""
        query = (
            "SELECT chunks.document, count(*), count(made.n), coalesce(sum(made.n), 0) FROM chunks LEFT JOIN"
            " (SELECT jobs.chunk AS chunk, count(*) AS n FROM samples JOIN jobs ON jobs.id = samples.job"
            " WHERE status = 'accepted' GROUP BY jobs.chunk) AS made ON made.chunk = chunks.id GROUP BY chunks.document"
        )
        return {id: (chunks, covered, samples) for id, chunks, covered, samples in self._connection.execute(query)}

    def samples_of(self, id: str) -> dict[str, int]:
        """Accepted samples made from each chunk of a document, by the chunk's id; chunks without any are left out."""
        query = (
            "SELECT jobs.chunk, count(*) FROM samples JOIN jobs ON jobs.id = samples.job JOIN chunks"
            " ON chunks.id = jobs.chunk WHERE status = 'accepted' AND chunks.document = ? GROUP BY jobs.chunk"
        )
        return dict(self._connection.execute(query, (id,)).fetchall())

    def counts(self, id: str) -> dict[str, int]:
        """How many chunks, clues and passages a document has."""
        return {
            table: int(
                self._connection.execute(f"SELECT count(*) FROM {table} WHERE document = ?", (id,)).fetchone()[0]
            )
            for table in ("chunks", "clues", "passages")
        }


def _chunk(id: str, document: str, position: int, section: str, spans: str, tokens: int) -> Chunk:
    pairs = tuple(Span(*pair) for pair in PAIRS.validate_json(spans, strict=True))
    return Chunk(id, document, position, HEADINGS.validate_json(section, strict=True), pairs, tokens)


def ids_in_order(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """The ids of a table, in order; what is added or removed behind the last one given is no matter."""
    query, last = f"SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT ?", ""
    while page := [row[0] for row in connection.execute(query, (last, PAGE))]:
        yield from page
        last = page[-1]


def _row(*columns: Any) -> DocumentRow:
    names = [field.name for field in fields(DocumentRow)]
    values = dict(zip(names, columns, strict=True))
    return DocumentRow(**values | {"warnings": tuple(json.loads(values["warnings"]))})


def _unpacked(body: bytes) -> bytes:
    """A document's JSON; one that unpacks to more than any document has is damaged."""
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(body, LONGEST)
    if not unpacker.eof:
        raise ValueError("The document ends too early, or does not end.")
    return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
