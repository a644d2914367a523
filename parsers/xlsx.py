"""XLSX workbooks: each sheet a heading and its tables, with values as Excel last computed them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.archive import open_archive
from parsers.csv_file import table_of
from parsers.document import Document, DocumentBuilder
from parsers.language import language_of
from parsers.options import ParseOptions

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

MAX_EMPTY_ROWS = 1000
"""A sheet may claim a million formatted rows; after so many empty ones it is over."""


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a workbook; a block's path is `Sheet!row`, its pages are sheets.

    Raises:
        ParseLimit: the workbook unpacks to more than one document may hold.
    """
    from openpyxl import load_workbook

    archive = open_archive(path)
    with archive.file:
        archive.check_all()
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    builder = DocumentBuilder()
    try:
        for number, sheet in enumerate(book.worksheets, 1):
            if sheet.sheet_state == "visible":
                _read_sheet(sheet, number, builder)
        title = book.properties.title or path.stem
        pages = len(book.worksheets)
    finally:
        book.close()
    document = builder.build(source=str(path), sha256=sha256, type="xlsx", title=title, language="", pages=pages)
    return replace(document, language=language_of(document.text))


def _read_sheet(sheet: Worksheet, number: int, builder: DocumentBuilder) -> None:
    """Add the sheet's name, then a table for each run of rows between empty ones; a lone cell is a paragraph."""
    named = False
    for first, rows in _runs(sheet):
        if not named:
            builder.add("heading", sheet.title, level=1, page=number, path=f"{sheet.title}!")
            named = True
        place = f"{sheet.title}!{first}"
        cells = [cell for row in rows for cell in row if cell]
        table = table_of(rows)
        if len(cells) == 1 or table is None:
            builder.add("paragraph", "".join(cells), page=number, path=place)
        else:
            builder.add("table", "", table=table, page=number, path=place)


def _runs(sheet: Worksheet) -> Iterator[tuple[int, list[list[str]]]]:
    """Number of the first row, and the rows, of each run of rows with content."""
    run: list[list[str]] = []
    empty = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        values = [shown(cell) for cell in row]
        if any(values):
            run.append(values)
            empty = 0
            continue
        if run:
            yield number - len(run), run
            run = []
        empty += 1
        if empty > MAX_EMPTY_ROWS:
            return
    if run:
        yield number - len(run) + 1, run


def shown(cell: Cell | MergedCell) -> str:
    """A cell's value much as Excel shows it: dates by their parts, percentages as such, no noise of floats."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, float):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.10g}%"
        return f"{value:.15g}"
    return " ".join(str(value).split())
