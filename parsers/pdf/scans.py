"""Pages that need OCR: which they are, and their lines once read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import pymupdf

from parsers.ocr import Image, Recognized, Recognizer
from parsers.pdf.glyphs import CJK, clean, is_garbled
from parsers.pdf.lines import Line, Run, look_of

DPI = 150
"""Resolution at which pages are rendered for OCR; text of 8 points is then 17 pixels high."""
LONGEST_SIDE = 3000
"""Most pixels along one side of a rendered page."""
SPARSE = 50
"""Characters below which a page's text layer may be no more than a stamp on a scan."""
COVER = 0.4
"""Share of a page that pictures cover when it is a scan."""
OVERLAY = 150
FULL_COVER = 0.9
"""A picture that fills the page under fewer characters than OVERLAY may hold more text than lies over it."""
MANY_PATHS = 300
"""Drawing operations on a page without text from which its letters may be drawn as outlines."""
DESCENT = 0.2
"""Share of a recognised line's height below its baseline."""
LETTER_SHARE = 0.8
"""Font size over the height of a recognised line."""
FEWEST_SLOPES = 5
SLIGHT, STEEP = 0.003, 0.1
OCR_FONT = "ocr"


def needs_ocr(page: Any, lines: Sequence[Line]) -> bool:
    """Whether a page shows text that its text layer does not give."""
    text = "".join(line.text for line in lines)
    if is_garbled(text):
        return True
    if len(text) >= SPARSE:
        return len(text) < OVERLAY and _picture_cover(page) > FULL_COVER
    return _picture_cover(page) > COVER or (not text.strip() and len(page.get_bboxlog()) > MANY_PATHS)


def _picture_cover(page: Any) -> float:
    """Share of the page under its largest picture."""
    area = abs(page.rect)
    shares = [abs(pymupdf.Rect(image["bbox"]) & page.rect) / area for image in page.get_image_info()]
    return max(shares, default=0.0)


@dataclass(frozen=True, slots=True)
class Scan:
    """What OCR read on a page."""

    lines: list[Line]
    """With boxes on the turned page."""
    turn: int
    """Degrees clockwise by which the page was turned to stand upright."""
    slope: float
    """Fall of the lines from left to right; 0 where the page is straight enough."""


def recognize(page: Any, engine: Recognizer) -> Scan:
    """Read an unrotated page, which stands upright when the function returns."""
    degrees = engine.turn(_image(page))
    if degrees:
        page.set_rotation(degrees)
        page.remove_rotation()
    found = engine.read(_image(page))
    usual = median(piece.box[3] - piece.box[1] for piece in found) if found else 0.0
    scale = 72 / resolution(page)
    return Scan([_line(piece, number, usual, scale) for number, piece in enumerate(found)], degrees, _slope(found))


def _slope(found: Sequence[Recognized]) -> float:
    """The slope of most long lines, where it is large enough to matter and small enough to be one of the scanner's."""
    slopes = [piece.slope for piece in found if piece.box[2] - piece.box[0] > 8 * (piece.box[3] - piece.box[1])]
    slope = median(slopes) if len(slopes) >= FEWEST_SLOPES else 0.0
    return slope if SLIGHT < abs(slope) < STEEP else 0.0


def lay_under(page: Any, lines: Sequence[Line]) -> None:
    """Write recognised lines invisibly onto the page, for the layout model reads a page's text layer too."""
    for line in lines:
        font = "china-s" if CJK.search(line.text) else "helv"
        width = pymupdf.get_text_length(line.text, fontname=font, fontsize=1) or 1.0
        size = max(1.0, (line.box[2] - line.box[0]) / width)
        baseline = (line.box[0], line.box[3] - DESCENT * line.height)
        page.insert_text(baseline, line.text, fontsize=size, fontname=font, render_mode=3)


def resolution(page: Any) -> int:
    """Dots per inch at which to render a page: the usual ones, fewer where the page is as large as a poster."""
    longest = max(page.rect.width, page.rect.height)
    return max(1, min(DPI, int(LONGEST_SIDE * 72 / longest)))


def _image(page: Any) -> Image:
    pixmap = page.get_pixmap(dpi=resolution(page), colorspace=pymupdf.csRGB, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _line(piece: Recognized, number: int, usual: float, scale: float) -> Line:
    """A line from what was recognised; heights near the usual one are one font size, for they vary with the letters."""
    x0, y0, x1, y1 = (value * scale for value in piece.box)
    pixels = piece.box[3] - piece.box[1]
    size = round((usual if 0.7 < pixels / usual < 1.35 else pixels) * LETTER_SHARE * scale, 1)
    run = Run(clean(piece.text), (x0, y0, x1, y1), size, OCR_FONT, bold=False, italic=False, mono=False, raised=False)
    return Line(run.text.strip(), run.box, (run,), number, look_of((run,)), piece.confidence)
