"""List markers: bullets and numbers at the start of a line."""

from __future__ import annotations

import re

BULLETS = "•◦‣▪▫●○■□◆◇➢➤►▶▸❖✓✔✗✘❑❏★☆⁃∙·–—*-§¤"
UNMAPPED = "\ufffd\ue000-\uf8ff"
"""Glyphs without a character, which at the start of a line are bullets of some symbol font."""
MARKER = re.compile(
    rf"""(?P<marker>
        [{re.escape(BULLETS)}{UNMAPPED}]
      | \(?(?:\d{{1,3}}|[A-Za-z]|[ivxIVX]{{1,5}})[.)]
      | \[\d{{1,3}}\]
      | [①-⑳]
    )(?P<space>\s+|$)(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
NUMBERED = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]$")


def split_marker(text: str) -> tuple[str, str] | None:
    """(marker, rest) of a list item's first line; None where the line starts with no marker."""
    match = MARKER.match(text)
    if match is None:
        return None
    marker = match.group("marker")
    return ("•" if marker == "\ufffd" or "\ue000" <= marker <= "\uf8ff" else marker), match.group("rest")


def is_bullet(marker: str) -> bool:
    """Whether a marker is a glyph and not a number or letter."""
    return len(marker) == 1 and marker in BULLETS


NOTE = re.compile(r"\[?(?P<marker>\d{1,3}|[*†‡§¶]{1,3})[\].)]?\s*(?=\S)(?P<rest>.*)", re.DOTALL)
CAPTION = re.compile(
    r"(?:figure|fig\.|table|listing|abbildung|abb\.|tabelle|tableau|図|图|表)\s*[\dIVX]+(?:[-.]\d+)*\s*(?:[.:–—|]\s|\s{2,})",
    re.IGNORECASE,
)


def split_note(text: str) -> tuple[str, str] | None:
    """(mark, rest) of a footnote's first line; None where it opens with no mark."""
    match = NOTE.match(text)
    return (match.group("marker"), match.group("rest")) if match and match.group("rest") else None


def is_caption(text: str) -> bool:
    """Whether a text opens like the caption of a figure or table."""
    return CAPTION.match(text) is not None
