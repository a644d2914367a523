"""PPTX presentations: slide after slide, titles as headings, text from the upper left to the lower right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.archive import open_archive
from parsers.document import Box, Document, DocumentBuilder, Table
from parsers.language import language_of
from parsers.options import ParseOptions

if TYPE_CHECKING:
    from pptx.slide import Slide

BULLETS = ("•", "◦", "▪")
EMU_PER_POINT = 12_700
SAME_LINE = 36.0
"""Points; shapes whose tops differ by less stand beside one another."""


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a presentation; its pages are slides, boxes are in points from the slide's upper left corner.

    Raises:
        ParseLimit: the presentation unpacks to more than one document may hold.
    """
    from pptx import Presentation

    archive = open_archive(path)
    with archive.file:
        archive.check_all()
    deck = Presentation(str(path))
    builder = DocumentBuilder()
    for number, slide in enumerate(deck.slides, 1):
        if slide._element.get("show") != "0":
            _read_slide(slide, number, builder)
    title = deck.core_properties.title or ""
    document = builder.build(
        source=str(path), sha256=sha256, type="pptx", title=title, language="", pages=len(deck.slides)
    )
    return replace(document, language=language_of(document.text))


def _read_slide(slide: Slide, number: int, builder: DocumentBuilder) -> None:
    title = slide.shapes.title
    if title is not None:
        text = " ".join(title.text_frame.text.split())
        builder.add("heading", text, level=1, page=number, box=_box(title), path=f"slide[{number}]/{_step(title)}")
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _read_shape(shape, number, builder)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        builder.add("footnote", notes, page=number, path=f"slide[{number}]/notes")


def _in_reading_order(shapes: Any) -> Iterator[Any]:
    """Shapes from the top down and, on one line, from the left; groups are opened."""
    flat: list[Any] = []
    stack = list(shapes)
    while stack:
        shape = stack.pop()
        inside = getattr(shape, "shapes", None)
        if inside is not None:
            stack.extend(inside)
        else:
            flat.append(shape)
    yield from sorted(flat, key=_place)


def _place(shape: Any) -> tuple[int, float]:
    box = _box(shape)
    return (round(box[1] / SAME_LINE), box[0]) if box else (0, 0.0)


def _read_shape(shape: Any, number: int, builder: DocumentBuilder) -> None:
    path = f"slide[{number}]/{_step(shape)}"
    if getattr(shape, "has_table", False):
        builder.add("table", "", table=_table(shape.table), page=number, box=_box(shape), path=path)
    elif getattr(shape, "has_chart", False):
        builder.add("table", "", table=_chart(shape.chart), page=number, box=_box(shape), path=path)
    elif shape.has_text_frame:
        _read_text(shape, number, builder, path)


def _read_text(shape: Any, number: int, builder: DocumentBuilder, path: str) -> None:
    """Paragraphs of a body placeholder with several of them are its bullets; others are plain."""
    paragraphs = [paragraph for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]
    listed = shape.is_placeholder and len(paragraphs) > 1
    for index, paragraph in enumerate(shape.text_frame.paragraphs, 1):
        text = paragraph.text.replace("\x0b", "\n")
        place = f"{path}/p[{index}]"
        if listed or paragraph.level:
            marker = BULLETS[min(paragraph.level, len(BULLETS) - 1)]
            builder.add(
                "list_item",
                text,
                level=paragraph.level + 1,
                marker=marker,
                page=number,
                box=_box(shape),
                path=place,
            )
        else:
            builder.add("paragraph", text, page=number, box=_box(shape), path=place)


def _chart(chart: Any) -> Table:
    """A chart's data: a row for each category, a column for each series."""
    series = [line for plot in chart.plots for line in plot.series]
    categories = [str(category) for plot in chart.plots for category in plot.categories]
    names = list(dict.fromkeys(categories))
    rows = tuple(
        (name, *("" if r >= len(line.values) or line.values[r] is None else f"{line.values[r]:g}" for line in series))
        for r, name in enumerate(names)
    )
    return Table((("", *(line.name for line in series)),), rows)


def _table(table: Any) -> Table:
    origins = _origins(table)
    rows = tuple(
        tuple(_cell(table, *origins.get((r, c), (r, c))) for c in range(len(table.columns)))
        for r in range(len(table.rows))
    )
    top = 1 if table.first_row and len(rows) > 1 else 0
    return Table(rows[:top], rows[top:], frozenset(origins))


def _origins(table: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Place -> the merged cell that covers it from the left or from above."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                places = [
                    (r + down, c + across) for down in range(cell.span_height) for across in range(cell.span_width)
                ]
                covered.update((place, (r, c)) for place in places[1:])
    return covered


def _cell(table: Any, r: int, c: int) -> str:
    return " ".join(table.cell(r, c).text_frame.text.split())


def _box(shape: Any) -> Box | None:
    if shape.left is None or shape.top is None:
        return None
    left, top = shape.left / EMU_PER_POINT, shape.top / EMU_PER_POINT
    return (left, top, left + (shape.width or 0) / EMU_PER_POINT, top + (shape.height or 0) / EMU_PER_POINT)


def _step(shape: Any) -> str:
    return f"shape[{shape.shape_id}]"
