"""Documents made by hand, cut into chunks, for tests of clues and rules."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data import chunking
from doc2data.clues import find
from doc2data.records import Chunk, Clue
from parsers.document import Document, DocumentBuilder, Row, Table


class Made(DocumentBuilder):
    """A builder with the shorthands that tests want."""

    def heading(self, text: str, level: int = 1) -> Made:
        self.add("heading", text, level=level)
        return self

    def paragraph(self, text: str) -> Made:
        self.add("paragraph", text)
        return self

    def steps(self, *texts: str) -> Made:
        for number, text in enumerate(texts, 1):
            self.add("list_item", text, level=1, marker=f"{number}.")
        return self

    def rows(self, *rows: Row, header: Row | None = None, caption: str = "") -> Made:
        if caption:
            self.add("caption", caption)
        self.add("table", "", table=Table((header,) if header else (), rows))
        return self

    def document(self, title: str = "Manual", language: str = "en") -> Document:
        return self.build(source="m.txt", sha256="0" * 64, type="text", title=title, language=language, pages=None)


def words(texts: Sequence[str]) -> list[int]:
    """Tokens, counted roughly."""
    return [len(text) // 4 + 1 for text in texts]


def chunks(document: Document, budget: int = 400) -> list[Chunk]:
    return chunking.cut(document, "d", words, budget)


def clues(document: Document, budget: int = 400) -> list[Clue]:
    return find(document, "d", chunks(document, budget))
