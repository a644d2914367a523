"""Nothing that a document says can steer the terminal.

A document may hold escape sequences (to clear the screen, set the clipboard, change the title) and marks that turn the
direction of writing. Every line is freed of them on its way to the screen; they take no cells, so nothing shifts.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters of ISO 646 and ISO 6429, and overrides of writing direction."""


class Printable(LineFilter):
    """Takes out what steers a terminal; Textual's own control segments stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line, harmless."""
        return [segment if segment.control else _harmless(segment) for segment in segments]


def _harmless(segment: Segment) -> Segment:
    if STEERING.search(segment.text) is None:
        return segment
    return Segment(STEERING.sub("", segment.text), segment.style)
