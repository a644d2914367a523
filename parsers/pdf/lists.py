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


def is_first(marker: str) -> bool:
    """Whether a numbered marker opens a list."""
    return marker.strip("().[]") in ("1", "a", "A", "i", "I", "①")
