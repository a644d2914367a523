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

from parsers.document import Box
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
MOST_PAIRS = 1_000_000
"""Pairs of a span and a painted area that are looked at on one page; of more areas, the largest count."""
LONGEST_SIDE = 2000
"""Most pixels along one side of a rendered page, which has one pixel a point."""

_FILL = re.compile(r"\s*<vector filled, color: #([0-9a-fA-F]{6})")
_TEXT, _PICTURE, _VECTOR = 0, 1, 3
"""Kinds of blocks on a text page."""
Key = tuple[float, float, float, int, int]
Place = tuple[float, float]
Numbers = NDArray[np.float64]
Span = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found hidden on a page."""

    hidden: frozenset[Key] = frozenset()
    """Whole spans."""
    struck: frozenset[Place] = frozenset()
    """Characters of other spans, by their places."""
    letters: int = 0
    """Characters that are left out, without spaces."""

    def seen(self, blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Blocks of the page's text without what is hidden; single characters are only taken out of raw ones."""
        if not self.hidden and not self.struck:
            return list(blocks)
        return [{**block, "lines": [self._line(line) for line in block.get("lines", ())]} for block in blocks]

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        return {**line, "spans": [self._span(span) for span in line["spans"] if _key(span) not in self.hidden]}

    def _span(self, span: Span) -> Span:
        if "chars" not in span or not self.struck:
            return span
        return {**span, "chars": [char for char in span["chars"] if tuple(char["origin"]) not in self.struck]}


def look(page: Any, textpage: Any, blocks: Sequence[dict[str, Any]]) -> Sight:
    """Find the hidden text of a page.

    Args:
        page: unrotated.
        textpage: of the page, as made with TEXT_FLAGS.
        blocks: its blocks, as `extractDICT` gives them.
    """
    lines = [line for block in blocks for line in block.get("lines", ())]
    spans = [span for line in lines for span in line["spans"] if span["text"].strip()]
    if not spans:
        return Sight()
    boxes = np.array([span["bbox"] for span in spans])
    tiny = _tiny(page, spans)
    paint = _Paint.of(page, spans, boxes)
    suspects = np.array([_faint(span) for span in spans]) | paint.suspects()
    bars = paint.bars()
    hidden = set(np.flatnonzero(tiny).tolist())
    struck: list[Place] = []
    suspected = np.flatnonzero(suspects & ~tiny).tolist()
    if suspected or bars:
        picture = _picture(page, boxes[[*suspected, *(i for i, _ in bars)]])
        plain = boxes[~suspects & ~tiny]
        hidden |= {i for i in suspected if _replaced(boxes[i], plain) or not picture.shows(boxes[i])}
        struck = _struck(textpage, [(_key(spans[i]), box) for i, box in bars if i not in hidden], picture)
    letters = sum(len("".join(spans[i]["text"].split())) for i in hidden) + len(struck)
    return Sight(frozenset(_key(spans[i]) for i in hidden), frozenset(struck), letters)


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


Painted = tuple[Box, int, int | None]
"""A filled area or a picture: its box, its place in the order of painting, and an area's colour."""


@dataclass(frozen=True, slots=True)
class _Paint:
    """What is painted on a page beside its text, and which of it lies where the text is."""

    spans: Sequence[Span]
    boxes: Numbers
    """Of the spans."""
    texts: Sequence[tuple[Any, ...]]
    """Blocks of text, numbered in the order of painting."""
    areas: Sequence[Painted]
    edges: Numbers
    """Boxes of the areas."""
    share: Numbers
    """Of each span, the share inside each area."""

    @classmethod
    def of(cls, page: Any, spans: Sequence[Span], boxes: Numbers) -> _Paint:
        """Look at a page; shape of `boxes` is (spans, 4)."""
        flags = TEXT_FLAGS | pymupdf.TEXT_COLLECT_VECTORS | pymupdf.TEXT_PRESERVE_IMAGES
        laid = page.get_textpage(flags=flags).extractBLOCKS()
        areas = sorted(_paints(laid), key=_area, reverse=True)[: MOST_PAIRS // len(spans)]
        edges = np.array([box for box, _, _ in areas]).reshape(-1, 4)
        texts = [block for block in laid if block[6] == _TEXT]
        return cls(spans, boxes, texts, areas, edges, _share(boxes, edges))

    def suspects(self) -> NDArray[np.bool_]:
        """Which spans are painted over later, or stand on a ground of their own colour."""
        found = np.zeros(len(self.spans), dtype=np.bool_)
        inside = self.share > INSIDE
        for i in np.flatnonzero(inside.any(axis=1)).tolist():
            order = self._order(i)
            found[i] = any(_hides(self.areas[j], order, self.spans[i]) for j in np.flatnonzero(inside[i]).tolist())
        return found

    def bars(self) -> list[tuple[int, Box]]:
        """Areas that were laid over part of a span later, as high as its small letters, each with the span's index."""
        middle = (self.boxes[:, 3] - self.boxes[:, 1])[:, None] / 4
        over = (self.share > 0) & (self.share <= INSIDE)
        over &= self.edges[None, :, 1] <= self.boxes[:, None, 1] + middle
        over &= self.edges[None, :, 3] >= self.boxes[:, None, 3] - middle
        found = []
        for i in np.flatnonzero(over.any(axis=1)).tolist():
            order = self._order(i)
            areas = (self.areas[j] for j in np.flatnonzero(over[i]).tolist())
            found += [(i, box) for box, laid, _ in areas if 0 <= order < laid]
        return found

    def _order(self, i: int) -> int:
        """When a span was painted: number of the last block that holds its text in its place; -1 where none does."""
        (x0, y0, x1, y1), text = self.boxes[i], self.spans[i]["text"].strip()
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        holds = (b for b in reversed(self.texts) if b[0] <= x <= b[2] and b[1] <= y <= b[3] and text in b[4])
        return int(next(holds, (0, 0, 0, 0, "", -1))[5])


def _area(paint: Painted) -> float:
    (x0, y0, x1, y1), _, _ = paint
    return (x1 - x0) * (y1 - y0)


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
        if right - left > 2:  # what stands beside the text reaches into the pixels at its ends
            left, right = left + 1, right - 1
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


def _struck(textpage: Any, bars: Sequence[tuple[Key, Box]], picture: _Picture) -> list[Place]:
    """Characters under areas through which none of the letters there shows."""
    if not bars:
        return []
    lines = [line for block in textpage.extractRAWDICT()["blocks"] for line in block.get("lines", ())]
    chars = {_key(span): span["chars"] for line in lines for span in line["spans"]}
    found: list[Place] = []
    for key, (x0, _, x1, _) in bars:
        under = [char for char in chars.get(key, ()) if x0 <= char["bbox"][0] + 1 and char["bbox"][2] - 1 <= x1]
        letters = [np.array(char["bbox"]) for char in under if char["c"].isalnum()]
        if letters and not any(picture.shows(box) for box in letters):
            found += [tuple(char["origin"]) for char in under if not char["c"].isspace()]
    return found
