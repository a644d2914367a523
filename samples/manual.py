"""Makes the operating manual: a PDF with outline, contents, a figure, a two-column page and a scanned page."""

# PyMuPDF says that it is typed, but leaves most of its functions without annotations.
# mypy: allow-untyped-calls

import re
from collections.abc import Iterator
from pathlib import Path

import layout
import markup
import numpy
import pymupdf
from layout import LEFT, PAPER, RIGHT, TOP, Flow
from typesetting import BLACK, BRAND, GREY, RULE, SHADE, WHITE, Canvas, Colour, Style, text_width

Entry = tuple[int, str, int]
"""An entry of the outline: level, title and page, counted from 1."""

TITLE = "Rillmark RM-400 series: Operating manual"
_DATE = "D:20250310090000Z"
_CONTENTS_PAGE = 2
_SCAN_DPI = 150
_SCAN_SKEW_DEGREES = 0.6
_CHAIN = ("IF-4\ninlet filter", "VL-2\ninlet valve", "PT-05\npump", "HC-12\nflow cell", "FS-11\nflow sensor")


def write(source: Path, record: Path, target: Path) -> None:
    """Writes the manual to `target`; the scanned page is drawn from `record`.

    The document is set twice, because the contents page needs the page numbers of the first pass.
    """
    blocks = _with_numbered_notes(markup.read(source))
    scan = _scan(markup.read(record))
    outline = _set(blocks, scan, []).outline
    flow = _set(blocks, scan, outline)
    _add_running_lines(flow)
    document = flow.document
    _link_contents(document, outline)
    document.set_toc([[1, "Contents", _CONTENTS_PAGE], *([*entry] for entry in outline)])
    document.set_metadata({"title": TITLE, "author": "Tarnbeck Instruments", "creationDate": _DATE, "modDate": _DATE})
    document.subset_fonts()
    document.save(target, garbage=3, deflate=True, no_new_id=True)


def _set(blocks: list[markup.Block], scan: bytes, outline: list[Entry]) -> Flow:
    notes = {block.key: block.text for block in blocks if isinstance(block, markup.Footnote)}
    flow = Flow(pymupdf.open(), notes)
    _set_title_page(flow)
    _set_contents(flow, outline)
    for block in blocks:
        if isinstance(block, markup.Command):
            _obey(flow, block, scan)
        else:
            layout.set_block(flow, block)
    flow.end_page()
    return flow


def _with_numbered_notes(blocks: list[markup.Block]) -> list[markup.Block]:
    """Replaces the keys of footnotes by their numbers."""
    keys = [block.key for block in blocks if isinstance(block, markup.Footnote)]
    numbers = {key: str(index) for index, key in enumerate(keys, start=1)}

    def renumbered(block: markup.Block) -> markup.Block:
        if isinstance(block, markup.Footnote):
            return markup.Footnote(numbers[block.key], block.text)
        if isinstance(block, markup.Paragraph):
            return markup.Paragraph(re.sub(r"\[\^(\w+)\]", lambda found: f"[^{numbers[found[1]]}]", block.text))
        return block

    return [renumbered(block) for block in blocks]


def _obey(flow: Flow, command: markup.Command, scan: bytes) -> None:
    if command.name == "newpage":
        flow.end_page()
    elif command.name == "figure":
        _set_figure(flow)
    elif command.name == "columns":
        flow.end_page()
        layout.set_heading(flow, markup.Heading(1, command.argument, numbered=True))
        flow.columns, flow.top = 2, flow.y
    elif command.name == "endcolumns":
        flow.end_page()
        flow.columns = 1
    elif command.name == "scan":
        _add_scan(flow, f"Appendix A: {command.argument}", scan)
    else:
        raise ValueError(f"unknown command: {command.name!r}")


def _set_title_page(flow: Flow) -> None:
    sheet = flow.sheet
    sheet.rectangle(pymupdf.Rect(0, 0, PAPER.x1, 300), fill=BRAND)
    sheet.rectangle(pymupdf.Rect(0, 300, PAPER.x1, 307), fill=(0.36, 0.68, 0.75))
    for y, text, style in (
        (90.0, "Tarnbeck Instruments", Style("bold", 15, 18, WHITE)),
        (200.0, "Rillmark RM-400 series", Style("bold", 34, 40, WHITE)),
        (238.0, "Online analysers for chlorine, pH and turbidity", Style("", 15, 20, WHITE)),
        (380.0, "Operating manual", Style("bold", 24, 30, BRAND)),
        (412.0, "Models RM-410, RM-420 and RM-440", Style("", 13, 18, BLACK)),
        (700.0, "Document OM-400-EN, issue 7, March 2025", Style("", 10, 14, BLACK)),
        (716.0, "Translation of the original instructions. Read before use and keep for reference.", Style("", 10, 14)),
    ):
        sheet.text((LEFT, y), text, style)
    flow.end_page()
    flow.titles[1] = ""


def _set_contents(flow: Flow, outline: list[Entry]) -> None:
    sheet = flow.sheet
    flow.titles[_CONTENTS_PAGE] = "Contents"
    sheet.text((LEFT, TOP + 18), "Contents", layout.HEADINGS[1])
    for y, (level, title, page) in _contents_places(outline):
        style = Style("bold" if level == 1 else "", 9.0, 9.9, BRAND if level == 1 else BLACK)
        _contents_entry(sheet, (LEFT + 14 * (level - 1), y), f"{title} ", str(page), style)
    flow.end_page()


def _contents_places(outline: list[Entry]) -> Iterator[tuple[float, Entry]]:
    """The baseline of each entry on the contents page."""
    y = TOP + 25.0
    for entry in outline:
        y += 11.9 if entry[0] == 1 else 9.9
        yield y, entry


def _link_contents(document: pymupdf.Document, outline: list[Entry]) -> None:
    for y, (_, _, page) in _contents_places(outline):
        area = pymupdf.Rect(LEFT, y - 8, RIGHT, y + 2)
        link = {"kind": pymupdf.LINK_GOTO, "from": area, "page": page - 1, "to": pymupdf.Point(LEFT, TOP)}
        document[_CONTENTS_PAGE - 1].insert_link(link)


def _contents_entry(sheet: Canvas, at: tuple[float, float], title: str, page: str, style: Style) -> None:
    x, y = at
    start = x + text_width(title, style.face, style.size)
    end = RIGHT - text_width(page, style.face, style.size)
    dot = text_width(".", style.face, style.size) * 2
    count = int((end - start - 6) / dot)
    sheet.text((x, y), title, style)
    sheet.text((end - count * dot - 4, y), ". " * count, style)
    sheet.text((end, y), page, style)


def _add_running_lines(flow: Flow) -> None:
    look = Style("", 8, 10, GREY)
    for number, title in flow.titles.items():
        if not title:
            continue
        canvas = Canvas(flow.document[number - 1])
        canvas.rule((LEFT, 60), (RIGHT, 60))
        canvas.rule((LEFT, 790), (RIGHT, 790))
        canvas.text((LEFT, 54), "Rillmark RM-400 · Operating manual", look)
        canvas.text((RIGHT - text_width(title, "", 8), 54), title, look)
        canvas.text((LEFT, 803), "Tarnbeck Instruments · OM-400-EN · Issue 7", look)
        folio = f"Page {number}"
        canvas.text((RIGHT - text_width(folio, "", 8), 803), folio, look)
        canvas.finish()


def _set_figure(flow: Flow) -> None:
    flow.gap(4)
    flow.need(150)
    sheet, top = flow.sheet, flow.y + 8
    box_width, step = 74.0, (RIGHT - LEFT - 74.0) / (len(_CHAIN) - 1)
    for index, label in enumerate(_CHAIN):
        x = LEFT + index * step
        _figure_box(sheet, pymupdf.Rect(x, top, x + box_width, top + 40), label)
        if index:
            _arrow(sheet, (x - step + box_width + 2, top + 20), (x - 2, top + 20))
    cell = LEFT + 3 * step + box_width / 2
    for index, name in enumerate(("CL-30", "PH-22", "TB-60")):
        x = cell - 105 + index * 72
        _figure_box(sheet, pymupdf.Rect(x, top + 74, x + 62, top + 98), name)
        sheet.rule((x + 31, top + 74), (cell - 20 + index * 20, top + 40), BRAND)
    flow.y = top + 112
    flow.y += layout.LABEL.leading
    sheet.text((LEFT, flow.y - 3), "Figure 1: Path of the sample through the analyser, with the sensors", layout.LABEL)
    flow.gap(12)


def _figure_box(sheet: Canvas, area: pymupdf.Rect, label: str) -> None:
    sheet.rectangle(area, fill=SHADE, edge=BRAND)
    parts = label.split("\n")
    y = (area.y0 + area.y1) / 2 - 5.5 * len(parts) + 8.2
    for index, part in enumerate(parts):
        style = Style("" if index else "bold", 8.6, 11)
        x = (area.x0 + area.x1 - text_width(part, style.face, style.size)) / 2
        sheet.text((x, y + index * 11), part, style)


def _arrow(sheet: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.rule(start, end, BRAND)
    x, y = end
    sheet.page.draw_polyline([(x - 5, y - 3), (x, y), (x - 5, y + 3)], color=BRAND, fill=BRAND, closePath=True)


def _add_scan(flow: Flow, title: str, scan: bytes) -> None:
    flow.end_page()
    page = flow.document.new_page(width=PAPER.width, height=PAPER.height)
    page.insert_image(page.rect, stream=scan)
    flow.outline.append((1, title, flow.document.page_count))


def _scan(blocks: list[markup.Block]) -> bytes:
    """Draws the record on a sheet of its own and returns a greyscale JPEG of it, askew and speckled."""
    flow = Flow(pymupdf.open())
    for block in blocks:
        shown = markup.Heading(block.level, block.text, numbered=False) if isinstance(block, markup.Heading) else block
        layout.set_block(flow, shown)
    _stamp(flow.sheet, (RIGHT - 150, flow.y + 30), (0.25, 0.25, 0.25))
    flow.end_page()
    scale = _SCAN_DPI / 72
    turn = pymupdf.Matrix(scale, scale).prerotate(_SCAN_SKEW_DEGREES)
    sheet = flow.document[0].get_pixmap(matrix=turn, colorspace=pymupdf.csGRAY, alpha=False)
    grey = numpy.frombuffer(sheet.samples, dtype=numpy.uint8).reshape(sheet.height, sheet.width)
    noise = numpy.random.default_rng(20241112).normal(0.0, 5.0, grey.shape)
    speckled = numpy.clip(grey * 0.86 + 24 + noise, 0, 255).astype(numpy.uint8)
    picture = pymupdf.Pixmap(pymupdf.csGRAY, sheet.width, sheet.height, speckled.tobytes(), False)
    return bytes(picture.tobytes("jpeg", jpg_quality=55))


def _stamp(sheet: Canvas, at: tuple[float, float], colour: Colour) -> None:
    x, y = at
    sheet.rectangle(pymupdf.Rect(x, y, x + 120, y + 34), edge=colour)
    sheet.text((x + 18, y + 23), "RELEASED", Style("bold", 16, 20, colour))
    sheet.rule((LEFT, y + 40), (LEFT + 190, y + 40), RULE)
