"""Reading order of boxes on a page, after the recursive X-Y cut (Nagy & Seth 1984) with bands kept together.

A page is cut into horizontal bands; neighbouring bands that share a gutter form one group, which is read column by
column. So a heading over two columns ends the group above it and starts the one below.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Box

GUTTER = 4.0
"""Least width of white space between columns, in points."""

FEWEST_LABELS = 3
LABEL_WIDTH = 0.5
"""Widest column of labels, as a share of the column of texts beside it."""


def reading_order(boxes: Sequence[Box], rtl: bool = False) -> list[int]:
    """Indices of the boxes in the order in which a person reads them.

    Args:
        boxes: boxes on one page, in the order of the content stream.
        rtl: columns run from right to left.
    """
    return _ordered(list(range(len(boxes))), boxes, rtl)


def _ordered(items: list[int], boxes: Sequence[Box], rtl: bool) -> list[int]:
    if len(items) < 2:
        return items
    columns = _cut(items, boxes, axis=0, gap=GUTTER)
    if len(columns) > 1:
        bands = _cut(items, boxes, axis=1, gap=-1.0)
        if _labelled(columns, bands, boxes, rtl):
            return [i for band in bands for i in _ordered(band, boxes, rtl)]
        if rtl:
            columns.reverse()
        return [i for column in columns for i in _ordered(column, boxes, rtl)]
    groups = _grouped(_cut(items, boxes, axis=1, gap=-1.0), boxes)
    if len(groups) > 1:
        return [i for group in groups for i in _ordered(group, boxes, rtl)]
    return _peeled(items, boxes, rtl)


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


def _peeled(items: list[int], boxes: Sequence[Box], rtl: bool) -> list[int]:
    """Order for boxes that no cut separates: the one that spans most is set aside and put back by height."""
    widest = max(items, key=lambda i: boxes[i][2] - boxes[i][0])
    rest = _ordered([i for i in items if i != widest], boxes, rtl)
    middle = (boxes[widest][1] + boxes[widest][3]) / 2
    at = next((n for n, i in enumerate(rest) if (boxes[i][1] + boxes[i][3]) / 2 > middle), len(rest))
    return [*rest[:at], widest, *rest[at:]]
