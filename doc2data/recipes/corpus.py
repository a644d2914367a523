"""What recipes read from: documents, chunks and clues of a project, loaded as they are needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from doc2data.records import Chunk, Clue, Evidence
from doc2data.store import DocumentRow, Store
from doc2data.tasks.rules import Around, subject
from parsers.document import Document

CHINESE = "zh"
OPEN_DOCUMENTS = 16


class Corpus:
    """A read-only view of the documents that a run works on."""

    def __init__(self, store: Store, language: str = "auto") -> None:
        """`language` other than "auto" leaves out documents in other languages."""
        self._store = store
        self._language = language
        self.document = lru_cache(maxsize=OPEN_DOCUMENTS)(store.documents.document)
        """The document as parsed, by id."""
        self._subjects: dict[str, str] = {}

    @cached_property
    def documents(self) -> dict[str, DocumentRow]:
        """Documents that were read, by id, in order of their names."""
        rows = [row for row in self._store.documents.rows() if row.state == "read"]
        return {row.id: row for row in rows if self._language in ("auto", row.language)}

    @cached_property
    def chunks(self) -> dict[str, Chunk]:
        """All chunks by id, document by document in reading order."""
        return {chunk.id: chunk for chunk in self._store.documents.chunks() if chunk.document in self.documents}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {row.name: row.id for row in self.documents.values()}

    @cached_property
    def _clues(self) -> dict[str, Clue]:
        return {clue.id: clue for clue in self._store.documents.clues() if clue.document in self.documents}

    @cached_property
    def _by_chunk(self) -> dict[str, list[Clue]]:
        groups: dict[str, list[Clue]] = defaultdict(list)
        for clue in self._clues.values():
            groups[clue.chunk].append(clue)
        return groups

    @cached_property
    def _by_document(self) -> dict[str, list[Clue]]:
        groups: dict[str, list[Clue]] = defaultdict(list)
        for clue in self._clues.values():
            groups[clue.document].append(clue)
        return groups

    def clue(self, id: str) -> Clue:
        """A clue by id."""
        return self._clues[id]

    def holds(self, id: str) -> bool:
        """Whether there is a clue of that id."""
        return id in self._clues

    def clues(self) -> Iterator[Clue]:
        """All clues, document by document in reading order."""
        return iter(self._clues.values())

    def clues_of(self, chunk: str) -> Sequence[Clue]:
        """A chunk's clues in reading order."""
        return self._by_chunk.get(chunk, ())

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
            self._subjects[document] = subject(self.document(document), self._by_document.get(document, []))
        return self._subjects[document]

    def language_of(self, clue: Clue) -> str:
        """The language to ask and answer in: that of the clue's own words, as far as its script tells."""
        if is_chinese(clue.quote):
            return CHINESE
        row = self.documents[clue.document]
        return "en" if row.language.startswith(CHINESE) else row.language


def is_chinese(text: str) -> bool:
    """Whether at least a fifth of the letters are Han characters."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum("㐀" <= c <= "鿿" for c in letters) * 5 >= len(letters)
