"""A document as read: its whole text, and Blocks that each know their exact place in it.

Invariants, held by DocumentBuilder and by every parser's tests:
* `block.text == document.text[block.start:block.end]` for every block;
* blocks stand in reading order and do not overlap;
* a table's text is one line per row, cells joined by ` | ` (`Table.render`), so each cell has a span of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table", "code", "caption", "footnote"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points (1/72 inch) from the page's upper left corner."""
Row = tuple[str, ...]
FEWEST_HIDDEN = 10
"""Characters; less hidden text than this is a number or a mark that its author has forgotten."""

BLOCK_SEPARATOR = "\n\n"
CELL_SEPARATOR = " | "
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What titles are freed of: characters that steer terminals, and marks that turn the direction of writing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell with the labels that give it meaning; offsets count from the table block's start."""

    row: int
    """Index among the body rows; header rows are not counted."""
    column: int
    text: str
    start: int
    end: int
    header: tuple[str, ...]
    """The column's header cells from the top down, repeats of a merged cell said once."""


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular grid. A merged cell stands in each place it covers; all but its first place are `continued`."""

    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    continued: frozenset[tuple[int, int]] = frozenset()
    """(row, column) over header and body rows together, where the grid repeats a merged cell."""

    def grid(self) -> tuple[Row, ...]:
        """Header rows followed by body rows."""
        return self.header + self.rows

    def render(self) -> str:
        """The table's text: one line per row, a merged cell printed only in its first place."""
        if not self.continued:
            return "\n".join(map(CELL_SEPARATOR.join, self.grid()))
        return "\n".join(
            CELL_SEPARATOR.join("" if (r, c) in self.continued else cell for c, cell in enumerate(row))
            for r, row in enumerate(self.grid())
        )

    def row_spans(self) -> list[tuple[int, int]]:
        """Start and end of each line of `render()`, header rows included."""
        spans, at = [], 0
        for line in self.render().split("\n"):
            spans.append((at, at + len(line)))
            at += len(line) + 1
        return spans

    def cells(self) -> Iterator[Cell]:
        """Every body cell, a merged one in each place it covers, with the span where its text is printed."""
        spans = self._spans()
        top = len(self.header)
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                start, end = spans[(r + top, c)]
                yield Cell(r, c, text, start, end, self.header_path(c))

    def header_path(self, column: int) -> tuple[str, ...]:
        """The column's header cells from the top down, without empty cells and repeats."""
        path: list[str] = []
        for row in self.header:
            cell = row[column] if column < len(row) else ""
            if cell and (not path or path[-1] != cell):
                path.append(cell)
        return tuple(path)

    def _spans(self) -> dict[tuple[int, int], tuple[int, int]]:
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        at = 0
        for r, row in enumerate(self.grid()):
            for c, cell in enumerate(row):
                if (r, c) in self.continued:
                    spans[r, c] = self._origin(spans, r, c, cell, at)
                    width = 0
                else:
                    spans[r, c] = (at, at + len(cell))
                    width = len(cell)
                at += width + (len(CELL_SEPARATOR) if c + 1 < len(row) else 0)
            at += 1
        return spans

    def _origin(
        self, spans: dict[tuple[int, int], tuple[int, int]], r: int, c: int, cell: str, at: int
    ) -> tuple[int, int]:
        grid = self.grid()
        for place in ((r, c - 1), (r - 1, c)):
            if place in spans and grid[place[0]][place[1]] == cell:
                return spans[place]
        return (at, at)


@dataclass(frozen=True, slots=True)
class Part:
    """Where one stretch of a block stands, for blocks that run over columns or pages."""

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest text with a place."""

    kind: BlockKind
    text: str
    """Without list marker; equal to `document.text[start:end]`."""
    start: int
    end: int
    section: tuple[str, ...] = ()
    """Headings above this block from the outermost in; a heading's own text is not in its section."""
    level: int | None = None
    """Heading level from 1, or nesting depth of a list item from 1."""
    marker: str | None = None
    """A list item's bullet or number as the reader of the original sees it: "•", "3.", "b)"."""
    page: int | None = None
    """From 1; None where the format has no pages."""
    box: Box | None = None
    parts: tuple[Part, ...] = ()
    """Every stretch with its place, where the block is joined over lines in several columns or pages; else empty."""
    path: str | None = None
    """Element path in the source (`body/section[2]/p[1]`), for formats without pages."""
    table: Table | None = None
    ocr_confidence: float | None = None
    """0 to 1 where the text was read by OCR."""

    def page_at(self, offset: int) -> int | None:
        """The page on which the document's character `offset` stands."""
        for part in self.parts:
            if part.start <= offset < part.end:
                return part.page
        return self.page


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as read."""

    source: str
    """File name or path as given by the caller; never opened again from here."""
    sha256: str
    """Hash of the file's bytes, hexadecimal."""
    type: str
    """pdf, html, docx, markdown, text, ..."""
    title: str
    language: str
    """ISO 639-1 code of most of the text, or "und" where there is too little text to tell."""
    pages: int | None
    text: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    """What a careful reader should know: pages without text, repaired structure, OCR of low confidence."""


@dataclass(slots=True)
class DocumentBuilder:
    """Collects blocks in reading order; the one place where offsets and section paths are made."""

    blocks: list[Block] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _hidden: dict[int | None, int] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)
    _length: int = 0
    _open: list[tuple[int, str]] = field(default_factory=list)

    def add(  # noqa: PLR0913 - the fields of a Block
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int | None = None,
        marker: str | None = None,
        page: int | None = None,
        box: Box | None = None,
        parts: Sequence[tuple[int, int, int, Box]] = (),
        path: str | None = None,
        table: Table | None = None,
        ocr_confidence: float | None = None,
    ) -> None:
        """Append a block. Text that is only white space is dropped; a table's text comes from its grid.

        Args:
            kind: what the block is.
            text: its text without list marker; ignored for tables.
            level: heading level or list depth, from 1.
            marker: list marker as seen by a reader.
            page: page number from 1.
            box: place on that page.
            parts: (start, end, page, box) stretches with offsets into `text`, for joined blocks.
            path: element path in the source.
            table: the grid, for kind "table".
            ocr_confidence: 0 to 1 where OCR read it.
        """
        body = table.render() if table is not None else text.strip()
        if not body.strip():
            return
        lead = 0 if table is not None else len(text) - len(text.lstrip())
        start = self._length + (len(BLOCK_SEPARATOR) if self._texts else 0)
        end = start + len(body)
        section = self._enter(level or 1, body) if kind == "heading" else tuple(title for _, title in self._open)
        self.blocks.append(
            Block(
                kind=kind,
                text=body,
                start=start,
                end=end,
                section=section,
                level=level,
                marker=marker,
                page=page,
                box=box,
                parts=_placed(parts, start, end, lead),
                path=path,
                table=table,
                ocr_confidence=ocr_confidence,
            )
        )
        self._texts.append(body)
        self._length = end

    def hide(self, characters: int, page: int | None = None) -> None:
        """Take note of text that was left out because no reader of the document can see it."""
        if characters:
            self._hidden[page] = self._hidden.get(page, 0) + characters

    def build(self, *, source: str, sha256: str, type: str, title: str, language: str, pages: int | None) -> Document:
        """Close the document; an empty title becomes the first heading, or the file's name."""
        headings = (block.text for block in self.blocks if block.kind == "heading")
        return Document(
            source=source,
            sha256=sha256,
            type=type,
            title=STEERING.sub("", title).strip() or next(headings, source),
            language=language,
            pages=pages,
            text=BLOCK_SEPARATOR.join(self._texts),
            blocks=tuple(self.blocks),
            warnings=(*self.warnings, *self._hidden_text()),
        )

    def _hidden_text(self) -> Iterator[str]:
        total = sum(self._hidden.values())
        pages = ", ".join(str(page) for page in sorted(page for page in self._hidden if page is not None))
        if total >= FEWEST_HIDDEN:
            where = f" on page {pages}" if pages else ""
            yield f"text that no reader can see was left out: {total} characters{where}"

    def _enter(self, level: int, title: str) -> tuple[str, ...]:
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        above = tuple(text for _, text in self._open)
        self._open.append((level, " ".join(title.split())))
        return above


def _placed(parts: Sequence[tuple[int, int, int, Box]], start: int, end: int, lead: int) -> tuple[Part, ...]:
    placed = ((max(start, start + s - lead), min(end, start + e - lead), page, box) for s, e, page, box in parts)
    return tuple(Part(s, e, page, box) for s, e, page, box in placed if s < e)
