"""Small PDFs that the tests make for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

LETTER = (612.0, 792.0)
LINE = 14.0


def new_page(source: pymupdf.Document, size: tuple[float, float] = LETTER) -> pymupdf.Page:
    return source.new_page(width=size[0], height=size[1])


def write_lines(
    page: pymupdf.Page, place: tuple[float, float], lines: Sequence[str], *, size: float = 11.0, font: str = "helv"
) -> float:
    """Write lines below each other from the first baseline; returns the next baseline."""
    x, y = place
    for line in lines:
        page.insert_text((x, y), line, fontsize=size, fontname=font)
        y += LINE * size / 11.0
    return y


def save(source: pymupdf.Document, path: Path, **options: object) -> Path:
    source.save(path, **options)
    source.close()
    return path


PROSE = (
    "The pump must be stopped before the filter is opened, because",
    "the pressure in the housing can reach eight bar while it runs.",
    "Wait two minutes after the motor has come to a stand and open",
    "the valve slowly until the gauge on the left side reads zero.",
)


def prose_page(path: Path) -> Path:
    """A heading in large bold type over two paragraphs."""
    source = pymupdf.open()
    page = new_page(source)
    write_lines(page, (72, 90), ["Maintenance of the filter"], size=20, font="hebo")
    below = write_lines(page, (72, 130), PROSE)
    write_lines(page, (72, below + LINE), [line.replace("pump", "fan") for line in PROSE])
    return save(source, path)


def two_columns(path: Path) -> Path:
    """Two columns of numbered sentences, written row by row so that the content stream jumps between them."""
    source = pymupdf.open()
    page = new_page(source)
    for row in range(30):
        y = 90 + row * LINE
        page.insert_text((60, y), f"Left sentence {row + 1} stands in the first column.", fontsize=10)
        page.insert_text((330, y), f"Right sentence {row + 1} stands in the second column.", fontsize=10)
    return save(source, path)


def report(path: Path, pages: int = 5) -> Path:
    """Pages with a running head, a page number and a body that differs from page to page."""
    source = pymupdf.open()
    for number in range(1, pages + 1):
        page = new_page(source)
        write_lines(page, (72, 40), ["Annual report of the water works"], size=9)
        body = [
            f"On day {number * 7 + line} the station number {line} pumped {number * 100 + line} litres."
            for line in range(12)
        ]
        write_lines(page, (72, 110), body)
        write_lines(page, (300, 765), [f"Page {number} of {pages}"], size=9)
    return save(source, path)


def scan(source_path: Path, path: Path, *, turn: int = 0, dpi: int = 150) -> Path:
    """The first page of a PDF as a picture only, turned clockwise by a multiple of 90 degrees."""
    with pymupdf.open(source_path) as source:
        matrix = pymupdf.Matrix(dpi / 72, dpi / 72).prerotate(turn)
        picture = source[0].get_pixmap(matrix=matrix, alpha=False)
    scanned = pymupdf.open()
    width, height = picture.width * 72 / dpi, picture.height * 72 / dpi
    page = new_page(scanned, (width, height))
    page.insert_image(page.rect, pixmap=picture)
    return save(scanned, path)
