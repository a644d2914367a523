"""Right-to-left lines put into logical order from the positions of their characters.

MuPDF's own order misplaces spaces and swaps the two letters of the lam-alef ligature, for both share one glyph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from parsers.document import Box
from parsers.pdf.glyphs import RTL

ALEFS = "اأإآٱ"
LAM = "ل"
FLAT = 0.1
"""Width in points below which a letter shares the glyph of its neighbour."""
WORD_GAP, COLUMN_GAP = 0.2, 0.9
"""Widths of white space, in font sizes, that part words and columns."""
LEFTWARD = re.compile(r"[^\W_]")
SCRIPT_CHANGE = re.compile(r"(?<=[\u0620-\u06d3])(?=[A-Za-z]{2})|(?<=[A-Za-z]{2})(?=[\u0620-\u06d3])")
"""Between an Arabic and a Latin word; typesetters often leave the space out."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character (with its combining marks) and the span it came from."""

    text: str
    box: Box
    span: int

    @property
    def middle(self) -> float:
        """Horizontal centre."""
        return (self.box[0] + self.box[2]) / 2


def logical_order(places: Sequence[tuple[float, str]]) -> list[int]:
    """Indices of pieces of one right-to-left line in the order in which they are read.

    Args:
        places: (horizontal centre, text) of each piece.

    Returns:
        From right to left, but runs of left-to-right pieces, with what stands between them, from left to right.
    """
    order: list[int] = []
    run: list[int] = []
    for i in sorted(range(len(places)), key=lambda i: -places[i][0]):
        if RTL.search(places[i][1]):
            order += _turned(run, places)
            run = []
            order.append(i)
        else:
            run.append(i)
    return order + _turned(run, places)


def _turned(run: list[int], places: Sequence[tuple[float, str]]) -> list[int]:
    strong = [n for n, i in enumerate(run) if LEFTWARD.search(places[i][1])]
    if not strong:
        return run
    first, last = strong[0], strong[-1] + 1
    return run[:first] + run[first:last][::-1] + run[last:]


def logical_spans(spans: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Raw spans of one row as lines of spans with `text`, in logical order, split where the row has wide gaps.

    Args:
        spans: spans of a row as `extractRAWDICT` gives them, with `chars`.
    """
    glyphs = [glyph for number, span in enumerate(spans) for glyph in _glyphs(span, number)]
    size = max((span["size"] for span in spans), default=10.0)
    return [list(_spans_of(part, spans)) for part in _parts(glyphs, size)]


def _glyphs(span: dict[str, Any], number: int) -> Iterator[Glyph]:
    """The span's characters; combining marks ride on the letter before them."""
    text, box = "", (0.0, 0.0, 0.0, 0.0)
    for char in span["chars"]:
        if text and unicodedata.category(char["c"]) == "Mn":
            text += char["c"]
            continue
        if text:
            yield Glyph(text, box, number)
        text, box = char["c"], tuple(char["bbox"])
    if text:
        yield Glyph(text, box, number)


def _parts(glyphs: Iterable[Glyph], size: float) -> Iterator[list[Glyph]]:
    """Glyphs from right to left, split where the gap is wider than a space can be."""
    part: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.middle):
        if part and min(other.box[0] for other in part[-3:]) - glyph.box[2] > COLUMN_GAP * size:
            yield part
            part = []
        part.append(glyph)
    if part:
        yield part


def _spans_of(part: Sequence[Glyph], spans: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    size = max(spans[glyph.span]["size"] for glyph in part)
    spaced = list(_spaced(part, size))
    ordered = _lam_before_alef([spaced[i] for i in logical_order([(glyph.middle, glyph.text) for glyph in spaced])])
    for number, group in groupby(ordered, key=lambda glyph: glyph.span):
        members = list(group)
        boxes = [glyph.box for glyph in members]
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        yield {**spans[number], "text": "".join(glyph.text for glyph in members), "bbox": box}


def _lam_before_alef(glyphs: list[Glyph]) -> list[Glyph]:
    """Glyphs with the alef of each lam-alef ligature, which has no width of its own, moved behind its lam."""
    fixed: list[Glyph] = []
    held: Glyph | None = None
    for glyph in glyphs:
        if held is None and glyph.text[0] in ALEFS and glyph.box[2] - glyph.box[0] < FLAT:
            held = glyph
            continue
        if held and glyph.text[0] == LAM:
            fixed += [glyph, replace(held, box=glyph.box)]
        else:
            fixed += [held, glyph] if held else [glyph]
        held = None
    return [*fixed, held] if held else fixed


def _spaced(glyphs: Sequence[Glyph], size: float) -> Iterator[Glyph]:
    """Glyphs from right to left, with a space wherever the page shows a gap and the text has none."""
    reach = glyphs[0].box[0]
    blank = True
    for glyph in glyphs:
        if reach - glyph.box[2] > WORD_GAP * size and not blank and not glyph.text.isspace():
            yield Glyph(" ", (glyph.box[2], glyph.box[1], reach, glyph.box[3]), glyph.span)
        yield glyph
        reach = min(reach, glyph.box[0])
        blank = glyph.text.isspace()
