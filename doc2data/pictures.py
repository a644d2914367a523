"""The picture of a document's page with its blocks, drawn in a process of its own: a damaged file costs only that."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from doc2data.errors import UsageError
from parsers import Document

SECONDS = 60.0
"""Longest time that drawing one page may take."""


def page_picture(path: Path, page: int, document: Document) -> bytes:
    """A PNG of the page, its blocks outlined.

    Raises:
        UsageError: the file is gone, or the page cannot be drawn.
        ParseError: the file cannot be opened.
    """
    if not path.is_file():
        raise UsageError(f"{str(path)!r} is not there any more.", "Put the file back, or add it from its new place.")
    here = tuple(block for block in document.blocks if block.page == page or any(p.page == page for p in block.parts))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_draw, path, page, replace(document, blocks=here, text="")).result(SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            raise UsageError(
                f"Page {page} of {path.name!r} cannot be drawn.", "Its text is shown all the same."
            ) from error


def _draw(path: Path, page: int, document: Document) -> bytes:
    from parsers.pdf.picture import page_picture as draw

    return draw(path, page, document)
