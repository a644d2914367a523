"""Running headers, footers and page numbers, found by what recurs from page to page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.document import Box

EDGE = 0.13
"""Share of the page's height, at top and bottom, in which furniture stands."""
PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|seite|pagina|página|p\.?|第|صفحة)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|von|de|sur|/|من)\s*\d{1,4})?(?:\s*页)?(?:\s*[-–—|])?$",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")


@dataclass(frozen=True, slots=True)
class Edge:
    """A line near the top or bottom of a page."""

    page: int
    key: str
    slot: tuple[str, int]
    """Top or bottom, and the distance to that edge in points."""


def edge_of(text: str, box: Box, page: int, height: float) -> Edge | None:
    """The line as an edge line, or None where it stands in the body of the page."""
    if box[3] < EDGE * height:
        slot = ("top", round(box[1]))
    elif box[1] > (1 - EDGE) * height:
        slot = ("bottom", round(height - box[3]))
    else:
        return None
    return Edge(page, furniture_key(text), slot)


def furniture_key(text: str) -> str:
    """Text with its numbers blanked, so that page 3 of 9 and page 4 of 9 are one."""
    return " ".join(DIGITS.sub("#", text.lower()).split())


class Furniture:
    """What recurs at the edges of a document's pages."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.texts: Counter[tuple[str, str]] = Counter()
        self.slots: Counter[tuple[str, int]] = Counter()

    def learn(self, edges: Iterable[Edge]) -> None:
        """Count the edge lines of one page."""
        seen = set(edges)
        self.texts.update({(edge.slot[0], edge.key) for edge in seen})
        self.slots.update({edge.slot for edge in seen})

    def holds(self, edge: Edge, text: str, called: bool) -> bool:
        """Whether an edge line is furniture; `called` where the layout model says so."""
        repeats = self.repeats(edge)
        if PAGE_NUMBER.match(text.strip()) and (called or self._slot(edge.slot) >= min(3, self.pages)):
            return True
        if called:
            return repeats or self.pages <= 2 or self._slot(edge.slot) >= max(3, 0.3 * self.pages)
        count = self.texts[edge.slot[0], edge.key]
        return count >= 3 and count >= 0.04 * self.pages

    def repeats(self, edge: Edge) -> bool:
        """Whether the line stands on other pages too."""
        return self.texts[edge.slot[0], edge.key] > 1

    def _slot(self, slot: tuple[str, int]) -> int:
        return sum(self.slots[slot[0], slot[1] + off] for off in (-1, 0, 1))
