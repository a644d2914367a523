"""Reading order of boxes on a page, after the recursive X-Y cut (Nagy & Seth 1984) with bands kept together.

A page is cut into horizontal bands; neighbouring bands that share a gutter form one group, which is read column by
column. So a heading over two columns ends the group above it and starts the one below.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Box

GUTTER = 4.0
"""Least width of white space between columns, in points."""

DEEPEST = 100
"""Cuts inside one another after which the rest of a page is taken from the top down: text scattered over a picture."""
SAME_HEIGHT = 4.0
"""Points within which two tops are at one height."""
FEWEST_LABELS = 3
LABEL_WIDTH = 0.5
"""Widest column of labels, as a share of the column of texts beside it."""


def reading_order(boxes: Sequence[Box], heads: frozenset[int] = frozenset(), rtl: bool = False) -> list[int]:
    """Indices of the boxes in the order in which a person reads them.

    Args:
        boxes: boxes on one page, in the order of the content stream.
        heads: indices of those that are headings; cards side by side are known by headings at one height.
        rtl: columns run from right to left.
    """
    return _Sorter(boxes, heads, rtl).ordered(list(range(len(boxes))))


class _Sorter:
    def __init__(self, boxes: Sequence[Box], heads: frozenset[int], rtl: bool) -> None:
        self.boxes = boxes
        self.heads = heads
        self.rtl = rtl

    def ordered(self, items: list[int], depth: int = 0) -> list[int]:
        if len(items) < 2:
            return items
        if depth > DEEPEST:
            return sorted(items, key=lambda i: (self.boxes[i][1], self.boxes[i][0]))
        columns = _cut(items, self.boxes, axis=0, gap=GUTTER)
        if len(columns) > 1:
            parts = self._rows_of_cards(items, columns) or self._rows_of_labels(items, columns)
            parts = parts or (columns[::-1] if self.rtl else columns)
        else:
            parts = _grouped(_cut(items, self.boxes, axis=1, gap=-1.0), self.boxes)
        if len(parts) < 2:
            return self._peeled(items, depth + 1)
        return [i for part in parts for i in self.ordered(part, depth + 1)]

    def _rows_of_labels(self, items: list[int], columns: list[list[int]]) -> list[list[int]]:
        """Rows, where two columns are a narrow one of labels and a wide one of texts."""
        rows = _cut(items, self.boxes, axis=1, gap=-1.0)
        return rows if _labelled(columns, rows, self.boxes, self.rtl) else []

    def _rows_of_cards(self, items: list[int], columns: list[list[int]]) -> list[list[int]]:
        """Rows of cards, where every column has headings at the same heights; empty where there are no such rows."""
        tops = [{round(self.boxes[i][1] / SAME_HEIGHT) for i in column if i in self.heads} for column in columns]
        shared = {top for top in tops[0] if all({top - 1, top, top + 1} & other for other in tops[1:])}
        rows: list[list[int]] = []
        for band in _cut(items, self.boxes, axis=1, gap=-1.0):
            top = round(min(self.boxes[i][1] for i in band) / SAME_HEIGHT)
            if {top - 1, top, top + 1} & shared or not rows:
                rows.append([])
            rows[-1] += band
        return rows if len(rows) > 1 and len(shared) >= len(rows) else []

    def _peeled(self, items: list[int], depth: int) -> list[int]:
        """Order for boxes that no cut separates: the one that spans most is set aside and put back by height."""
        widest = max(items, key=lambda i: self.boxes[i][2] - self.boxes[i][0])
        rest = self.ordered([i for i in items if i != widest], depth)
        middle = (self.boxes[widest][1] + self.boxes[widest][3]) / 2
        at = next((n for n, i in enumerate(rest) if (self.boxes[i][1] + self.boxes[i][3]) / 2 > middle), len(rest))
        return [*rest[:at], widest, *rest[at:]]


def _labelled(columns: list[list[int]], bands: list[list[int]], boxes: Sequence[Box], rtl: bool) -> bool:
    """Whether two columns are a narrow one of labels and a wide one of texts, to be read row by row."""
    if len(columns) != 2 or len(bands) < FEWEST_LABELS:
        return False
    labels, texts = columns[::-1] if rtl else columns
    if _width(labels, boxes) > LABEL_WIDTH * _width(texts, boxes):
        return False
    return all(set(band) & set(labels) and set(band) & set(texts) for band in bands)


def _width(items: Sequence[int], boxes: Sequence[Box]) -> float:
    return max(boxes[i][2] for i in items) - min(boxes[i][0] for i in items)


def cut(boxes: Sequence[Box], axis: int, gap: float) -> list[list[int]]:
    """Indices of boxes in groups, apart by at least `gap` points along x (axis 0) or y (axis 1)."""
    return _cut(list(range(len(boxes))), boxes, axis, gap)


def _cut(items: Sequence[int], boxes: Sequence[Box], axis: int, gap: float) -> list[list[int]]:
    """Items split where no box crosses, along x (axis 0) or y (axis 1)."""
    parts: list[list[int]] = []
    reach = 0.0
    for i in sorted(items, key=lambda i: boxes[i][axis]):
        low, high = boxes[i][axis], boxes[i][axis + 2]
        inset = min(2.0, 0.1 * (high - low)) if axis == 1 else 0.0
        if parts and low + inset - reach < gap:
            parts[-1].append(i)
            reach = max(reach, high - inset)
        else:
            parts.append([i])
            reach = high - inset
    return parts


def _grouped(bands: list[list[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """Neighbouring bands joined while their union still has a gutter."""
    groups: list[list[int]] = []
    for band in bands:
        if groups and len(_cut(groups[-1] + band, boxes, 0, GUTTER)) > 1 and _columned(groups[-1], band, boxes):
            groups[-1] = groups[-1] + band
        else:
            groups.append(list(band))
    return groups


def _columned(group: list[int], band: list[int], boxes: Sequence[Box]) -> bool:
    """Whether at least one side has columns of its own; two single blocks side by side in x are just a stack."""
    return len(_cut(group, boxes, 0, GUTTER)) > 1 or len(_cut(band, boxes, 0, GUTTER)) > 1
