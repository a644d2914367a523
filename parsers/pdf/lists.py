"""List markers: bullets and numbers at the start of a line."""

from __future__ import annotations

import re

BULLETS = "•◦‣▪▫●○■□◆◇➢➤►▶▸❖✓✔✗✘❑❏★☆⁃∙·–—*-§¤"
MARKER = re.compile(
    rf"""(?P<marker>
        [{re.escape(BULLETS)}]
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
    return (match.group("marker"), match.group("rest")) if match else None


def is_bullet(marker: str) -> bool:
    """Whether a marker is a glyph and not a number or letter."""
    return len(marker) == 1 and marker in BULLETS


def is_first(marker: str) -> bool:
    """Whether a numbered marker opens a list."""
    return marker.strip("().[]") in ("1", "a", "A", "i", "I", "①")
