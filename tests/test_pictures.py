"""Pages drawn in a process of its own, which may die or never end."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from doc2data import pictures
from doc2data.errors import UsageError
from parsers import Document, ParseError, ParseOptions, parse
from tests.parsers.pdf_pages import prose_page

FAST = ParseOptions(layout=False, ocr="off")


class Endless(type(Path())):  # type: ignore[misc]
    """A file over which whoever draws it never comes to an end."""

    def __str__(self) -> str:
        while multiprocessing.parent_process() is not None:
            signal.pause()
        return str(super().__str__())

    __fspath__ = __str__


class Deadly(type(Path())):  # type: ignore[misc]
    """A file that is the end of whoever draws it."""

    def __str__(self) -> str:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return str(super().__str__())

    __fspath__ = __str__


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return parse(prose_page(tmp_path / "a.pdf"), FAST)


def test_a_page_is_drawn(tmp_path: Path, document: Document) -> None:
    assert pictures.page_picture(tmp_path / "a.pdf", 1, document).startswith(b"\x89PNG")


@pytest.mark.heavy
@pytest.mark.parametrize("kind", [Endless, Deadly])
def test_a_page_that_ends_its_process_or_never_ends_costs_its_picture(
    tmp_path: Path, document: Document, monkeypatch: pytest.MonkeyPatch, kind: type[Path]
) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 4.0)
    with pytest.raises(UsageError, match="cannot be drawn"):
        pictures.page_picture(kind(tmp_path / "a.pdf"), 1, document)


def test_a_file_that_is_no_document_is_an_error_of_its_own(tmp_path: Path, document: Document) -> None:
    (tmp_path / "a.pdf").write_bytes(b"nothing")
    with pytest.raises(ParseError):
        pictures.page_picture(tmp_path / "a.pdf", 1, document)
