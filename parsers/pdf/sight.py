"""Which text of a page its readers can see.

The text layer only gives grounds for suspicion: letters that are transparent, nearly white, of the colour of what they
are painted on, or painted over. Whether they can be seen is told by the page as it is rendered: what shows nothing
where the letters should stand, or only the letters of other text, is hidden. So the layer that OCR lays over a scan is
read, for the scan shows its letters, and white letters on a dark ground are. Letters too small to read are hidden
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from parsers.pdf.lines import TEXT_FLAGS

FAINT = 24
"""Difference in red, green or blue, of 255, below which nobody tells letters from their ground."""
TINY = 1.0
"""Font size in points below which nobody reads a page as large as a sheet of paper."""
TINY_SHARE = 0.0012
"""The same as a share of the longer side, for pages whose unit is not the size of a point."""
INSIDE = 0.9
"""Share of a span's box that what lies over or under it covers."""
SAME_PLACE = 0.5
"""Share of a span's box from which other text stands in its place."""
MOST_PAINTED = 2000
"""Painted areas, the largest ones, that are looked at on one page."""
LONGEST_SIDE = 2000
"""Most pixels along one side of a rendered page, which has one pixel a point."""

_FILL = re.compile(r"\s*<vector filled, color: #([0-9a-fA-F]{6})")
_TEXT, _PICTURE, _VECTOR = 0, 1, 3
"""Kinds of blocks on a text page."""
Key = tuple[float, float, float, int, int]
Numbers = NDArray[np.float64]
Span = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found hidden on a page."""

    hidden: frozenset[Key] = frozenset()
    letters: int = 0
    """Characters that were left out, without spaces."""

    def seen(self, blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Blocks of the page's text, raw or not, without the spans that are hidden."""
        if not self.hidden:
            return list(blocks)
        return [{**block, "lines": [self._line(line) for line in block.get("lines", ())]} for block in blocks]

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        return {**line, "spans": [span for span in line["spans"] if _key(span) not in self.hidden]}


def look(page: Any, blocks: Sequence[dict[str, Any]]) -> Sight:
    """Find the hidden text of a page.

    Args:
        page: unrotated.
        blocks: of its text page, as `extractDICT` gives them.
    """
    lines = [line for block in blocks for line in block.get("lines", ())]
    spans = [span for line in lines for span in line["spans"] if span["text"].strip()]
    if not spans:
        return Sight()
    boxes = np.array([span["bbox"] for span in spans])
    tiny = _tiny(page, spans)
    suspects = np.array([_faint(span) for span in spans]) | _on_or_under_paint(page, spans, boxes)
    hidden = set(np.flatnonzero(tiny))
    suspected = np.flatnonzero(suspects & ~tiny)
    if len(suspected):
        picture = _picture(page, boxes[suspected])
        plain = boxes[~suspects & ~tiny]
        hidden |= {i for i in suspected if _replaced(boxes[i], plain) or not picture.shows(boxes[i])}
    return Sight(frozenset(_key(spans[i]) for i in hidden), sum(len("".join(spans[i]["text"].split())) for i in hidden))


def _key(span: Span) -> Key:
    return (*span["origin"], span["size"], span.get("color", 0), span.get("alpha", 255))


def _tiny(page: Any, spans: Sequence[Span]) -> NDArray[np.bool_]:
    limit = min(TINY, TINY_SHARE * max(page.rect.width, page.rect.height))
    return np.array([span["size"] < limit for span in spans])


def _faint(span: Span) -> bool:
    """Whether the letters are transparent or nearly white; those of an invisible layer count as transparent."""
    return span.get("alpha", 255) < FAINT or min(_channels(span.get("color", 0))) > 255 - FAINT


def _channels(color: int) -> tuple[int, int, int]:
    return (color >> 16 & 255, color >> 8 & 255, color & 255)


def _on_or_under_paint(page: Any, spans: Sequence[Span], boxes: Numbers) -> NDArray[np.bool_]:
    """Spans that are painted over later, or on a ground of their own colour."""
    found = np.zeros(len(spans), dtype=np.bool_)
    flags = TEXT_FLAGS | pymupdf.TEXT_COLLECT_VECTORS | pymupdf.TEXT_PRESERVE_IMAGES
    laid = page.get_textpage(flags=flags).extractBLOCKS()
    texts = [block for block in laid if block[6] == _TEXT]
    painted = _painted(laid)
    if not painted:
        return found
    inside = _share(boxes, np.array([box for box, _, _ in painted])) > INSIDE
    for i in np.flatnonzero(inside.any(axis=1)).tolist():
        order = _order(spans[i], boxes[i], texts)
        found[i] = any(_hides(painted[j], order, spans[i]) for j in np.flatnonzero(inside[i]))
    return found


Painted = tuple[tuple[float, float, float, float], int, int | None]
"""A filled area or a picture: its box, its place in the order of painting, and an area's colour."""


def _painted(laid: Sequence[tuple[Any, ...]]) -> list[Painted]:
    def area(paint: Painted) -> float:
        (x0, y0, x1, y1), _, _ = paint
        return (x1 - x0) * (y1 - y0)

    return sorted(_paints(laid), key=area, reverse=True)[:MOST_PAINTED]


def _paints(laid: Sequence[tuple[Any, ...]]) -> Iterator[Painted]:
    for order, (x0, y0, x1, y1, text, _, kind) in enumerate(laid):
        fill = _FILL.match(text) if kind == _VECTOR else None
        if fill is not None:
            yield (x0, y0, x1, y1), order, int(fill.group(1), 16)
        elif kind == _PICTURE:
            yield (x0, y0, x1, y1), order, None


def _share(boxes: Numbers, others: Numbers) -> Numbers:
    """Of each box, the share inside each other one; shape (boxes, others)."""
    width = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0])
    height = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1])
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-9)
    return np.asarray(np.maximum(width, 0) * np.maximum(height, 0) / area[:, None])


def _order(span: Span, box: Numbers, texts: Sequence[tuple[Any, ...]]) -> int:
    """When a span was painted: the number of the last block that holds its text in its place; -1 where none does."""
    x, y, text = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, span["text"].strip()
    holds = (b for b in reversed(texts) if b[0] <= x <= b[2] and b[1] <= y <= b[3] and text in b[4])
    return int(next(holds, (0, 0, 0, 0, "", -1))[5])


def _hides(paint: Painted, order: int, span: Span) -> bool:
    """Whether paint in the place of a span may hide it: it was laid on later, or has the colour of the letters."""
    _, laid, color = paint
    if order < 0 or laid > order:
        return order >= 0
    if color is None:
        return False
    near = (abs(a - b) < FAINT for a, b in zip(_channels(color), _channels(span.get("color", 0)), strict=True))
    return all(near)


@dataclass(frozen=True, slots=True)
class _Picture:
    """Part of a page as its readers see it."""

    pixels: NDArray[np.uint8]
    left: float
    """Of the part, in pixels."""
    top: float
    zoom: float
    """Pixels of a point."""

    def shows(self, box: Numbers) -> bool:
        """Whether there is anything at the height of the small letters of text in this box."""
        inset = (box[3] - box[1]) / 4
        top, bottom = (int(y * self.zoom - self.top) for y in (box[1] + inset, box[3] - inset))
        left, right = (int(x * self.zoom - self.left) for x in (box[0], box[2]))
        part = self.pixels[max(0, top) : max(0, bottom + 1), max(0, left) : max(0, right + 1)].reshape(-1, 3)
        return bool(len(part)) and int((part.max(axis=0) - part.min(axis=0)).max()) >= FAINT


def _picture(page: Any, boxes: Numbers) -> _Picture:
    """The part of a page that holds all boxes, as rendered."""
    zoom = min(1.0, LONGEST_SIDE / max(page.rect.width, page.rect.height))
    clip = pymupdf.Rect(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)) & page.rect
    if clip.is_empty:
        return _Picture(np.zeros((0, 0, 3), np.uint8), 0.0, 0.0, zoom)
    found = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False, clip=clip)
    pixels = np.frombuffer(found.samples, np.uint8).reshape(found.height, found.width, 3)
    return _Picture(pixels, found.x, found.y, zoom)


def _replaced(box: Numbers, plain: Numbers) -> bool:
    """Whether text that is not suspect stands in the place of a span."""
    near = plain[plain[:, 3] - plain[:, 1] < 2 * (box[3] - box[1])]
    return bool(len(near)) and float(_share(box[None], near).max()) > SAME_PLACE
