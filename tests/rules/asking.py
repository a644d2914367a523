"""Drafts from hand-made documents, as the recipes ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.tasks.rules import Around, Draft, drafts, subject
from parsers.document import Document
from tests.clues.made import Made, clues


def all_drafts(document: Document, about: str | None = None) -> Iterator[Draft]:
    """Every draft of a document; `about` replaces the subject found in it."""
    found = clues(document)
    name = subject(document, found) if about is None else about
    for clue in found:
        near = [other for other in found if other.chunk == clue.chunk]
        yield from drafts(clue, Around(document.title, name, document.language, clue.section, near))


def questions(text: str, about: str = "", language: str = "en") -> list[str]:
    """The questions asked of one paragraph."""
    return [draft.question for draft in all_drafts(Made().paragraph(text).document(language=language), about)]


def pairs(document: Document, about: str = "") -> dict[str, str]:
    """Answers by question."""
    return {draft.question: draft.answer for draft in all_drafts(document, about)}
