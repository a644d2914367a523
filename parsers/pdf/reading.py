"""The reading of one PDF: open, gather page by page, decide over the whole document, write the blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf

from parsers.document import Document, DocumentBuilder
from parsers.errors import DamagedDocument, EmptyDocument, EncryptedDocument
from parsers.language import language_of
from parsers.options import ParseOptions
from parsers.pdf.assembly import Assembly
from parsers.pdf.frames import Frame
from parsers.pdf.pages import PageContent, gather

CHUNK = 50
"""Pages after which the file is opened anew, so that what MuPDF keeps of pages does not pile up."""
FILE_TITLE = re.compile(
    r"\.(?:docx?|rtf|odt|indd|tex|dvi|pdf|xlsx?|pptx?)$|^Microsoft Word - |^untitled", re.IGNORECASE
)
"""Titles that word processors make up from file names."""
PAGE_ERRORS = (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, ArithmeticError, LookupError)
"""What a damaged page makes MuPDF or its layout model raise."""


def read_pdf(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a PDF; see `parsers.pdf.read`."""
    with open_pdf(path) as source:
        pages = source.page_count
        title = (source.metadata or {}).get("title") or ""
        assembly = Assembly(pages, outline=source.get_toc(simple=True))
    for first in range(0, pages, CHUNK):
        for content in _contents(path, range(first, min(first + CHUNK, pages)), options):
            assembly.add(content)
    builder = DocumentBuilder()
    assembly.write(builder)
    if not builder.blocks:
        raise EmptyDocument(f"{path.name!r} holds no text layer", "It needs OCR: install rapidocr or Tesseract.")
    return builder.build(
        source=str(path),
        sha256=sha256,
        type="pdf",
        title="" if FILE_TITLE.search(title) else title,
        language=language_of("\n".join(block.text for block in builder.blocks)),
        pages=pages,
    )


def open_pdf(path: Path) -> Any:
    """The opened PDF, or a ParseError that says why it can not be opened."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        source = pymupdf.open(str(path), filetype="pdf")
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError) as error:
        raise DamagedDocument(f"{path.name!r} can not be opened as PDF: {error}") from error
    if source.needs_pass:
        source.close()
        raise EncryptedDocument(f"{path.name!r} is protected by a password")
    if not source.page_count:
        source.close()
        raise DamagedDocument(f"{path.name!r} has no readable page; the file is cut off or broken")
    return source


def _contents(path: Path, numbers: range, options: ParseOptions) -> Iterator[PageContent]:
    """Some pages of a document; one that can not be read comes without regions, with a warning."""
    with open_pdf(path) as source:
        for number in numbers:
            try:
                yield gather(source.load_page(number), options)
            except PAGE_ERRORS as error:
                yield PageContent(number + 1, Frame(0, 0), (), (), f"page {number + 1} could not be read: {error}")
    pymupdf.TOOLS.store_shrink(100)
