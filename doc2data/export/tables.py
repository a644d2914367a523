"""Tables for people: CSV and Excel, a row per sample, that open right and can run nothing.

In a CSV file a cell that begins like a formula is made inert; in a workbook every text is written as text, so nothing
needs to be changed.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from doc2data.export.cells import COLUMNS, cells, inert
from doc2data.export.files import atomic, utf8_text
from doc2data.export.sinks import Add, Destination
from doc2data.export.splits import SPLITS, Split
from doc2data.records import Judged

CELL_LIMIT = 32_767
"""Characters of one Excel cell."""
SHEET_LIMIT = 1_048_576
"""Rows of one Excel sheet, the header included."""

_EPOCH = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


@contextmanager
def csv_sink(destination: Destination) -> Iterator[Add]:
    """CSV files by split in UTF-8 with a byte order mark, without which Excel misreads anything but English."""
    with ExitStack() as stack:
        writers: dict[Split, Any] = {}

        def add(judged: Judged, split: Split) -> None:
            if split not in writers:
                path = destination.folder / f"{split}.csv"
                text = io.TextIOWrapper(
                    stack.enter_context(atomic(path)), encoding="utf-8-sig", errors="backslashreplace", newline=""
                )
                stack.callback(text.detach)  # flushes, and leaves the closing to the file's owner
                writers[split] = csv.writer(text)
                writers[split].writerow(COLUMNS)
                destination.paths.append(path)
            writers[split].writerow([inert(cell) for cell in cells(judged)])
            destination.rows[split] += 1

        yield add


@contextmanager
def xlsx_sink(destination: Destination) -> Iterator[Add]:
    """One workbook, a sheet per split, written row by row in memory that does not grow."""
    path = destination.folder / "samples.xlsx"
    cut = 0
    with atomic(path) as stream, xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        book.set_properties({"created": _EPOCH})  # a fixed date keeps the bytes the same
        sheets = {split: _Sheet(book, split) for split in _present(destination)}

        def add(judged: Judged, split: Split) -> None:
            nonlocal cut
            row = cells(judged)
            cut += any(len(cell) > CELL_LIMIT for cell in row)
            sheets[split].append([utf8_text(cell[:CELL_LIMIT]) for cell in row])
            destination.rows[split] += 1

        yield add
    destination.paths.append(path)
    if cut:
        destination.warnings.append(f"xlsx: {cut} rows have texts longer than an Excel cell; they were cut.")


def _present(destination: Destination) -> list[Split]:
    """Splits with samples; a workbook needs one sheet at least."""
    return [split for split in SPLITS if any(key[0] == split for key in destination.counts)] or ["train"]


@dataclass(slots=True)
class _Sheet:
    """Rows of one split; when Excel's limit is reached they go on in a further sheet."""

    book: Any
    name: str
    page: int = 0
    row: int = SHEET_LIMIT
    sheet: Any = None

    def __post_init__(self) -> None:
        self._turn()

    def append(self, row: list[str]) -> None:
        if self.row == SHEET_LIMIT:
            self._turn()
        for column, cell in enumerate(row):
            self.sheet.write_string(self.row, column, cell)
        self.row += 1

    def _turn(self) -> None:
        self.page += 1
        self.sheet = self.book.add_worksheet(self.name if self.page == 1 else f"{self.name} {self.page}")
        wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate(COLUMNS.values()):
            self.sheet.set_column(column, column, width, wrapped)
        self.sheet.freeze_panes(1, 0)
        self.sheet.write_row(0, 0, COLUMNS, self.book.add_format({"bold": True}))
        self.row = 1
