"""Text recognition for pages without a usable text layer: RapidOCR or Tesseract, always offline.

RapidOCR carries its models in its wheel and reads Latin, Chinese and Japanese script. Tesseract, where it is installed,
reads whatever language packs stand beside it.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from parsers.document import Box
from parsers.options import OcrEngine

Image = NDArray[np.uint8]
"""Height x width x 3, red green blue."""

LATIN_AND_CHINESE = frozenset(("eng", "chi_sim", "chi_tra", "jpn", "deu", "fra", "spa", "ita", "por", "nld"))
"""Tesseract's names of languages that RapidOCR reads too."""
DETECTION_SIDE = 960
"""Longest side, in pixels, of the image in which RapidOCR looks for lines; bounds its memory."""
SAMPLE_LINES = 3
"""Lines read to tell which way up a page is."""
TALL = 1.5
"""Ratio of height to width from which a box of text is a line seen from the side."""
SURER = 0.05
"""Gain in mean confidence from which a page is taken to be upside down."""
TESSERACT_SECONDS = 120
COLUMN_GAP = 2.0
"""Gap between two words, in line heights, that parts columns."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """One line or part of a line as read."""

    text: str
    box: Box
    """In pixels of the image."""
    confidence: float
    """0 to 1."""
    slope: float = 0.0
    """Fall of the line from left to right over its width; not 0 where the page was scanned askew."""


class Recognizer(Protocol):
    """Something that reads images of pages."""

    name: str

    def turn(self, image: Image) -> int:
        """Degrees clockwise, a multiple of 90, by which to turn the image to stand upright."""
        ...

    def read(self, image: Image) -> list[Recognized]:
        """The lines of an upright page, in no particular order."""
        ...


@cache
def recognizer(engine: OcrEngine, languages: tuple[str, ...]) -> Recognizer | None:
    """The engine that was asked for, or with "auto" the better one that is installed; None where there is none."""
    wanted = [engine] if engine != "auto" else ["rapidocr", "tesseract"]
    if engine == "auto" and not set(languages) <= LATIN_AND_CHINESE:
        wanted.reverse()
    for name in wanted:
        if name == "rapidocr" and find_spec("rapidocr") and find_spec("onnxruntime"):
            return RapidRecognizer()
        if name == "tesseract" and shutil.which("tesseract"):
            return TesseractRecognizer(languages)
    return None


class RapidRecognizer:
    """RapidOCR with the PP-OCR models of its wheel."""

    name = "rapidocr"

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_SIDE,
            }
        )

    def turn(self, image: Image) -> int:
        """Degrees clockwise to turn the image upright; see `Recognizer`."""
        boxes = self._boxes(image)
        if not boxes:
            return 0
        longest = sorted(boxes, key=lambda box: max(box[2] - box[0], box[3] - box[1]))[-SAMPLE_LINES * 2 :]
        tall = sum(box[3] - box[1] > TALL * (box[2] - box[0]) for box in longest)
        candidates = (90, 270) if tall > len(longest) / 2 else (0, 180)
        scores = {degrees: self._confidence(image, longest[-SAMPLE_LINES:], degrees) for degrees in candidates}
        best = max(candidates, key=lambda degrees: scores[degrees])
        return best if best in (90, 270) or scores[best] > scores[0] + SURER else 0

    def read(self, image: Image) -> list[Recognized]:
        """The lines of an upright page; see `Recognizer`."""
        found = self._engine(image[:, :, ::-1], use_det=True, use_cls=False, use_rec=True)
        if found.txts is None:
            return []
        rows = zip(found.boxes, found.txts, found.scores, strict=True)
        return [
            Recognized(text, _bounds(quad), float(score), _slope(quad)) for quad, text, score in rows if text.strip()
        ]

    def _boxes(self, image: Image) -> list[Box]:
        found = self._engine(image[:, :, ::-1], use_det=True, use_cls=False, use_rec=False)
        return [] if found.boxes is None else [_bounds(quad) for quad in found.boxes]

    def _confidence(self, image: Image, boxes: Sequence[Box], degrees: int) -> float:
        scores = []
        for x0, y0, x1, y1 in boxes:
            crop = turned(image[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1], degrees)
            found = self._engine(crop[:, :, ::-1], use_det=False, use_cls=False, use_rec=True)
            scores.append(float(found.scores[0]) if found.scores else 0.0)
        return fmean(scores) if scores else 0.0


class TesseractRecognizer:
    """The Tesseract command line program."""

    name = "tesseract"

    def __init__(self, languages: tuple[str, ...]) -> None:
        installed = set(_tesseract(["--list-langs"], b"").split())
        usable = [language for language in languages if language in installed]
        self._languages = "+".join(usable or ["eng"])

    def turn(self, image: Image) -> int:
        """Degrees clockwise to turn the image upright, by Tesseract's script detection; see `Recognizer`."""
        try:
            report = _tesseract(["-", "-", "--psm", "0"], _png(image))
        except subprocess.CalledProcessError:
            return 0
        found = dict(line.split(": ", 1) for line in report.splitlines() if ": " in line)
        return int(found.get("Rotate", 0)) % 360

    def read(self, image: Image) -> list[Recognized]:
        """The lines of an upright page; see `Recognizer`."""
        table = _tesseract(["-", "-", "--psm", "3", "-l", self._languages, "tsv"], _png(image))
        words: dict[tuple[str, ...], list[Recognized]] = defaultdict(list)
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
            text, confidence = (row["text"] or "").strip(), float(row["conf"])
            if text and confidence >= 0:
                left, top = float(row["left"]), float(row["top"])
                box = (left, top, left + float(row["width"]), top + float(row["height"]))
                key = (row["block_num"], row["par_num"], row["line_num"])
                words[key].append(Recognized(text, box, confidence / 100))
        return [piece for line in words.values() for piece in _pieces(line)]


def turned(image: Image, degrees: int) -> Image:
    """The image turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, k=-degrees // 90))


def _pieces(words: Sequence[Recognized]) -> list[Recognized]:
    """Words of one line joined, but not over a gap that parts columns."""
    groups = [[words[0]]]
    for before, word in pairwise(words):
        if word.box[0] - before.box[2] > COLUMN_GAP * (before.box[3] - before.box[1]):
            groups.append([])
        groups[-1].append(word)
    return [_merged(group) for group in groups]


def _merged(words: Sequence[Recognized]) -> Recognized:
    x0s, y0s, x1s, y1s = zip(*(word.box for word in words), strict=True)
    text = " ".join(word.text for word in words)
    return Recognized(text, (min(x0s), min(y0s), max(x1s), max(y1s)), fmean(word.confidence for word in words))


def _bounds(quad: Any) -> Box:
    points = np.asarray(quad, dtype=float)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return (float(x0), float(y0), float(x1), float(y1))


def _slope(quad: Any) -> float:
    (x0, y0), (x1, y1) = quad[0], quad[1]
    return float((y1 - y0) / (x1 - x0)) if x1 > x0 else 0.0


def _png(image: Image) -> bytes:
    import pymupdf

    height, width, _ = image.shape
    return bytes(pymupdf.Pixmap(pymupdf.csRGB, width, height, image.tobytes(), 0).tobytes("png"))


def _tesseract(arguments: Sequence[str], image: bytes) -> str:
    program = Path(shutil.which("tesseract") or "tesseract")
    done = subprocess.run(
        [str(program), *arguments], input=image, capture_output=True, timeout=TESSERACT_SECONDS, check=True
    )
    return done.stdout.decode("utf-8", "replace")
