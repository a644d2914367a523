"""The picture of a document's page with its blocks, drawn in a process of its own: a damaged file costs only that."""

from __future__ import annotations

import os
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from doc2data.errors import UsageError
from parsers import Document, ParseError

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
    drawn = _drawn(path, page, replace(document, blocks=here, text=""))
    if drawn is None:
        raise UsageError(f"Page {page} of {path.name!r} cannot be drawn.", "Its text is shown all the same.")
    if isinstance(drawn, ParseError):
        raise drawn
    return drawn


def _drawn(path: Path, page: int, document: Document) -> bytes | ParseError | None:
    """What the process that draws has to say; None where it died or took too long."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, path, page, document), daemon=True)
    process.start()
    theirs.close()
    try:
        found: bytes | ParseError | None = ours.recv() if ours.poll(SECONDS) else None
    except EOFError:
        found = None
    finally:
        process.kill()
        process.join()
    return found


def _serve(answers: Connection, path: Path, page: int, document: Document) -> None:
    """The life of the process: one page, without a network and without a word on the terminal."""
    from parsers.pdf.picture import page_picture as draw
    from parsers.unplugged import unplug

    unplug()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        answers.send(draw(path, page, document))
    except ParseError as error:
        answers.send(error)
