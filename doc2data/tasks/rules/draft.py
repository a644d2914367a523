"""What rules read besides a clue, and what they write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.records import Clue


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with its answer, written by rule from clues whose quotes are the evidence."""

    question: str
    answer: str
    kind: str
    """fact, definition, procedure, reason, condition, comparison, lookup, numeric, yes_no, list, troubleshooting."""
    clues: tuple[Clue, ...]
    confidence: float
    """0 to 1: how often the rule's questions are right and natural, as read by people."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a clue in its document."""

    title: str
    """The document's title."""
    subject: str
    """What the document is about, with its article: "the RM-400 series", "SQLite"; "" where unsure."""
    language: str
    section: tuple[str, ...]
    chunk_clues: Sequence[Clue]
    """The clues of the same chunk, in reading order."""
