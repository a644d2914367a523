"""Pages without a text layer: what is sent to OCR, and what becomes of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import ocr
from parsers.document import Box, Document
from parsers.ocr import Image, Recognized, recognizer, turned
from parsers.options import ParseOptions
from parsers.pdf import pages, read
from parsers.pdf.frames import Frame
from parsers.pdf.scans import DPI
from tests.parsers.pdf_pages import PROSE, new_page, prose_page, save, scan, write_lines

FAST = ParseOptions(layout=False)
SCALE = DPI / 72


@dataclass
class ScriptedRecognizer:
    """Says that it reads given lines at given places (in points) on any page."""

    lines: list[tuple[str, float, float, float, float]]
    degrees: int = 0
    slope: float = 0.0
    name: str = "scripted"
    shapes: list[tuple[int, ...]] = field(default_factory=list)

    def turn(self, image: Image) -> int:
        return self.degrees

    def read(self, image: Image) -> list[Recognized]:
        self.shapes.append(image.shape)
        return [
            Recognized(text, (x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE), 0.9, self.slope)
            for text, x0, y0, x1, y1 in self.lines
        ]


def read_with(engine: ScriptedRecognizer, path: Path, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr(pages, "recognizer", lambda name, languages: engine)
    return read(path, FAST, "0" * 64)


def lines_at(texts: list[str], left: float, top: float, width: float) -> list[tuple[str, float, float, float, float]]:
    return [(text, left, top + 16 * n, left + width, top + 16 * n + 13) for n, text in enumerate(texts)]


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    return scan(prose_page(tmp_path / "prose.pdf"), tmp_path / "scan.pdf", dpi=72)


def test_recognised_lines_become_blocks_with_confidence(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_with(ScriptedRecognizer(lines_at(list(PROSE), 72, 90, 330)), scanned, monkeypatch)
    assert document.text == " ".join(PROSE)
    block = document.blocks[0]
    assert block.ocr_confidence == pytest.approx(0.9)
    assert block.box == pytest.approx((72, 90, 402, 90 + 3 * 16 + 13), abs=1)


def test_columns_of_a_scan_are_read_one_after_the_other(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = lines_at([f"Left line {n} of the scan stands here" for n in range(20)], 60, 90, 220)
    right = lines_at([f"Right line {n} of the scan stands here" for n in range(20)], 320, 90, 220)
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    text = read_with(ScriptedRecognizer(mixed), scanned, monkeypatch).text
    places = [text.index(f"{side} line {n} ") for side in ("Left", "Right") for n in range(20)]
    assert places == sorted(places)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_places_of_a_turned_scan_are_those_of_the_page_as_displayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, degrees: int
) -> None:
    path = scan(prose_page(tmp_path / "prose.pdf"), tmp_path / "scan.pdf", turn=360 - degrees, dpi=72)
    engine = ScriptedRecognizer(lines_at(list(PROSE), 72, 90, 330), degrees)
    block = read_with(engine, path, monkeypatch).blocks[0]
    assert engine.shapes == [(1650, 1275, 3)], "the engine sees the page upright"
    upright = (72.0, 90.0, 402.0, 151.0)
    assert block.box == pytest.approx(Frame(612, 792, degrees).displayed(upright), abs=1)


def test_text_layer_of_a_stamped_scan_is_kept_once(
    tmp_path: Path, scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pymupdf.open(scanned) as source:
        write_lines(source[0], (72, 700), ["Received 4 May"])
        source.save(tmp_path / "stamped.pdf")
    read_lines = [*lines_at(list(PROSE), 72, 90, 330), ("Received 4 Mav", 72.0, 688.0, 150.0, 704.0)]
    text = read_with(ScriptedRecognizer(read_lines), tmp_path / "stamped.pdf", monkeypatch).text
    assert text.count("Received") == 1


def test_pages_with_text_are_not_sent_to_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedRecognizer([("never", 0, 0, 10, 10)])
    assert "never" not in read_with(engine, prose_page(tmp_path / "prose.pdf"), monkeypatch).text
    assert engine.shapes == []


def test_missing_engine_is_a_warning_that_names_the_page(
    tmp_path: Path, scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "recognizer", lambda name, languages: None)
    with pymupdf.open(tmp_path / "prose.pdf") as source, pymupdf.open(scanned) as second:
        source.insert_pdf(second)
        source.save(tmp_path / "mixed.pdf")
    document = read(tmp_path / "mixed.pdf", FAST, "0" * 64)
    assert document.warnings == ("page 2 has no readable text layer and was left out: it needs OCR",)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_frame_leads_back_to_the_displayed_page(turn: int) -> None:
    shown = Frame(612, 792, turn).displayed((10, 20, 110, 40))
    width = shown[2] - shown[0]
    assert width == pytest.approx(100 if turn in (0, 180) else 20)
    assert min(shown) >= 0


def test_image_is_turned_clockwise() -> None:
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 0] = 255
    assert turned(image, 90).shape == (3, 2, 3)
    assert turned(image, 90)[0, 1, 0] == 255, "the upper left corner goes to the upper right"


def test_engine_is_chosen_by_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    recognizer.cache_clear()
    assert recognizer("auto", ("eng",)) is None
    assert recognizer("tesseract", ("eng",)) is None
    recognizer.cache_clear()


@pytest.mark.heavy
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_rapidocr_reads_a_page_whichever_way_up(tmp_path: Path, turn: int) -> None:
    pytest.importorskip("rapidocr")
    source = pymupdf.open()
    write_lines(new_page(source, (420.0, 200.0)), (40, 60), PROSE[:3])
    path = scan(save(source, tmp_path / "text.pdf"), tmp_path / "scan.pdf", turn=turn)
    document = read(path, ParseOptions(ocr="rapidocr", layout=False), "0" * 64)
    assert "the pressure in the housing" in document.text
    assert document.blocks[0].ocr_confidence is not None
    assert document.blocks[0].ocr_confidence > 0.8


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.floats(-0.05, 0.05),
    st.floats(50, 300),
    st.floats(50, 500),
    st.floats(20, 250),
)
def test_straightened_lines_are_found_again(turn: int, slope: float, x: float, y: float, width: float) -> None:
    frame = Frame(612, 792, turn, slope)
    seen: Box = (x, y, x + width, y + 12 + width * abs(slope))
    back = frame.displayed(frame.straight(seen))
    assert back == pytest.approx(Frame(612, 792, turn).displayed(seen), abs=3)


def test_columns_of_a_page_scanned_askew(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = lines_at([f"Left line {n} of the scan stands in this column" for n in range(40)], 60, 80, 245)
    right = lines_at([f"Right line {n} of the scan stands in this column" for n in range(40)], 315, 80, 245)
    skewed = Frame(612, 792, 0, 0.012)
    engine = ScriptedRecognizer([(text, *skewed.displayed((x0, y0, x1, y1))) for text, x0, y0, x1, y1 in left + right])
    engine.slope = 0.012
    text = read_with(engine, scanned, monkeypatch).text
    places = [text.index(f"{side} line {n} ") for side in ("Left", "Right") for n in range(40)]
    assert places == sorted(places)
