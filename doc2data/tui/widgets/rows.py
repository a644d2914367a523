"""A table of any length: only the rows in sight exist, and pages of them are fetched as they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Cell = str | tuple[str, str]
"""Text, or text with a tone: good, bad, warn, dim or strong."""
Row = Sequence[Cell]
Fetch = Callable[[int, int], Awaitable[Sequence[Row]]]
"""Gives the rows from `offset` on, at most `limit`."""

PAGE = 100
PAGES = 12
"""Pages that are kept; the oldest go first, so memory does not grow with scrolling."""
GAP = "  "
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    width: int = 0
    """Cells; 0 takes what the others leave."""
    right: bool = False
    """Whether its text stands at the right."""
    wide: int = 0
    """Shown only where the table is at least this wide."""


class Rows(ScrollView, can_focus=True):
    """A table with a cursor over rows that are fetched a page at a time."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--header",
        "rows--cursor",
        "rows--good",
        "rows--bad",
        "rows--warn",
        "rows--dim",
        "rows--strong",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="rows.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="rows.down"),
        Binding("pageup", "leaf(-1)", "Page up", show=False, id="rows.pageup"),
        Binding("pagedown", "leaf(1)", "Page down", show=False, id="rows.pagedown"),
        Binding("home,g", "jump(0)", "First", show=False, id="rows.first"),
        Binding("end,G", "jump(-1)", "Last", show=False, id="rows.last"),
        Binding("enter", "choose", "Open", id="rows.open"),
    ]
    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        background: $surface;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .rows--header { color: $foreground 70%; text-style: bold; background: $panel; }
        & > .rows--cursor { background: $primary 25%; }
        &:focus > .rows--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .rows--good { color: $text-success; }
        & > .rows--bad { color: $text-error; }
        & > .rows--warn { color: $text-warning; }
        & > .rows--dim { color: $foreground 60%; }
        & > .rows--strong { text-style: bold; }
    }
    """
    HELP = "Arrows, PgUp, PgDn, Home and End move; Enter opens the row under the cursor."

    cursor: reactive[int] = reactive(0)
    count: reactive[int] = reactive(0)

    @dataclass
    class Moved(Message):
        """The cursor stands on another row."""

        rows: Rows
        index: int

        @property
        def control(self) -> Rows:
            """The table."""
            return self.rows

    @dataclass
    class Chosen(Message):
        """A row was opened."""

        rows: Rows
        index: int

        @property
        def control(self) -> Rows:
            """The table."""
            return self.rows

    def __init__(self, columns: Sequence[Column], *, id: str | None = None, empty: str = "") -> None:
        """`empty` is what to say where there are no rows: which key to press next."""
        super().__init__(id=id)
        self._columns = columns
        self._empty = empty
        self._fetch: Fetch | None = None
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._asked: set[int] = set()

    def show(self, count: int, fetch: Fetch) -> None:
        """Show other rows; the cursor stays where it is as far as there are rows."""
        self._fetch = fetch
        self._pages.clear()
        self._asked.clear()
        self.count = count
        self.cursor = max(0, min(self.cursor, count - 1))
        self.virtual_size = Size(0, count + 1)
        self.refresh()

    def show_all(self, rows: Sequence[Row]) -> None:
        """Show rows that are all at hand."""

        async def fetch(offset: int, limit: int) -> Sequence[Row]:
            return rows[offset : offset + limit]

        self.show(len(rows), fetch)
        self._pages.update({n: rows[n * PAGE : (n + 1) * PAGE] for n in range(min(PAGES, len(rows) // PAGE + 1))})

    @property
    def pages(self) -> list[int]:
        """Numbers of the pages that are at hand."""
        return list(self._pages)

    def say_empty(self, text: str) -> None:
        """Change what is said where there are no rows."""
        self._empty = text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line on the screen: the head at the top, below it rows or what to do where there are none."""
        width = self.size.width
        if y == 0:
            return self._line([column.title for column in self._shown()], self.get_component_rich_style("rows--header"))
        if self.count == 0:
            return self._empty_line(y, width)
        index = y - 1 + self.scroll_offset.y
        if index >= self.count:
            return Strip.blank(width, self.rich_style)
        base = self.get_component_rich_style("rows--cursor") if index == self.cursor else self.rich_style
        row = self._row(index)
        if row is None:
            return Strip([Segment(set_cell_size(ELLIPSIS, width), base)])
        cells = [cell for cell, column in zip(row, self._columns, strict=True) if self._fits(column)]
        return self._line(cells, base, lit=index == self.cursor)

    def watch_cursor(self) -> None:
        """Keep the cursor in sight and tell."""
        self.scroll_to_region(Region(0, self.cursor, 1, 2), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self, self.cursor))

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        self._to(self.cursor + steps)

    def action_leaf(self, pages: int) -> None:
        """Move the cursor by what is in sight."""
        self._to(self.cursor + pages * max(1, self.size.height - 2))

    def action_jump(self, index: int) -> None:
        """Move to the first row, or the last for -1."""
        self._to(index if index >= 0 else self.count + index)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.count:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or index >= self.count:
            return
        if event.chain > 1:
            self.action_choose()
        self._to(index)

    def _to(self, index: int) -> None:
        self.cursor = max(0, min(index, self.count - 1))

    def _shown(self) -> list[Column]:
        return [column for column in self._columns if self._fits(column)]

    def _fits(self, column: Column) -> bool:
        return self.size.width >= column.wide

    def _row(self, index: int) -> Row | None:
        number, place = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            return None
        self._pages.move_to_end(number)
        # A row may have gone since the count was taken.
        return page[place] if place < len(page) else None

    def _ask(self, number: int) -> None:
        if number not in self._asked and self._fetch is not None:
            self._asked.add(number)
            self._load(number, self._fetch)

    @work(group="pages", exit_on_error=False)
    async def _load(self, number: int, fetch: Fetch) -> None:
        page = await fetch(number * PAGE, PAGE)
        if fetch is not self._fetch:
            return
        self._pages[number] = page
        self._asked.discard(number)
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        self.refresh()

    def _line(self, cells: Sequence[Cell], base: Style, *, lit: bool = False) -> Strip:
        columns = self._shown()
        segments = [Segment(" ", base)]
        for column, width, cell in zip(columns, self._widths(columns), cells, strict=True):
            text, tone = (cell, "") if isinstance(cell, str) else cell
            style = base if lit or not tone else base + self._tone(tone)
            segments += [Segment(_fit(text, width, right=column.right), style), Segment(GAP, base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _tone(self, tone: str) -> Style:
        """The tone's own colour and weight, without a background to hide the cursor's."""
        return self.get_component_rich_style(f"rows--{tone}", partial=True)

    def _widths(self, columns: Sequence[Column]) -> list[int]:
        fixed = 1 + sum(column.width for column in columns) + len(GAP) * len(columns)
        loose = sum(not column.width for column in columns)
        share = max(4, (self.size.width - fixed) // loose) if loose else 0
        return [column.width or share for column in columns]

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = [part for line in self._empty.splitlines() for part in wrap(line, max(10, width - 4))]
        text = lines[y - 2] if 0 <= y - 2 < len(lines) else ""
        return Strip([Segment(set_cell_size(f"  {text}", width), self.rich_style)])


def _fit(text: str, width: int, *, right: bool) -> str:
    """The text in exactly so many cells; wide characters count two."""
    text = " ".join(text.split())
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)
    return " " * (width - length) + text if right else set_cell_size(text, width)
