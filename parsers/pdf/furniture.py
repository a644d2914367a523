"""Running headers, footers and page numbers, found by what recurs from page to page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Box
from parsers.pdf.lines import Line

EDGE = 0.13
"""Share of the page's height, at top and bottom, in which furniture stands."""
PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|seite|pagina|página|p\.?|第|صفحة)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|von|de|sur|/|من)\s*\d{1,4})?(?:\s*页)?(?:\s*[-–—|])?$",
    re.IGNORECASE,
)
LINE_NUMBER = re.compile(r"\d{1,4}")
FEWEST_LINE_NUMBERS = 20
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


def without_line_numbers(lines: Sequence[Line]) -> list[Line]:
    """Lines less the numbers that count them in the margin, as drafts of papers and legal texts have.

    Such numbers stand under each other beside the text, many on a page, each higher than the one above. So do the row
    numbers of a table; what tells them apart is that line numbers are padded with zeros, or set smaller or paler.
    """
    numbers = [line for line in lines if LINE_NUMBER.fullmatch(line.text)]
    if len(numbers) < FEWEST_LINE_NUMBERS:
        return list(lines)
    texts = [line for line in lines if not LINE_NUMBER.fullmatch(line.text) and len(line.text) > 20]
    edges = sorted(line.box[0] for line in texts), sorted(line.box[2] for line in texts)
    looks = Counter((line.size, line.color) for line in texts).most_common(1)
    dropped: set[int] = set()
    for side in (0, 2):
        stacks: dict[int, list[Line]] = defaultdict(list)
        for number in numbers:
            stacks[round(number.box[side] / 3)].append(number)
        for stack in stacks.values():
            if looks and _counts(stack) and _beside(stack, *edges) and _set_apart(stack, *looks[0][0]):
                dropped |= {id(line) for line in stack}
    return [line for line in lines if id(line) not in dropped]


def _counts(stack: Sequence[Line]) -> bool:
    values = [int(line.text) for line in sorted(stack, key=lambda line: line.box[1])]
    steps = [b - a for a, b in pairwise(values)]
    return len(values) >= FEWEST_LINE_NUMBERS and all(0 < step <= 5 for step in steps)


def _set_apart(stack: Sequence[Line], size: float, color: int) -> bool:
    return all(line.text.startswith("0") or line.size < 0.9 * size or line.color != color for line in stack[:3])


def _beside(stack: Sequence[Line], lefts: Sequence[float], rights: Sequence[float]) -> bool:
    """Whether a stack of numbers stands left or right of nearly all lines of text."""
    if not lefts:
        return False
    right, left = max(line.box[2] for line in stack), min(line.box[0] for line in stack)
    return right < lefts[len(lefts) // 20] or left > rights[-1 - len(rights) // 20]
