"""PDF files: text in reading order, structure and places, from the text layer or from OCR."""

from __future__ import annotations

from pathlib import Path

from parsers.document import Document
from parsers.options import ParseOptions


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a PDF.

    Args:
        path: the file.
        options: how to read it.
        sha256: hash of its bytes, for the record.

    Raises:
        EncryptedDocument: a password is needed.
        DamagedDocument: no page can be opened.
        EmptyDocument: no page holds text, and OCR is off, missing or found nothing.
    """
    from parsers.pdf.reading import read_pdf

    return read_pdf(path, options, sha256)


def picture(path: Path, page: int, document: Document) -> bytes:
    """A page as PNG with the document's blocks outlined and numbered in reading order.

    Args:
        path: the file that `document` was read from.
        page: page number from 1.
        document: as returned by `read`.

    Raises:
        DamagedDocument: the file has no such page.
    """
    from parsers.pdf.picture import page_picture

    return page_picture(path, page, document)
