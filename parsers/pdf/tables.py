"""Tables: words of the text layer put into the cells of a grid."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from parsers.document import Table
from parsers.pdf.glyphs import rtl_share
from parsers.pdf.lines import RTL_PAGE, Line, rows
from parsers.pdf.prose import join_lines
from parsers.pdf.regions import Grid

LIST_BULLETS = frozenset("•▪●○■□➢►◦‣·")


def build_table(words: Sequence[Line], grid: Grid, vocabulary: Mapping[str, int]) -> Table | None:
    """The table whose cells hold the words; None where fewer than two cells have text."""
    cells: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for word in words:
        row = _slot((word.box[1] + word.box[3]) / 2, grid.ys)
        column = _slot((word.box[0] + word.box[2]) / 2, grid.xs)
        cells[row, column].append(word)
    body = [
        tuple(join_lines((line.text for line in rows(cells[r, c])), vocabulary) for c in range(len(grid.xs) - 1))
        for r in range(len(grid.ys) - 1)
    ]
    kept = [row for row in body if any(row)]
    used = [c for c in range(len(grid.xs) - 1) if any(row[c] for row in kept)]
    if rtl_share(" ".join(cell for row in kept for cell in row)) > RTL_PAGE:
        used.reverse()
    trimmed = tuple(tuple(row[c] for c in used) for row in kept)
    if any(_is_bullets([row[c] for row in kept]) for c in used):
        return None
    if len(used) < 2 or sum(sum(map(bool, row)) > 1 for row in trimmed) < 0.5 * len(trimmed):
        return None
    return Table(header=trimmed[:1], rows=trimmed[1:])


def _is_bullets(column: Sequence[str]) -> bool:
    """Whether a column holds bullets and nothing else, so that the table is a list."""
    cells = [cell for cell in column if cell]
    return bool(cells) and all(set(cell.split()) <= LIST_BULLETS for cell in cells)


def _slot(value: float, edges: Sequence[float]) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)
