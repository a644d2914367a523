"""How documents are read: the settings that a caller may choose, the same for every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OcrEngine = Literal["auto", "off", "rapidocr", "tesseract"]


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """Settings of one reading."""

    ocr: OcrEngine = "auto"
    """Engine for pages without usable text; "auto" takes Tesseract where installed, else RapidOCR."""
    ocr_languages: tuple[str, ...] = ("eng",)
    """Tesseract language codes, most likely first; codes that are not installed are passed over."""
    layout: bool = True
    """Find regions and table grids of PDF pages with the layout model; False is the fast mode."""
    seconds: float = 600.0
    """Longest time one file may take."""
    memory_mb: int = 4096
    """Most address space one file may take."""
