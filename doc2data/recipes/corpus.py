"""What recipes read from: documents, chunks and clues of a project, loaded as they are needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from doc2data.records import Chunk, Clue, ClueKind, Evidence
from doc2data.store import DocumentRow, Store
from doc2data.tasks.rules import Around, subject
from parsers.document import Document

CHINESE = "zh"
OPEN_DOCUMENTS = 16
OPEN_CHUNKS = 256
OPEN_CLUES = 4096
"""Documents, chunks and clues that are held; the others stay in the store until they are asked for."""


class Corpus:
    """A read-only view of the documents that a run works on."""

    def __init__(self, store: Store, language: str = "auto") -> None:
        """`language` other than "auto" leaves out documents in other languages."""
        self._store = store
        self._language = language
        self.document = lru_cache(maxsize=OPEN_DOCUMENTS)(store.documents.document)
        """The document as parsed, by id."""
        self._clue = lru_cache(maxsize=OPEN_CLUES)(self._read_clue)
        self._clues_of = lru_cache(maxsize=OPEN_CHUNKS)(self._read_clues_of)
        self._subjects: dict[str, str] = {}

    @cached_property
    def documents(self) -> dict[str, DocumentRow]:
        """Documents that were read, by id, in order of their names."""
        rows = [row for row in self._store.documents.rows() if row.state == "read"]
        return {row.id: row for row in rows if self._language in ("auto", row.language)}

    @cached_property
    def chunks(self) -> Mapping[str, Chunk]:
        """All chunks by id, document by document in reading order; read from the store as they are asked for."""
        return _Chunks(self._store, self.documents)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {row.name: row.id for row in self.documents.values()}

    def clue(self, id: str) -> Clue:
        """A clue by id.

        Raises:
            KeyError: there is none.
        """
        found = self._clue(id)
        if found is None:
            raise KeyError(id)
        return found

    def holds(self, id: str) -> bool:
        """Whether there is a clue of that id."""
        return self._clue(id) is not None

    def clues(self) -> Iterator[Clue]:
        """All clues, document by document in reading order."""
        return (clue for document in self.documents for clue in self.clues_in(document))

    def clues_in(self, document: str, kind: ClueKind | None = None) -> Sequence[Clue]:
        """A document's clues, or those of one kind, in reading order."""
        return list(self._store.documents.clues(document, kind=kind))

    def clues_named(self, document: str) -> Sequence[Clue]:
        """The clues of a document by the name that evidence calls it; none where it is not here."""
        return self.clues_in(self._by_name[document]) if document in self._by_name else ()

    def clues_of(self, chunk: str) -> Sequence[Clue]:
        """A chunk's clues in reading order."""
        return self._clues_of(chunk)

    def _read_clue(self, id: str) -> Clue | None:
        found = self._store.documents.clues_named([id])
        return found[0] if found and found[0].document in self.documents else None

    def _read_clues_of(self, chunk: str) -> Sequence[Clue]:
        known = self.chunks.get(chunk)
        return () if known is None else tuple(self._store.documents.clues(known.document, chunk=chunk))

    def text(self, document: str) -> str:
        """A document's whole text, by id."""
        return self.document(document).text

    def named(self, name: str) -> Document:
        """A document by the name that evidence calls it."""
        return self.document(self._by_name[name])

    def evidence(self, clue: Clue) -> Evidence:
        """A clue as evidence of a sample."""
        row = self.documents[clue.document]
        return Evidence(row.name, row.title, clue.page, clue.section, clue.start, clue.end, clue.quote)

    def around(self, clue: Clue) -> Around:
        """What rules may know of a clue's surroundings."""
        return Around(
            title=self.documents[clue.document].title,
            subject=self.subject(clue.document),
            language=self.language_of(clue),
            section=clue.section,
            chunk_clues=self.clues_of(clue.chunk),
        )

    def subject(self, document: str) -> str:
        """What a document is about, in the words that a question names it by; "" where unsure."""
        if document not in self._subjects:
            self._subjects[document] = subject(self.document(document), self.clues_in(document))
        return self._subjects[document]

    def language_of(self, clue: Clue) -> str:
        """The language to ask and answer in: that of the clue's own words, as far as its script tells."""
        if is_chinese(clue.quote):
            return CHINESE
        row = self.documents[clue.document]
        return "en" if row.language.startswith(CHINESE) else row.language


class _Chunks(Mapping[str, Chunk]):
    """The chunks of some documents, of which the latest that were asked for are held."""

    def __init__(self, store: Store, documents: Collection[str]) -> None:
        self._store = store
        self._documents = documents
        self._chunk = lru_cache(maxsize=OPEN_CHUNKS)(store.documents.chunk)

    def __getitem__(self, id: str) -> Chunk:
        chunk = self._chunk(id)
        if chunk is None or chunk.document not in self._documents:
            raise KeyError(id)
        return chunk

    def __iter__(self) -> Iterator[str]:
        return (chunk.id for document in self._documents for chunk in list(self._store.documents.chunks(document)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def is_chinese(text: str) -> bool:
    """Whether at least a fifth of the letters are Han characters."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum("㐀" <= c <= "鿿" for c in letters) * 5 >= len(letters)
