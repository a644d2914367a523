"""Texts of evaluation files: rows of data in every form that is read, and plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from doc2data.errors import UsageError
from doc2data.rowfiles import DATA, ending, read_rows

MIN_LETTERS = 8
"""A shorter value is an id, a label or a single word, which no row is contaminated by."""
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Reference:
    """One text of an evaluation file."""

    file: str
    row: int
    """From 1: the row of a data file, the header of a table among them, or the paragraph of a text."""
    text: str


def read_references(paths: Sequence[Path]) -> list[Reference]:
    """Every text of the files that is long enough to tell, in order.

    Raises:
        UsageError: a file cannot be read, or is not what its name says.
    """
    return [reference for path in paths for reference in _read(path)]


def _read(path: Path) -> Iterator[Reference]:
    try:
        for row, value in enumerate(_values(path), 1):
            yield from (Reference(path.name, row, text) for text in _texts(value))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The evaluation file {str(path)!r} cannot be read: {error}.",
            "Give JSON Lines, JSON, CSV, TSV, Parquet or plain text, in UTF-8.",
        ) from error


def _values(path: Path) -> Iterator[object]:
    """The rows of a data file, or the paragraphs of any other."""
    if ending(path) not in DATA:
        yield from _PARAGRAPH.split(path.read_text(encoding="utf-8"))
        return
    for raw in read_rows(path):
        yield json.loads(raw.decode("utf-8-sig")) if isinstance(raw, bytes) else raw


def _texts(value: object) -> Iterator[str]:
    """All strings inside a value that are long enough."""
    if isinstance(value, str):
        if sum(character.isalpha() for character in value) >= MIN_LETTERS:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
