"""Tables: words of a page put into the cells of a grid.

The grid comes from the layout model and knows no merged cells. They are found here: words that follow each other at the
distance of a space are one phrase, and a phrase that crosses into columns that hold nothing else is a merged cell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Box, Row, Table
from parsers.pdf.glyphs import rtl_share
from parsers.pdf.lines import RTL_PAGE, Line, rows
from parsers.pdf.prose import join_lines
from parsers.pdf.regions import Grid

SPACE = 0.4
"""Widest gap inside a phrase, in line heights."""
OFTEN = 0.4
"""Share of rows that may cross a column boundary before it is the boundary that is wrong and not the rows merged."""
MOST_HEADER_ROWS = 4
LIST_BULLETS = frozenset("•▪●○■□➢►◦‣·")
NUMBER = re.compile(r"[-–−+(]?[$€£¥]?\s?\d[\d.,\s]*[%)]?[*†]?|[-–—.]+|n/?a", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words at the distance of a space, and the columns that they reach into."""

    words: tuple[Line, ...]
    first: int
    last: int


Place = tuple[int, int]
Built = tuple[Table, tuple[float, ...]]


def build_table(words: Sequence[Line], grid: Grid, vocabulary: Mapping[str, int], whole: bool = False) -> Built | None:
    """The table whose cells hold the words, with the left edges of its columns; None where it is text or a list.

    Args:
        words: words, or larger pieces, that stand in the table.
        grid: row and column boundaries.
        vocabulary: counts of the document's words, for undoing hyphens.
        whole: keep columns without any text.
    """
    rtl = rtl_share(" ".join(word.text for word in words)) > RTL_PAGE
    placed = _placed(words, grid, rtl)
    texts = {place: join_lines((line.text for line in rows(held)), vocabulary) for place, held in placed.items()}
    return _table(texts, len(grid.ys) - 1, grid.xs[-2::-1] if rtl else grid.xs[:-1], whole)


def _placed(words: Sequence[Line], grid: Grid, rtl: bool) -> dict[tuple[int, int, int], list[Line]]:
    """Words by (row, first column, last column)."""
    by_row: dict[int, list[Line]] = defaultdict(list)
    for word in words:
        by_row[_slot(_middle(word.box, 1), grid.ys)].append(word)
    phrases = {row: list(_phrases(held, grid.xs)) for row, held in by_row.items()}
    crossed = Counter(edge for row in phrases.values() for edge in {e for p in row for e in range(p.first, p.last)})
    wrong = {edge for edge, count in crossed.items() if count > max(1, OFTEN * len(phrases))}
    placed: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
    for row, held in phrases.items():
        for word, first, last in _settled(held, wrong, grid.xs):
            columns = (len(grid.xs) - 2 - last, len(grid.xs) - 2 - first) if rtl else (first, last)
            placed[(row, *columns)].append(word)
    return placed


def _phrases(words: Sequence[Line], xs: Sequence[float]) -> Iterator[Phrase]:
    for line in _text_lines(words):
        run = [line[0]]
        for before, word in pairwise(line):
            if word.box[0] - before.box[2] > SPACE * before.height or _is_vertical(word) or _is_vertical(before):
                yield _phrase(run, xs)
                run = []
            run.append(word)
        yield _phrase(run, xs)


def _is_vertical(word: Line) -> bool:
    return len(word.text) > 3 and word.height > 2 * (word.box[2] - word.box[0])


def _phrase(words: Sequence[Line], xs: Sequence[float]) -> Phrase:
    columns = [_slot(_middle(word.box, 0), xs) for word in words]
    return Phrase(tuple(words), min(columns), max(columns))


def _text_lines(words: Sequence[Line]) -> list[list[Line]]:
    """Words by the line they stand on, each line from left to right."""
    lines: list[list[Line]] = []
    for word in sorted(words, key=lambda word: _middle(word.box, 1)):
        if lines and _middle(word.box, 1) - _middle(lines[-1][0].box, 1) < 0.5 * word.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box[0]) for line in lines]


def _settled(row: Sequence[Phrase], wrong: set[int], xs: Sequence[float]) -> Iterator[tuple[Line, int, int]]:
    """(word, first column, last column) for the words of one grid row."""
    narrow = {phrase.first for phrase in row if phrase.first == phrase.last}
    for phrase in row:
        columns = range(phrase.first, phrase.last + 1)
        merged = len(columns) > 1 and not wrong & set(columns[:-1]) and not narrow & set(columns)
        for word in phrase.words:
            own = _slot(_middle(word.box, 0), xs)
            yield (word, phrase.first, phrase.last) if merged else (word, own, own)


def _table(texts: Mapping[tuple[int, int, int], str], height: int, edges: Sequence[float], whole: bool) -> Built | None:
    width = len(edges)
    cells: list[list[str]] = [[""] * width for _ in range(height)]
    repeated: set[Place] = set()
    for (row, first, last), text in sorted(texts.items()):
        for column in range(first, last + 1):
            cells[row][column] = f"{cells[row][column]} {text}".strip()
            if column > first:
                repeated.add((row, column))
    kept = [r for r in range(height) if any(cells[r])]
    used = [c for c in range(width) if whole or any(cells[r][c] and (r, c) not in repeated for r in kept)]
    body = [tuple(cells[r][c] for c in used) for r in kept]
    continued = frozenset((kept.index(r), used.index(c)) for r, c in repeated if c in used)
    if not _is_table(body, continued):
        return None
    top = header_rows(body, continued)
    table = Table(header=tuple(body[:top]), rows=tuple(body[top:]), continued=continued)
    return table, tuple(edges[c] for c in used)


def _is_table(body: Sequence[Row], continued: frozenset[Place]) -> bool:
    if not body or len(body[0]) < 2:
        return False
    if any(_is_bullets([row[c] for row in body]) for c in range(len(body[0]))):
        return False
    several = sum(
        sum(bool(cell) and (r, c) not in continued for c, cell in enumerate(row)) > 1 for r, row in enumerate(body)
    )
    return several >= 0.5 * len(body)


def header_rows(body: Sequence[Row], continued: frozenset[Place]) -> int:
    """How many leading rows are labels of columns: those above the first row of values, else one.

    Where no column holds numbers, the rows under a merged header cell belong to the header too.
    """
    numeric = number_columns(body)
    if not numeric:
        merged = any(row == 0 for row, _ in continued)
        return min(len(body), 2 if merged and len(body) > 2 else 1)
    for top, row in enumerate(body[: MOST_HEADER_ROWS + 1]):
        values = [row[c] for c in numeric if row[c]]
        if values and sum(_is_number(value) and not YEAR.fullmatch(value) for value in values) > 0.5 * len(values):
            return top
    return 1


def number_columns(body: Sequence[Row]) -> list[int]:
    """Columns that hold mostly numbers."""
    return [c for c in range(len(body[0])) if _mostly_numbers([row[c] for row in body])]


def _mostly_numbers(column: Sequence[str]) -> bool:
    cells = [cell for cell in column if cell]
    return len(cells) > 1 and sum(map(_is_number, cells)) > 0.5 * len(cells)


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text.strip()) is not None


def _is_bullets(column: Sequence[str]) -> bool:
    """Whether a column holds bullets and nothing else, so that the table is a list."""
    cells = [cell for cell in column if cell]
    return bool(cells) and all(set(cell.split()) <= LIST_BULLETS for cell in cells)


def continue_table(before: Table, after: Table) -> tuple[Table, int]:
    """Two parts of one table joined, and the row of the grid at which the second part begins.

    Header rows that the second part repeats are dropped; without them its first rows are rows like all others. A first
    row with nothing in its first cell goes on with the last row of the first part.
    """
    rows = list(after.rows) if after.header == before.header else list(after.grid())
    dropped = len(after.grid()) - len(rows)
    known = list(before.rows)
    split = bool(rows and known and not rows[0][0] and any(rows[0]))
    if split:
        known[-1] = tuple(f"{one} {two}".strip() for one, two in zip(known[-1], rows.pop(0), strict=True))
    top = len(before.header)
    shift = top + len(known) - dropped - split
    continued = {(row + shift, column) for row, column in after.continued if row >= dropped + split}
    table = Table(before.header, (*known, *rows), before.continued | continued)
    return table, top + len(known)


def _middle(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2


def _slot(value: float, edges: Sequence[float]) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)
