"""CSV and TSV files: one table."""

from __future__ import annotations

import csv
from itertools import zip_longest
from pathlib import Path

from parsers.document import Document, DocumentBuilder, Row, Table
from parsers.encoding import decode
from parsers.language import language_of
from parsers.options import ParseOptions

DELIMITERS = ",;\t|"
SAMPLE_CHARACTERS = 20_000
MAX_FIELD = 1 << 24


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a file of separated values; its first row is the header unless a cell of it is a number or empty."""
    text = decode(path.read_bytes()).replace("\x00", "")
    csv.field_size_limit(MAX_FIELD)
    lines = csv.reader(text.splitlines(keepends=True), _dialect(text))
    rows = [[" ".join(cell.split()) for cell in line] for line in lines]
    table = table_of([row for row in rows if any(row)])
    builder = DocumentBuilder()
    if table is not None:
        builder.add("table", "", table=table, path="line[1]")
    return builder.build(
        source=str(path), sha256=sha256, type="csv", title=path.stem, language=language_of(text), pages=None
    )


def table_of(rows: list[list[str]]) -> Table | None:
    """A table of rows that may be of different length; None where there are none."""
    columns = list(zip_longest(*rows, fillvalue=""))
    grid: list[Row] = list(zip(*(column for column in columns if any(column)), strict=True))
    if not grid:
        return None
    top = 1 if len(grid) > 1 and all(map(_is_label, grid[0])) else 0
    return Table(tuple(grid[:top]), tuple(grid[top:]))


def _dialect(text: str) -> csv.Dialect | type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text[:SAMPLE_CHARACTERS], DELIMITERS)
    except csv.Error:
        return csv.excel


def _is_label(cell: str) -> bool:
    try:
        float(cell.replace(",", ".").rstrip("%"))
    except ValueError:
        return bool(cell)
    return False
