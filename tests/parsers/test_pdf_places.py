"""Every block of a PDF stands where it says it stands, in the text and on the page."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.document import Box, Document
from parsers.options import ParseOptions
from parsers.pdf import read
from tests.parsers.pdf_pages import new_page, prose_page, report, save, two_columns, write_lines

FAST = ParseOptions(layout=False, ocr="off")
WORDS = ("valve", "motor", "check", "the", "left", "housing", "before", "pressure", "is", "opened", "slowly", "gauge")


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def text_in(path: Path, page: int, box: Box) -> str:
    with pymupdf.open(path) as source:
        shown = source[page - 1]
        shown.remove_rotation()
        x0, y0, x1, y1 = box
        return letters(shown.get_text(clip=pymupdf.Rect(x0 - 1, y0 - 1, x1 + 1, y1 + 1)))


def check_places(document: Document, path: Path) -> None:
    end = 0
    for block in document.blocks:
        assert block.text == document.text[block.start : block.end]
        assert block.start >= end
        end = block.end
        assert block.page is not None
        assert block.box is not None
        places = [(part.page, part.box, document.text[part.start : part.end]) for part in block.parts]
        for page, box, text in places or [(block.page, block.box, block.text)]:
            assert letters(text) in text_in(path, page, box)


@pytest.mark.parametrize("make", [prose_page, two_columns, report])
def test_places_lead_to_the_text(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path: Path = make(tmp_path / "made.pdf")
    document = read(path, FAST, "0" * 64)
    assert len(document.blocks) > 1
    check_places(document, path)


paragraphs = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=8, max_size=60).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=5,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=paragraphs, rotation=st.sampled_from([0, 90, 180, 270]))
def test_places_of_any_paragraphs(tmp_path: Path, texts: list[str], rotation: int) -> None:
    source = pymupdf.open()
    page = new_page(source)
    y = 90.0
    for text in texts:
        words = text.split()
        lines = [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)]
        y = write_lines(page, (72, y), lines) + 14
    page.set_rotation(rotation)
    path = save(source, tmp_path / "any.pdf")
    document = read(path, FAST, "0" * 64)
    check_places(document, path)
    assert letters(document.text) == letters("".join(texts))
