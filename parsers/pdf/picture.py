"""A page's picture with its blocks outlined and numbered in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf

from parsers.document import BlockKind, Box, Document
from parsers.errors import DamagedDocument
from parsers.pdf.reading import open_pdf
from parsers.pdf.scans import resolution

LABEL_SIZE = 8.0
COLORS: dict[BlockKind, tuple[float, float, float]] = {
    "heading": (0.80, 0.10, 0.10),
    "paragraph": (0.10, 0.35, 0.80),
    "list_item": (0.00, 0.55, 0.55),
    "table": (0.50, 0.15, 0.65),
    "code": (0.35, 0.35, 0.35),
    "caption": (0.80, 0.45, 0.00),
    "footnote": (0.25, 0.55, 0.10),
}


def page_picture(path: Path, page: int, document: Document) -> bytes:
    """Draw one page; see `parsers.pdf.picture`."""
    with open_pdf(path) as source:
        if not 1 <= page <= source.page_count:
            raise DamagedDocument(f"{path.name!r} has no page {page}", f"Choose a page from 1 to {source.page_count}.")
        drawn = source.load_page(page - 1)
        drawn.remove_rotation()
        for number, kind, box in outlines(document, page):
            _outline(drawn, str(number), COLORS[kind], box)
        return bytes(drawn.get_pixmap(dpi=resolution(drawn), alpha=False).tobytes("png"))


def outlines(document: Document, page: int) -> Iterator[tuple[int, BlockKind, Box]]:
    """(number in the document from 1, kind, box) of everything that stands on a page."""
    for number, block in enumerate(document.blocks, start=1):
        if block.parts:
            for part in block.parts:
                if part.page == page:
                    yield number, block.kind, part.box
        elif block.page == page and block.box is not None:
            yield number, block.kind, block.box


def _outline(page: pymupdf.Page, label: str, color: tuple[float, float, float], box: Box) -> None:
    rect = pymupdf.Rect(box)
    page.draw_rect(rect, color=color, width=0.8)
    width = pymupdf.get_text_length(label, fontsize=LABEL_SIZE) + 3
    tag = pymupdf.Rect(rect.x0 - width, rect.y0, rect.x0, rect.y0 + LABEL_SIZE + 2)
    page.draw_rect(tag, color=color, fill=color, width=0)
    page.insert_text((tag.x0 + 1.5, tag.y1 - 2.5), label, fontsize=LABEL_SIZE, color=(1, 1, 1))
