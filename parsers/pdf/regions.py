"""Regions of a PDF page: which lines belong together and what they are.

The layout model that ships with PyMuPDF proposes boxes with a class. Every line of the text layer ends up in exactly
one region: lines that no box claims form regions of their own, so the model can misjudge text but not lose it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import Any, Literal

import numpy as np

from parsers.document import Box
from parsers.pdf.lines import Line, rows, union
from parsers.pdf.lists import split_marker
from parsers.pdf.order import cut

RegionKind = Literal[
    "title", "section-header", "text", "list-item", "table", "caption", "footnote", "formula", "picture",
    "page-header", "page-footer",
]  # fmt: skip


TITLE_SIZE = 1.2
"""Ratio to a table's font size from which a line above its rows is a heading and no row."""


FLOWING = ("text", "list-item")
"""Kinds of regions that running text stands in."""
COLUMN_GAP = 0.8
"""Width of white space, in font sizes, that parts columns inside a region."""
FEWEST_COLUMN_LINES = 2
FEWEST_PAGE_LINES = 5
ACROSS = -1
MOST_ACROSS = 0.2
"""Share of a region's lines that may stand across columns where the others do not."""
COLUMN_SHARE = 0.15
"""Share of a page's lines that each of its columns holds at least."""
GUTTER = 6.0
"""Narrowest white space, in points, that parts a page's columns."""
STRIP = 2.0
"""Width in points of the strips in which gutters are looked for."""
CROSSING = 0.05
"""Largest share of lines that may cross a gutter."""
COLUMN_LINE = 20
"""Characters that a line of running text has at least."""
WIDEST_COLUMN = 0.6
"""Widest column, as a share of the page's text, where there are several."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Row and column boundaries of a table, outer edges included, in points."""

    ys: tuple[float, ...]
    xs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that belong together, from top to bottom."""

    kind: RegionKind
    box: Box
    lines: tuple[Line, ...]
    grid: Grid | None = None


def model_boxes(page: Any) -> list[tuple[RegionKind, Box, Grid | None]]:
    """The layout model's boxes on an unrotated page."""
    with np.errstate(all="ignore"):
        page.get_layout(return_raw=True)
    found = []
    for group in page.layout_information or ():
        x0, y0, x1, y1 = group["group_bbox"]
        box: Box = (float(x0), float(y0), float(x1), float(y1))
        if box[2] - box[0] > 2 and box[3] - box[1] > 2:
            found.append((group["class_name"], box, _grid(group.get("table_grid"), box)))
    return found


def _grid(prediction: Any, box: Box) -> Grid | None:
    if prediction is None:
        return None
    ys = (box[1], *(float(y) + box[1] for y in prediction.h_lines), box[3])
    xs = (box[0], *(float(x) + box[0] for x in prediction.v_lines), box[2])
    return Grid(ys, xs)


def assign(lines: Sequence[Line], boxes: Sequence[tuple[RegionKind, Box, Grid | None]]) -> list[Region]:
    """Regions that hold every line once; lines outside all boxes come as text regions."""
    held: dict[int, list[Line]] = defaultdict(list)
    loose: list[Line] = []
    for line in lines:
        best = max(range(len(boxes)), key=lambda i: _claim(line.box, boxes[i][1]), default=None)
        if best is None or _claim(line.box, boxes[best][1])[0] < 0.4:
            loose.append(line)
        else:
            held[best].append(line)
    columns = _page_columns(lines)
    regions = []
    for i, (kind, _, grid) in enumerate(boxes):
        if i in held and kind == "table":
            regions += _table_regions(held[i], grid)
        elif i in held:
            regions += [region for part in _by_column(kind, held[i], columns) for region in _text_regions(kind, part)]
    return regions + plain_regions(loose)


def _by_column(kind: RegionKind, lines: list[Line], columns: Sequence[tuple[float, float]]) -> list[list[Line]]:
    """Lines of a region of text that the model laid over two columns of the page, column by column."""
    if kind not in FLOWING or len(columns) < 2:
        return [lines]
    parts: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        parts[_column_of(line, columns)].append(line)
    across = len(parts.get(ACROSS, ()))
    return list(parts.values()) if len(parts) - bool(across) > 1 and across <= MOST_ACROSS * len(lines) else [lines]


def _region(kind: RegionKind, lines: Sequence[Line], grid: Grid | None = None) -> Region:
    kept = tuple(replace(line, runs=()) for line in rows(lines))
    return Region(kind, union(line.box for line in lines), kept, grid)


def _text_regions(kind: RegionKind, lines: Sequence[Line]) -> list[Region]:
    """A region of text, cut where its lines stand in columns that the model overlooked."""
    if kind not in FLOWING or len(lines) < 2 * FEWEST_COLUMN_LINES:
        return [_region(kind, lines)]
    size = median(line.size for line in lines)
    pieces = _with_markers(lines, size)
    columns = cut([line.box for line in pieces], axis=0, gap=COLUMN_GAP * size)
    narrow = any(
        len(column) < FEWEST_COLUMN_LINES or max(pieces[i].box[2] - pieces[i].box[0] for i in column) < 3 * size
        for column in columns
    )
    if len(columns) < 2 or narrow or not all(_runs_down([pieces[i] for i in column]) for column in columns):
        return [_region(kind, lines)]
    return [_region(kind, [pieces[i] for i in column]) for column in columns]


def _runs_down(column: Sequence[Line]) -> bool:
    """Whether a column is read downwards, as text or as a list; labels and values are read row by row."""
    marked = sum(split_marker(line.text) is not None for line in column)
    return 2 * marked >= len(column) or median(len(line.text) for line in column) >= COLUMN_LINE


def _with_markers(lines: Sequence[Line], size: float) -> list[Line]:
    """Lines, those that are but a list marker joined with what follows them on their row."""
    pieces = sorted(lines, key=lambda line: line.box[0])
    joined: list[Line] = []
    for line in pieces:
        at = next((i for i, other in enumerate(joined) if _marks(other, line, size)), None)
        if at is None:
            joined.append(line)
        else:
            joined[at] = rows([joined[at], line])[0]
    return joined


def _marks(marker: Line, line: Line, size: float) -> bool:
    if split_marker(marker.text) is None or len(marker.text) > 4:
        return False
    level = min(marker.box[3], line.box[3]) - max(marker.box[1], line.box[1]) > 0.5 * min(marker.height, line.height)
    return level and 0 <= line.box[0] - marker.box[2] < 3 * size


def _table_regions(lines: Sequence[Line], grid: Grid | None) -> list[Region]:
    """A table's lines, cut wherever the model took in a line in larger type that stands alone on its row."""
    usual = median(line.size for line in lines)
    regions: list[Region] = []
    part: list[Line] = []
    for line in sorted(lines, key=lambda line: line.box[1]):
        if line.size > TITLE_SIZE * usual and _alone(line, lines):
            regions += [_region("table", part, grid)] if part else []
            regions.append(_region("section-header", [line]))
            part = []
        else:
            part.append(line)
    return regions + ([_region("table", part, grid)] if part else [])


def _alone(line: Line, lines: Sequence[Line]) -> bool:
    """Whether no other line overlaps this one's row."""
    inset = 0.2 * line.height
    return not any(
        other is not line and other.box[1] < line.box[3] - inset and other.box[3] > line.box[1] + inset
        for other in lines
    )


def _claim(line: Box, box: Box) -> tuple[float, float]:
    """Share of the line inside the box, and smallness of the box to break ties."""
    width = min(line[2], box[2]) - max(line[0], box[0])
    height = min(line[3], box[3]) - max(line[1], box[1])
    area = (line[2] - line[0]) * (line[3] - line[1])
    share = max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0
    return (round(share, 1), -(box[2] - box[0]) * (box[3] - box[1]))


def plain_regions(lines: Sequence[Line]) -> list[Region]:
    """Regions made from the content stream's own text blocks, cut at the gutters of the page."""
    columns = _page_columns(lines)
    blocks: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        blocks[line.source].append(line)
    parts = [part for block in blocks.values() for part in _by_column("text", block, columns)]
    return [region for block in _stacked(parts) for region in _text_regions("text", block)]


def _page_columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Left and right edges of the page's columns of text; empty where there is one column.

    A gutter is a strip that hardly any line crosses; a footer or a heading in the middle of the page may.
    """
    if not lines:
        return []
    page = union(line.box for line in lines)
    widest = WIDEST_COLUMN * (page[2] - page[0])
    long = [line.box for line in lines if len(line.text) >= COLUMN_LINE]
    texts = [box for box in long if box[2] - box[0] < widest]
    if 2 * len(texts) < len(long):
        return []
    cover = [0] * (int((page[2] - page[0]) / STRIP) + 2)
    for box in texts:
        for strip in range(int((box[0] - page[0]) / STRIP), int((box[2] - page[0]) / STRIP) + 1):
            cover[strip] += 1
    columns = _between_gutters(cover, CROSSING * len(texts), page[0])
    held = [sum(left - 2 < box[0] and box[2] < right + 2 for box in texts) for left, right in columns]
    fewest = max(FEWEST_PAGE_LINES, COLUMN_SHARE * len(texts))
    return columns if len(columns) > 1 and min(held) >= fewest else []


def _between_gutters(cover: Sequence[int], few: float, left: float) -> list[tuple[float, float]]:
    """Stretches of strips that more than a few lines cover, parted by gutters."""
    columns: list[tuple[float, float]] = []
    for covered, strips in groupby(range(len(cover)), key=lambda strip: cover[strip] > few):
        if covered:
            members = list(strips)
            start, end = left + members[0] * STRIP, left + (members[-1] + 1) * STRIP
            if columns and start - columns[-1][1] < GUTTER:
                columns[-1] = (columns[-1][0], end)
            else:
                columns.append((start, end))
    return columns


def _column_of(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    """Number of the column that holds a line, or -1 where it stands across columns."""
    return next(
        (i for i, (left, right) in enumerate(columns) if left - 2 < line.box[0] and line.box[2] < right + 2), -1
    )


def _stacked(blocks: Sequence[list[Line]]) -> list[list[Line]]:
    """Blocks of a single line each appended to the block that they go on with."""
    stacks: list[list[Line]] = []
    for block in blocks:
        above = next(
            (stack for stack in reversed(stacks[-4:]) if len(block) == 1 and _goes_on(stack[-1], block[0])), None
        )
        if above is None:
            stacks.append(list(block))
        else:
            above.extend(block)
    return stacks


def _goes_on(last: Line, line: Line) -> bool:
    near = -0.5 * line.size < line.box[1] - last.box[3] < 0.5 * line.size
    return near and abs(last.box[0] - line.box[0]) < 2 and last.size == line.size and last.bold == line.bold
