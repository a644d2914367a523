"""Clues of tables: one per body row, each cell with its column's header path; headers and captions for context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.clues.candidate import Candidate
from parsers.document import Block, Cell, Table

_NUMBERING = re.compile(r"^(?:no\.?|nr\.?|#|item(?: no\.?)?|pos\.?|step|id|row|序号|编号|步骤)$", re.IGNORECASE)
_CAPTION = re.compile(
    r"^(?:table|tab\.|tabelle|tableau|表)\s*(?:[A-Z]?[-.]?\d+(?:[-.–]\d+)*)?\s*[:.：–—|-]?\s*", re.IGNORECASE
)
_CAPTION_NEEDED = re.compile(r"^(?:table|tab\.|表)\s*[A-Z\d]", re.IGNORECASE)
_DATA = re.compile(r"\d")
_PAIR_COLUMNS = 2
_TOLD_WORDS = 6
"""So many words are a value and not a header."""


def candidates(blocks: Sequence[Block]) -> Iterator[Candidate]:
    """Row clues of every table in `blocks`, in order; a header row is a clue without cells, for context only."""
    for index, block in enumerate(blocks):
        if block.table is not None:
            yield from _rows(block, block.table, caption(blocks, index))


def caption(blocks: Sequence[Block], index: int) -> str:
    """The text of the caption beside the table at `index`, without "Table 3:"; "" where there is none."""
    for near in (index - 1, index + 1):
        if 0 <= near < len(blocks):
            block = blocks[near]
            if block.kind == "caption" or (block.kind == "paragraph" and _CAPTION_NEEDED.match(block.text)):
                return _CAPTION.sub("", " ".join(block.text.split()), count=1).rstrip(".。")
    return ""


def _rows(block: Block, table: Table, title: str) -> Iterator[Candidate]:
    spans = table.row_spans()
    top = len(table.header)
    columns = max((len(row) for row in table.grid()), default=0)
    if columns == _PAIR_COLUMNS and (not top or (top == 1 and _is_data(table))):
        yield from _pairs(block, table, title)
        return
    for line in spans[:top]:
        yield Candidate("table_row", block.start + line[0], block.start + line[1], block.section, block.page, "", title)
    cells = list(table.cells())
    for row, line in enumerate(spans[top:]):
        own = [cell for cell in cells if cell.row == row]
        if any(cell.text.strip() for cell in own):
            yield _row(block, own, line, title)


def _row(block: Block, cells: Sequence[Cell], line: tuple[int, int], title: str) -> Candidate:
    start = block.start + line[0]
    return Candidate(
        "table_row",
        start,
        block.start + line[1],
        block.section,
        block.page_at(start),
        subject=_label(cells),
        attribute=title,
        cells=tuple((" / ".join(cell.header), " ".join(cell.text.split())) for cell in cells),
    )


def _label(cells: Sequence[Cell]) -> str:
    for cell in cells:
        if cell.text.strip() and not (cell.header and _NUMBERING.match(cell.header[-1].strip())):
            return " ".join(cell.text.split())
    return ""


def _is_data(table: Table) -> bool:
    """Whether the first row of a two-column table looks like a pair itself and not like a header."""
    key, value = (table.header[0] + ("", ""))[:2]
    told = value.strip().endswith(".") or len(value.split()) >= _TOLD_WORDS
    return (bool(_DATA.search(value)) and not _DATA.search(key)) or told


def _pairs(block: Block, table: Table, title: str) -> Iterator[Candidate]:
    for row, (start, end) in zip(table.grid(), table.row_spans(), strict=True):
        key, value = (" ".join(cell.split()) for cell in (*row, "", "")[:2])
        if key and value and start < end:
            at = block.start + start
            yield Candidate(
                "key_value", at, block.start + end, block.section, block.page_at(at), title, key.rstrip(":："), value
            )
