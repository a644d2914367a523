"""Word tables as grids: merged cells over columns and rows, header rows, deleted rows left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.document import Row, Table
from parsers.docx.names import VAL, W
from parsers.docx.styles import is_on, is_set

MAX_LABEL = 40
_FIGURES = re.compile(r"\d")
_PLAIN_STYLES = frozenset(("tablegrid", "tablenormal", "gridtable1light", "plaintable"))
"""Table styles that set no row apart."""

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
    """Rows marked to repeat on every page; else a first row that looks like the header of the rest."""
    top = 0
    for row in rows[:-1]:
        if not is_set(row.find(f"{W}trPr/{W}tblHeader")):
            break
        top += 1
    if top or len(rows) < 2 or len(lines[0]) < 2 or not all(lines[0][1:]):
        return top
    return int(_is_set_apart(table, rows) or _are_labels(lines))


def _is_set_apart(table: Element, rows: list[Element]) -> bool:
    """Whether the first row is bold or shaded and the second is not, or the table's style sets it apart."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    styled = table.find(f"{W}tblPr/{W}tblStyle")
    if look is not None and is_on(look.get(f"{W}firstRow"), missing=False) and styled is not None:
        name = styled.get(VAL, "").lower().replace("-", "")
        if name not in _PLAIN_STYLES:
            return True
    return any(test(rows[0]) and not test(rows[1]) for test in (_is_bold, _is_shaded))


def _is_bold(row: Element) -> bool:
    runs = [run for run in row.iter(f"{W}r") if run.find(f"{W}t") is not None]
    return bool(runs) and all(is_set(run.find(f"{W}rPr/{W}b")) for run in runs)


def _is_shaded(row: Element) -> bool:
    fills = [shade.get(f"{W}fill", "auto").lower() for shade in row.iterfind(f"{W}tc/{W}tcPr/{W}shd")]
    return len(fills) == len(cells_of(row)) and all(fill not in {"auto", "ffffff"} for fill in fills)


def _are_labels(lines: list[Row]) -> bool:
    """Whether three or more short, different words without figures stand above figures."""
    first = lines[0]
    if len(first) < 3 or len(set(first)) < len(first) or any(map(_FIGURES.search, first)):
        return False
    below = [cell for line in lines[1:] for cell in line if cell]
    return max(map(len, first)) <= MAX_LABEL and sum(map(bool, map(_FIGURES.search, below))) * 4 > len(below)
