"""Word tables as grids: merged cells over columns and rows, header rows, deleted rows left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.document import Row, Table
from parsers.docx.names import VAL, W
from parsers.docx.styles import is_on, is_set

CellText = Callable[[Element], str]
_WRAPPERS = frozenset((f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"))


def rows_of(table: Element) -> list[Element]:
    """The rows that remain when changes are accepted."""
    return [row for row in _unwrapped(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]


def cells_of(row: Element) -> list[Element]:
    """The cells of a row that remain when changes are accepted."""
    return [cell for cell in _unwrapped(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]


def _unwrapped(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _unwrapped(child, tag)


def build_table(table: Element, text_of: CellText) -> Table | None:
    """The grid of a `w:tbl`; None when every cell is empty.

    Args:
        table: the `w:tbl` element.
        text_of: gives a cell's text on one line.
    """
    grid = _Grid()
    rows = rows_of(table)
    for row in rows:
        grid.add_row(row, text_of)
    lines = grid.lines()
    if not any(any(line) for line in lines):
        return None
    top = _header_height(table, rows, lines)
    return Table(tuple(lines[:top]), tuple(lines[top:]), frozenset(grid.continued))


@dataclass(slots=True)
class _Grid:
    rows: list[list[str]] = field(default_factory=list)
    continued: set[tuple[int, int]] = field(default_factory=set)

    def add_row(self, row: Element, text_of: CellText) -> None:
        number = len(self.rows)
        line = [""] * _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        for cell in cells_of(row):
            column = len(line)
            text, repeats = self._cell(cell, column, text_of)
            span = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
            line += [text] * span
            first = column if repeats else column + 1
            self.continued.update((number, c) for c in range(first, column + span))
        self.rows.append(line)

    def _cell(self, cell: Element, column: int, text_of: CellText) -> tuple[str, bool]:
        """A cell's text, and whether it continues the cell above."""
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        above = self.rows[-1] if self.rows else []
        if merge is not None and merge.get(VAL, "continue") == "continue" and column < len(above):
            return above[column], True
        return text_of(cell), False

    def lines(self) -> list[Row]:
        width = max((len(row) for row in self.rows), default=0)
        return [tuple(row + [""] * (width - len(row))) for row in self.rows]


def _number(element: Element | None, default: int) -> int:
    value = element.get(VAL, "") if element is not None else ""
    return min(int(value), 1000) if value.isdecimal() else default


def _header_height(table: Element, rows: list[Element], lines: list[Row]) -> int:
    """Rows marked to repeat on every page; else the first row where the table's look sets it apart."""
    top = 0
    for row in rows[:-1]:
        if not is_set(row.find(f"{W}trPr/{W}tblHeader")):
            break
        top += 1
    if top or len(rows) < 2 or not _first_row_apart(table, rows[0]):
        return top
    return 1 if all(lines[0][1:]) and len(lines[0]) > 1 else 0


def _first_row_apart(table: Element, row: Element) -> bool:
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is not None and not is_on(look.get(f"{W}firstRow"), missing=True):
        return False
    runs = [run for run in row.iter(f"{W}r") if run.find(f"{W}t") is not None]
    return look is not None or (bool(runs) and all(is_set(run.find(f"{W}rPr/{W}b")) for run in runs))
