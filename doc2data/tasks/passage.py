"""A chunk as numbered lines, so that a model points at sentences instead of copying them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.records import Chunk, Clue
from doc2data.tasks.core import PassageText

CONTEXT_MARK = "·"


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbered lines and what each number stands for."""

    text: PassageText
    units: tuple[Clue, ...]
    """`units[n - 1]` is what line `[n]` holds."""

    def numbers_of(self, clue: Clue) -> tuple[int, ...]:
        """The lines that a clue's quote stands on, from 1."""
        return tuple(n for n, u in enumerate(self.units, 1) if u.start < clue.end and clue.start < u.end)

    def cited(self, numbers: Sequence[int]) -> tuple[Clue, ...]:
        """What the given lines hold, in reading order, each once."""
        return tuple(self.units[n - 1] for n in sorted(set(numbers)))


def number(chunk: Chunk, clues: Sequence[Clue], text: str, title: str) -> Numbered:
    """Number the chunk's smallest clues; text between them (headings, table headers) is context without a number.

    Args:
        chunk: what to show.
        clues: the chunk's clues, in any order.
        text: the document's text.
        title: the document's title.
    """
    units = _smallest(clues)
    lines: list[str] = []
    shown: list[Clue] = []
    for span in chunk.spans:
        at = span.start
        for unit in units:
            if span.start <= unit.start and unit.end <= span.end:
                lines += _context(text[at : unit.start])
                shown.append(unit)
                lines.append(f"[{len(shown)}] {_one_line(unit.quote)}")
                at = unit.end
        lines += _context(text[at : span.end])
    named = PassageText(_quotable(title), _quotable(" > ".join(chunk.section)), tuple(lines))
    return Numbered(named, tuple(shown))


def _smallest(clues: Sequence[Clue]) -> list[Clue]:
    units: list[Clue] = []
    for clue in sorted(clues, key=lambda c: (c.start, c.end, c.id)):
        if clue.kind != "procedure" and (not units or clue.start >= units[-1].end):
            units.append(clue)
    return units


def _context(text: str) -> list[str]:
    return [f"{CONTEXT_MARK} {_one_line(line)}" for line in text.split("\n") if line.strip(" |\t")]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quotable(text: str) -> str:
    """One line that cannot end the quotation marks it is put between."""
    return _one_line(text).replace('"', "'")
