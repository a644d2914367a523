"""Spaces put back where a page shows gaps between words and its text has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

GLUED = re.compile(r"[^\W\d_\u0590-\u08ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]{32,}")
"""So many letters in a row are seldom one word."""
GAP = 0.13
"""Gap between two characters, in font sizes, from which they belong to two words; kerning stays below."""
TRACKED = 0.35
"""Share of such gaps in a line from which its letters are merely set apart."""


def is_glued(text: str) -> bool:
    """Whether words of a text seem to have lost the spaces between them."""
    return GLUED.search(text) is not None


def respaced(line: dict[str, Any]) -> dict[str, Any]:
    """A raw line (of `extractRAWDICT`) whose spans have `text` with a space at every gap between words."""
    pairs = [(char, span["size"]) for span in line["spans"] for char in span["chars"]]
    wide = sum(_is_gap(left, right, size) for (left, size), (right, _) in pairwise(pairs))
    tracked = wide > TRACKED * max(1, len(pairs) - 1)
    return {**line, "spans": [{**span, "text": _text(span, tracked)} for span in line["spans"]]}


def _text(span: dict[str, Any], tracked: bool) -> str:
    chars: Sequence[dict[str, Any]] = span["chars"]
    text = ""
    for left, right in pairwise(chars):
        text += left["c"]
        if not tracked and _is_gap(left, right, span["size"]):
            text += " "
    return text + (chars[-1]["c"] if chars else "")


def _is_gap(left: dict[str, Any], right: dict[str, Any], size: float) -> bool:
    if not (left["c"].isalnum() and right["c"].isalnum()):
        return False
    return bool(right["bbox"][0] - left["bbox"][2] > GAP * size)
