"""One page gathered: its lines, from the text layer or from OCR, in regions in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from parsers.document import Box
from parsers.ocr import Recognizer, recognizer
from parsers.options import ParseOptions
from parsers.pdf.frames import Frame
from parsers.pdf.furniture import without_line_numbers
from parsers.pdf.glyphs import clean, is_garbled, rtl_share
from parsers.pdf.lines import RTL_PAGE, TEXT_FLAGS, Line, page_lines, sideways, union
from parsers.pdf.order import reading_order
from parsers.pdf.regions import Region, assign, model_boxes, plain_regions
from parsers.pdf.scans import Scan, lay_under, needs_ocr, recognize
from parsers.pdf.sight import Sight, look

LARGEST_PAGE = 4000.0
"""Longest side, in points, of a page that the layout model is shown; it renders each page at one pixel a point."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page as gathered."""

    number: int
    """From 1."""
    frame: Frame
    regions: tuple[Region, ...]
    words: tuple[Line, ...]
    """The pieces that tables are filled with; only where the page has tables."""
    warning: str = ""
    hidden: int = 0
    """Characters of text that no reader of the page can see."""


def gather(page: Any, options: ParseOptions) -> PageContent:
    """Read one page. The page object is turned, and may get an invisible text layer, on the way."""
    page.remove_rotation()
    textpage, blocks, sight = _text(page)
    turn = sideways(blocks)
    if turn:
        page.set_rotation(turn)
        page.remove_rotation()
        textpage, blocks, sight = _text(page)
    lines = without_line_numbers(page_lines(textpage, blocks, options.layout or bool(sight.struck), sight.seen))
    warning, slope = "", 0.0
    scanned = needs_ocr(page, lines)
    if scanned:
        scan, warning = _scanned(page, lines, options)
        lines, turn, slope = scan.lines, (turn + scan.turn) % 360, scan.slope
    frame = Frame(page.rect.width, page.rect.height, turn, slope)
    lines = [replace(line, box=frame.straight(line.box)) for line in lines] if slope else lines
    regions = _regions(page, lines, frame, options)
    tables = [region.box for region in regions if region.kind == "table"]
    words = _words(textpage, lines, scanned, sight) if tables else []
    words = [replace(word, runs=()) for word in words if any(_overlap(word.box, box) for box in tables)]
    return PageContent(page.number + 1, frame, tuple(regions), tuple(words), warning, sight.letters)


def _text(page: Any) -> tuple[Any, list[dict[str, Any]], Sight]:
    """The page's text, its blocks without what is hidden, and what is."""
    textpage = page.get_textpage(flags=TEXT_FLAGS)
    blocks = textpage.extractDICT()["blocks"]
    sight = look(page, textpage, blocks)
    return textpage, sight.seen(blocks), sight


def _scanned(page: Any, layer: list[Line], options: ParseOptions) -> tuple[Scan, str]:
    """What can be read on a page that needs OCR, and a warning where OCR did not help."""
    layer = [] if is_garbled("".join(line.text for line in layer)) else layer
    engine: Recognizer | None = None
    if options.ocr != "off":
        engine = recognizer(options.ocr, options.ocr_languages)
    if engine is None:
        warning = f"page {page.number + 1} has no readable text layer and was left out: it needs OCR"
        return Scan(layer, 0, 0.0), warning
    scan = recognize(page, engine)
    if not scan.lines:
        return replace(scan, lines=layer), f"page {page.number + 1} is a picture in which OCR found no text"
    if options.layout:
        lay_under(page, scan.lines)
    return (scan if scan.turn else replace(scan, lines=layer + _uncovered(scan.lines, layer))), ""


def _uncovered(read: Sequence[Line], layer: Sequence[Line]) -> list[Line]:
    """Lines that OCR read where the text layer has none."""
    return [line for line in read if not any(_overlap(line.box, other.box) for other in layer)]


def _overlap(one: Box, two: Box) -> bool:
    return min(one[2], two[2]) > max(one[0], two[0]) and min(one[3], two[3]) > max(one[1], two[1])


def _regions(page: Any, lines: list[Line], frame: Frame, options: ParseOptions) -> list[Region]:
    modelled = options.layout and lines and max(page.rect.width, page.rect.height) < LARGEST_PAGE
    boxes = [(kind, frame.straight(box), grid) for kind, box, grid in model_boxes(page)] if modelled else []
    regions = assign(lines, boxes) if modelled else plain_regions(lines)
    rtl = rtl_share(" ".join(line.text for line in lines)) > RTL_PAGE
    heads = frozenset(i for i, region in enumerate(regions) if region.kind in ("title", "section-header"))
    return [regions[i] for i in reading_order([region.box for region in regions], heads, rtl)]


def _words(textpage: Any, lines: list[Line], scanned: bool, sight: Sight) -> list[Line]:
    if scanned or rtl_share(" ".join(line.text for line in lines)) > RTL_PAGE:
        return lines
    if sight.letters:
        return list(_seen_words(sight.seen(textpage.extractRAWDICT()["blocks"])))
    return [Line(clean(word[4]), tuple(word[:4]), (), word[5]) for word in textpage.extractWORDS()]


def _seen_words(blocks: Sequence[dict[str, Any]]) -> Iterator[Line]:
    """Words of raw blocks, as `extractWORDS` would give them of a page without what was taken out of the blocks."""
    for number, block in enumerate(blocks):
        for line in block.get("lines", ()):
            chars = [char for span in line["spans"] for char in span["chars"]]
            for blank, group in groupby(chars, key=lambda char: char["c"].isspace()):
                word = list(group)
                if not blank:
                    text = "".join(char["c"] for char in word)
                    yield Line(clean(text), union(char["bbox"] for char in word), (), number)
