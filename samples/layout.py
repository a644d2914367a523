"""Flows the blocks of a source over the pages of a PDF."""

# PyMuPDF says that it is typed, but leaves most of its functions without annotations.
# mypy: allow-untyped-calls

from dataclasses import dataclass, field

import markup
import pymupdf
from typesetting import BLACK, BRAND, GREY, RULE, SHADE, WHITE, Canvas, Colour, Line, Style, lines, text_width

PAPER = pymupdf.Rect(0, 0, 595, 842)
LEFT, RIGHT, TOP, BOTTOM = 64.0, 531.0, 88.0, 770.0
BODY = Style(justified=True)
LABEL = Style("bold", 9.0, 12.0, BRAND)
CELL = Style(size=8.8, leading=11.6)
HEAD = Style("bold", 8.8, 11.6)
SMALL = Style(size=7.8, leading=10.2, colour=GREY)
HEADINGS = {
    1: Style("bold", 18, 24, BRAND),
    2: Style("bold", 12.4, 17, BRAND),
    3: Style("bold", 10.2, 14, BLACK),
}
SIGNALS: dict[str, Colour] = {
    "DANGER": (0.75, 0.1, 0.1),
    "WARNING": (0.86, 0.4, 0.05),
    "CAUTION": (0.8, 0.6, 0.0),
    "NOTICE": (0.13, 0.4, 0.65),
}
_ROOM_AFTER_HEADING = {1: 110.0, 2: 62.0, 3: 40.0}
_TALLEST_KEPT_TABLE = 300.0
_PADDING = 4.0


@dataclass(slots=True)
class Flow:
    """The state of a document being set: where the next line goes, and what has been numbered so far."""

    document: pymupdf.Document
    notes: dict[str, str] = field(default_factory=dict)
    columns: int = 1
    column: int = 0
    y: float = TOP
    top: float = TOP
    bottom: float = BOTTOM
    chapter: str = ""
    outline: list[tuple[int, str, int]] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=lambda: {"chapter": 0, "section": 0, "table": 0})
    canvas: Canvas | None = None
    due_notes: list[str] = field(default_factory=list)
    in_list: bool = False

    @property
    def left(self) -> float:
        """Left edge of the current column."""
        return LEFT + self.column * (self.width + 22)

    @property
    def width(self) -> float:
        """Width of the current column."""
        return RIGHT - LEFT if self.columns == 1 else (RIGHT - LEFT - 22 * (self.columns - 1)) / self.columns

    @property
    def sheet(self) -> Canvas:
        """The page being drawn; a new one where none is open."""
        if self.canvas is None:
            self.canvas = Canvas(self.document.new_page(width=PAPER.width, height=PAPER.height))
            self.titles[self.document.page_count] = self.chapter
            self.column, self.y, self.top, self.bottom = 0, TOP, TOP, BOTTOM
        return self.canvas

    def end_page(self) -> None:
        """Closes the open page, with its footnotes; the next text opens another."""
        if self.canvas is None:
            return
        if self.due_notes:
            self._set_notes(self.canvas)
        self.canvas.finish()
        self.canvas = None
        self.due_notes = []

    def need(self, height: float) -> bool:
        """Moves to the next column or page unless `height` is left; says whether it moved."""
        _ = self.sheet
        if self.y + height <= self.bottom:
            return False
        if self.column + 1 < self.columns:
            self.column += 1
            self.y = self.top
        else:
            self.end_page()
            _ = self.sheet
        return True

    def gap(self, height: float) -> None:
        """Leaves white space, except at the top of a page."""
        if self.canvas is not None and self.y > self.top:
            self.y += height

    def put(self, line: Line, style: Style, indent: float = 0.0) -> None:
        """Sets one line, with room for the footnotes that it calls."""
        notes = [note for note in line.notes if note not in self.due_notes]
        reserve = sum(self._note_height(note) for note in notes) + (10 if notes and not self.due_notes else 0)
        self.need(style.leading + reserve)
        self.bottom -= reserve
        self.due_notes += notes
        self.y += style.leading
        at = (self.left + indent, self.y - style.leading * 0.27)
        self.sheet.line(at, line, self.width - indent, style)

    def _note_lines(self, note: str) -> list[Line]:
        return lines(f"{note}  {self.notes[note]}", RIGHT - LEFT, SMALL)

    def _note_height(self, note: str) -> float:
        return len(self._note_lines(note)) * SMALL.leading

    def _set_notes(self, canvas: Canvas) -> None:
        y = BOTTOM - sum(self._note_height(note) for note in self.due_notes)
        canvas.rule((LEFT, y - 4), (LEFT + 120, y - 4))
        for note in self.due_notes:
            for line in self._note_lines(note):
                y += SMALL.leading
                canvas.line((LEFT, y - 2), line, RIGHT - LEFT, SMALL)


def set_block(flow: Flow, block: markup.Block) -> None:
    """Sets one block of the source; properties and footnotes leave no mark where they stand."""
    if flow.in_list and not isinstance(block, markup.Item):
        flow.gap(4)
    flow.in_list = isinstance(block, markup.Item)
    match block:
        case markup.Heading():
            set_heading(flow, block)
        case markup.Paragraph(text):
            set_paragraph(flow, text, BODY)
            flow.gap(6)
        case markup.Item():
            _set_item(flow, block)
        case markup.Box():
            _set_box(flow, block)
        case markup.Table() if block.style == "facts":
            _set_facts(flow, block)
        case markup.Table():
            _set_table(flow, block)
        case _:
            return


def set_heading(flow: Flow, heading: markup.Heading) -> None:
    """Sets a heading, numbers it and enters it in the outline."""
    style = HEADINGS[heading.level]
    text = _numbered(flow, heading)
    if heading.level == 1:
        flow.chapter = text
    flow.gap({1: 22.0, 2: 11.0, 3: 5.0}[heading.level])
    flow.need(style.leading + _ROOM_AFTER_HEADING[heading.level])
    if heading.level == 1 and flow.y == TOP:
        flow.titles[flow.document.page_count] = text
    if heading.level < 3:
        flow.outline.append((heading.level, text, flow.document.page_count))
    for line in lines(text, flow.width, style):
        flow.put(line, style)
    flow.y += 4 if heading.level > 1 else 7


def set_paragraph(flow: Flow, text: str, style: Style, indent: float = 0.0) -> None:
    """Sets running text; a paragraph never leaves a single line at the foot of a page."""
    set_lines = lines(text, flow.width - indent, style)
    flow.need(min(2, len(set_lines)) * style.leading)
    for line in set_lines:
        flow.put(line, style, indent)


def _numbered(flow: Flow, heading: markup.Heading) -> str:
    counters = flow.counters
    if not heading.numbered or heading.level > 2:
        return heading.text
    if heading.level == 1:
        counters["chapter"] += 1
        counters["section"] = 0
        return f"{counters['chapter']} {heading.text}"
    counters["section"] += 1
    return f"{counters['chapter']}.{counters['section']} {heading.text}"


def _set_item(flow: Flow, item: markup.Item) -> None:
    indent = 18.0
    set_lines = lines(item.text, flow.width - indent, BODY)
    flow.need(min(2, len(set_lines)) * BODY.leading)
    mark = "•" if item.marker == "-" else item.marker
    flow.sheet.text((flow.left + 2, flow.y + BODY.leading * 0.73), f"{mark} ", BODY)
    for line in set_lines:
        flow.put(line, BODY, indent)
    flow.gap(3)


def _set_box(flow: Flow, box: markup.Box) -> None:
    colour = SIGNALS[box.signal]
    text_lines = lines(box.text, flow.width - 22, BODY)
    height = 19 + len(text_lines) * BODY.leading + 12
    flow.gap(4)
    flow.need(height)
    area = pymupdf.Rect(flow.left, flow.y, flow.left + flow.width, flow.y + height)
    flow.sheet.rectangle(area, edge=colour)
    flow.sheet.rectangle(pymupdf.Rect(area.x0, area.y0, area.x1, area.y0 + 17), fill=colour)
    heading = Style("bold", 9.6, 13, WHITE)
    flow.sheet.text((area.x0 + 11, area.y0 + 12.2), f"{box.signal}: {box.title}", heading)
    flow.y += 22
    for line in text_lines:
        flow.y += BODY.leading
        flow.sheet.line((area.x0 + 11, flow.y - 3.7), line, flow.width - 22, BODY)
    flow.y = area.y1
    flow.gap(9)


def _set_facts(flow: Flow, table: markup.Table) -> None:
    label = Style("bold", 9.2, 12.6)
    value = Style(size=9.2, leading=12.6)
    for name, text in table.rows:
        set_lines = lines(text, flow.width - 170, value)
        flow.need(len(set_lines) * value.leading)
        flow.sheet.text((flow.left, flow.y + value.leading * 0.73), f"{name} ", label)
        for line in set_lines:
            flow.put(line, value, 170)
        flow.gap(2.5)
    flow.gap(6)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table with its column edges and, by row, the lines of each cell."""

    table: markup.Table
    edges: list[float]
    cells: list[list[list[Line]]]

    def height(self, row: int) -> float:
        return max(len(cell) for cell in self.cells[row]) * CELL.leading + 2 * _PADDING - 1

    def style(self, row: int) -> Style:
        return HEAD if row == 0 else CELL


def _grid(flow: Flow, table: markup.Table) -> _Grid:
    scale = flow.width / sum(table.widths)
    edges = [0.0]
    for width in table.widths:
        edges.append(edges[-1] + width * scale)
    cells = [
        [
            lines(text, edges[column + 1] - edges[column] - 2 * _PADDING - 1, HEAD if row == 0 else CELL)
            for column, text in enumerate(texts)
        ]
        for row, texts in enumerate(table.rows)
    ]
    return _Grid(table, edges, cells)


def _set_table(flow: Flow, table: markup.Table) -> None:
    grid = _grid(flow, table)
    total = sum(grid.height(row) for row in range(len(table.rows))) + LABEL.leading + 8
    flow.gap(4)
    flow.need(total if total < _TALLEST_KEPT_TABLE else 140)
    label = ""
    if table.caption:
        flow.counters["table"] += 1
        label = f"Table {flow.counters['table']}"
        _caption(flow, f"{label}: {table.caption}")
    _set_row(flow, grid, 0)
    for row in range(1, len(table.rows)):
        if flow.need(grid.height(row)):
            _caption(flow, f"{label}: {table.caption} (continued)")
            _set_row(flow, grid, 0)
        _set_row(flow, grid, row)
    flow.gap(11)


def _caption(flow: Flow, text: str) -> None:
    flow.y += LABEL.leading
    flow.sheet.text((flow.left, flow.y - 3), text, LABEL)
    flow.y += 3


def _set_row(flow: Flow, grid: _Grid, row: int) -> None:
    top, height = flow.y, grid.height(row)
    _draw_cells(flow, grid, row)
    for column, cell in enumerate(grid.cells[row]):
        right_aligned = grid.table.align[column : column + 1] == "r"
        for index, line in enumerate(cell):
            style = grid.style(row)
            x = flow.left + grid.edges[column] + _PADDING + 1
            if right_aligned:
                x = flow.left + grid.edges[column + 1] - _PADDING - 1 - _line_width(line, style)
            baseline = top + _PADDING + (index + 1) * style.leading - 3.6
            flow.sheet.line((x, baseline), line, grid.edges[column + 1], style)
    flow.y = top + height


def _draw_cells(flow: Flow, grid: _Grid, row: int) -> None:
    if grid.table.style != "ruled":
        return
    for x0, x1 in zip(grid.edges, grid.edges[1:], strict=False):
        area = pymupdf.Rect(flow.left + x0, flow.y, flow.left + x1, flow.y + grid.height(row))
        flow.sheet.rectangle(area, fill=SHADE if row == 0 else None, edge=RULE)


def _line_width(line: Line, style: Style) -> float:
    inner = sum(part.width(style.size) for word in line.words for part in word)
    return inner + text_width(" ", style.face, style.size) * (len(line.words) - 1)
