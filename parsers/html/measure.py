"""What each element of a page holds, counted once for the whole tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.html.tree import BLOCK_TAGS, Element
from parsers.html.visibility import is_skipped

_COMMA = re.compile("[,\u060c\u3001\u3002\uff0c\ufe50\ufe10\ufe11\u2e41\u2e34\u2e32]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_COUNTED = frozenset(("p", "img", "li", "a")) | _HEADINGS
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
DENSE_EXTRA = 1.5
"""A Chinese, Japanese or Korean sign counts as so many more letters."""
MIN_PROSE = 80
MAX_PROSE_LINKS = 0.25


@dataclass(slots=True)
class Measure:
    """Totals over an element and everything visible inside it; lengths in letters."""

    text: int = 0
    links: int = 0
    """Text inside `a` elements; links within the page count a third."""
    headings: int = 0
    """Text inside headings."""
    items: int = 0
    """Text inside list items."""
    commas: int = 0
    own: int = 0
    """Text directly in the element or in inline elements of it."""
    own_commas: int = 0
    own_links: int = 0
    prose: int = 0
    """Text in blocks that are long enough, and little enough linked, to be read rather than clicked; items of lists,
    where comments live, are left out."""
    linked_headings: int = 0
    """Headings that are links as a whole."""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def link_density(self) -> float:
        """Share of text that is linked."""
        return min(1.0, self.links / self.text) if self.text else 0.0

    def add(self, other: Measure, sign: int = 1) -> None:
        """Add the totals of an element inside this one, or take them away."""
        self.text += sign * other.text
        self.links += sign * other.links
        self.headings += sign * other.headings
        self.items += sign * other.items
        self.commas += sign * other.commas
        self.prose += sign * other.prose
        self.linked_headings += sign * other.linked_headings
        for tag, number in other.counts.items():
            self.counts[tag] = self.counts.get(tag, 0) + sign * number

    def count(self, *tags: str) -> int:
        """How many elements of these tags are inside."""
        return sum(self.counts.get(tag, 0) for tag in tags)


@dataclass(slots=True)
class Measures:
    """Measures of all visible elements, in document order."""

    by_element: dict[Element, Measure] = field(default_factory=dict)

    def __getitem__(self, element: Element) -> Measure:
        return self.by_element.get(element) or Measure()

    def remove(self, element: Element) -> None:
        """Take what an element holds out of the totals of everything around it."""
        gone = self[element]
        for ancestor in element.iterancestors():
            above = self.by_element.get(ancestor)
            if above is not None:
                above.add(gone, -1)


def measure(root: Element, left_out: set[Element]) -> Measures:
    """Count text, links and elements for every visible element under `root`.

    Args:
        root: the page's body or root.
        left_out: elements that count as invisible, with all inside them.
    """
    measures = Measures()
    for element in _visible(root, left_out):
        measures.by_element[element] = Measure()
    for element in reversed(measures.by_element):
        _add_own_text(element, measures.by_element[element])
        _hand_up(element, measures)
    return measures


def _visible(root: Element, left_out: set[Element]) -> list[Element]:
    found: list[Element] = []
    stack = [root]
    while stack:
        element = stack.pop()
        if element in left_out or is_skipped(element):
            continue
        found.append(element)
        stack.extend(reversed(element))
    return found


def _add_own_text(element: Element, own: Measure) -> None:
    pieces = [element.text or ""]
    pieces += [child.tail or "" for child in element]
    text = " ".join(" ".join(pieces).split())
    commas = len(_COMMA.findall(text))
    length = len(text) + int(len(_DENSE.findall(text)) * DENSE_EXTRA)
    own.text += length
    own.commas += commas
    own.own += length
    own.own_commas += commas
    if element.tag in BLOCK_TAGS and own.own >= MIN_PROSE and own.own_links < own.own * MAX_PROSE_LINKS:
        own.prose += own.own
    _settle(element, own)


def _settle(element: Element, own: Measure) -> None:
    """Settle totals that depend on the element's own tag, once all its children have reported."""
    tag = element.tag
    if tag == "a":
        inside = (element.get("href") or "").startswith("#")
        own.links = own.text // 3 if inside else own.text
        own.linked_headings = own.count(*_HEADINGS)
    elif tag in _HEADINGS:
        own.headings = own.text
        own.linked_headings = int(own.links > own.text * 0.8)
    elif tag == "li":
        own.items = own.text
        own.prose = 0


def _hand_up(element: Element, measures: Measures) -> None:
    parent = element.getparent()
    above = measures.by_element.get(parent) if parent is not None else None
    if above is None:
        return
    own = measures.by_element[element]
    above.add(own)
    if element.tag in _COUNTED:
        above.counts[element.tag] = above.counts.get(element.tag, 0) + 1
    if element.tag not in BLOCK_TAGS:
        above.own += own.own
        above.own_commas += own.own_commas
        above.own_links += own.links if element.tag == "a" else own.own_links
