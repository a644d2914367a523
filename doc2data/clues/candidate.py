"""What the finders hand back: a clue that does not know its chunk yet."""

from __future__ import annotations

from dataclasses import dataclass

from doc2data.records import ClueKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A range of the document's text with what it says; fields as in `Clue`."""

    kind: ClueKind
    start: int
    end: int
    section: tuple[str, ...]
    page: int | None
    subject: str = ""
    attribute: str = ""
    value: str = ""
    cells: tuple[tuple[str, str], ...] = ()
