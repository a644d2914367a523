"""Tables of a page: which ones hold data, and their grids with merged cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.document import Row, Table
from parsers.html.tree import Element

MAX_CELLS = 2_000_000
"""A grid that its spans would make larger than this is read without them."""
MAX_SPAN = 1000

CellText = Callable[[Element], str]


def rows_of(table: Element) -> list[Element]:
    """The rows of this table, not of tables inside it."""
    rows: list[Element] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in {"thead", "tbody", "tfoot"}:
            rows += [row for row in child if row.tag == "tr"]
    return rows


def cells_of(row: Element) -> list[Element]:
    """The cells of one row."""
    return [cell for cell in row if cell.tag in {"td", "th"}]


def is_data_table(table: Element) -> bool:
    """Whether a table holds data; a table that only lays out the page does not.

    The signs are those that browsers' accessibility trees and reader modes use: roles, captions, header cells,
    nesting, and the size of the grid.
    """
    if table.get("role") in {"presentation", "none"} or table.get("datatable") == "0":
        return False
    rows = rows_of(table)
    width = max((len(cells_of(row)) for row in rows), default=0)
    if width == 0 or (width == 1 and len(rows) == 1):
        return False
    if _is_mostly_tables(table):
        return False
    if table.get("summary") or table.get("role") in {"table", "grid"} or _has_parts(table, rows):
        return True
    if next(table.iterdescendants("table"), None) is not None or width == 1 or len(rows) == 1:
        return False
    return not _holds_prose(rows)


def _is_mostly_tables(table: Element) -> bool:
    """Whether most of the text stands in tables inside this one, which then only arranges them."""
    inner = sum(_text_length(found) for found in table.iterdescendants("table") if _nearest_table(found) is table)
    return inner > 0 and inner * 2 > _text_length(table)


def _nearest_table(element: Element) -> Element | None:
    return next(element.iterancestors("table"), None)


def _text_length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _has_parts(table: Element, rows: list[Element]) -> bool:
    if any(child.tag in {"caption", "thead", "tfoot", "colgroup", "col"} for child in table):
        return True
    return any(cell.tag == "th" for row in rows for cell in row)


def _holds_prose(rows: list[Element]) -> bool:
    """Cells with headings, several paragraphs or whole lists are places on a page, not values."""
    cells = [cell for row in rows for cell in cells_of(row)]
    rich = sum(
        1
        for cell in cells
        if next(cell.iterdescendants("h1", "h2", "h3", "h4", "form"), None) is not None
        or sum(1 for _ in cell.iterdescendants("p")) > 2
    )
    return rich > len(cells) * 0.1


def build_table(table: Element, text_of: CellText) -> Table | None:
    """The grid of a data table; None when every cell is empty.

    Args:
        table: the `table` element.
        text_of: gives a cell's text on one line.
    """
    rows = rows_of(table)
    grid = _Grid(len(rows), spans=len(rows) * max(map(_width, rows), default=0) <= MAX_CELLS)
    for r, row in enumerate(rows):
        grid.place_row(r, row, text_of)
    lines = grid.lines()
    if not any(any(line) for line in lines):
        return None
    top = _header_height(rows, len(lines))
    return Table(tuple(lines[:top]), tuple(lines[top:]), frozenset(grid.continued))


def _header_height(rows: list[Element], height: int) -> int:
    """How many rows from the top are header rows: those of `thead`, of header cells only, or a first row all bold."""
    top = 0
    for row in rows[: height - 1]:
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        cells = cells_of(row)
        if not in_head and not (cells and all(cell.tag == "th" for cell in cells)):
            break
        top += 1
    if top == 0 and height > 1 and _is_bold(rows[0]) and not _is_bold(rows[1]):
        return 1
    return top


def _is_bold(row: Element) -> bool:
    """Whether all text of the row stands in bold type, in at least two cells."""
    cells = [cell for cell in cells_of(row) if _text_length(cell)]
    return len(cells) > 1 and all(
        _text_length(cell) == sum(_text_length(bold) for bold in cell.iterdescendants("b", "strong")) for cell in cells
    )


@dataclass(slots=True)
class _Grid:
    """Cells by place, each repeated over the places it covers."""

    height: int
    spans: bool
    """Whether cells may cover more than one place; not in a table that would grow beyond all bounds."""
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    continued: set[tuple[int, int]] = field(default_factory=set)
    width: int = 0

    def place_row(self, r: int, row: Element, text_of: CellText) -> None:
        column = 0
        for cell in cells_of(row):
            while (r, column) in self.texts:
                column += 1
            across = _span(cell.get("colspan"), MAX_SPAN) if self.spans else 1
            down = _span(cell.get("rowspan"), self.height - r, zero=self.height - r) if self.spans else 1
            self._place(r, column, (down, across), text_of(cell))
            column += across

    def _place(self, r: int, column: int, size: tuple[int, int], text: str) -> None:
        for place in _places(r, column, size):
            if place in self.texts:
                continue
            self.texts[place] = text
            if place != (r, column):
                self.continued.add(place)
        self.width = max(self.width, column + size[1])

    def lines(self) -> list[Row]:
        width = self._used_width()
        self.continued = {place for place in self.continued if place[1] < width}
        return [tuple(self.texts.get((r, c), "") for c in range(width)) for r in range(self.height)]

    def _used_width(self) -> int:
        """Columns up to the last that holds a cell of its own, so that an oversized colspan adds none."""
        return max((c + 1 for (r, c) in self.texts if (r, c) not in self.continued), default=0)


def _places(r: int, column: int, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for down in range(size[0]):
        for across in range(size[1]):
            yield r + down, column + across


def _width(row: Element) -> int:
    return sum(_span(cell.get("colspan"), MAX_SPAN) for cell in cells_of(row))


def _span(value: str | None, most: int, zero: int = 1) -> int:
    digits = (value or "").strip()
    if not digits.isdecimal():
        return 1
    return max(1, min(int(digits[:6]) or zero, most))
