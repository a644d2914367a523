"""Texts of evaluation files: JSON Lines, JSON, CSV, Parquet, and plain text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from doc2data.errors import UsageError

MIN_LETTERS = 8
"""A shorter value is an id, a label or a single word, which no row is contaminated by."""
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Reference:
    """One text of an evaluation file."""

    file: str
    row: int
    """From 1: the line of a JSON Lines file, the row of a table, the paragraph of a text."""
    text: str


def read_references(paths: Sequence[Path]) -> list[Reference]:
    """Every text of the files that is long enough to tell, in order.

    Raises:
        UsageError: a file cannot be read, or is not what its name says.
    """
    return [reference for path in paths for reference in _read(path)]


def _read(path: Path) -> Iterator[Reference]:
    read = {".jsonl": _lines, ".json": _json, ".csv": _csv, ".tsv": _csv, ".parquet": _parquet}
    try:
        for row, value in read.get(path.suffix.lower(), _text)(path):
            yield from (Reference(path.name, row, text) for text in _texts(value))
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise UsageError(
            f"The evaluation file {str(path)!r} cannot be read: {error}.",
            "Give JSON Lines, JSON, CSV, Parquet or plain text, in UTF-8.",
        ) from error


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


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    with path.open(encoding="utf-8") as file:
        for row, line in enumerate(file, 1):
            if line.strip():
                yield row, json.loads(line)


def _json(path: Path) -> Iterator[tuple[int, object]]:
    value = json.loads(path.read_text(encoding="utf-8"))
    yield from enumerate(value if isinstance(value, list) else [value], 1)


def _csv(path: Path) -> Iterator[tuple[int, object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from enumerate(csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ","), 1)


def _parquet(path: Path) -> Iterator[tuple[int, object]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UsageError(
            f"Reading {path.name!r} needs pyarrow.", "Install it with `pip install pyarrow`, or give a CSV file."
        ) from None
    try:
        rows = (row for batch in parquet.ParquetFile(path).iter_batches() for row in batch.to_pylist())
        yield from enumerate(rows, 1)
    except ArrowException as error:
        raise ValueError(str(error)) from error


def _text(path: Path) -> Iterator[tuple[int, object]]:
    yield from enumerate(_PARAGRAPH.split(path.read_text(encoding="utf-8")), 1)
