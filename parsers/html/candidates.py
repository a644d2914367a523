"""The element of a page that its paragraphs speak for.

The idea is that of the reader modes of browsers (first described by arc90's Readability, 2009): each paragraph gives
points to the elements around it, fewer to farther ones; linked text takes points away; telling names add some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from parsers.html.furniture import name_weight
from parsers.html.measure import Measures
from parsers.html.tree import BLOCK_TAGS, Element

SCORED_TAGS = frozenset(("section", "h2", "h3", "h4", "h5", "h6", "p", "td", "pre", "div", "li", "dd", "blockquote"))
MIN_PARAGRAPH = 25
REACH = 5
"""How many elements around a paragraph it speaks for."""
AS_GOOD = 0.75
RIVALS = 3
WIDEN = 1.8
"""An ancestor with so many times the prose is the content rather than the best element in it."""
_TAG_POINTS = (
    {"div": 5, "pre": 3, "td": 3, "blockquote": 3, "th": -5}
    | dict.fromkeys(("address", "ol", "ul", "dl", "dd", "dt", "li", "form"), -3)
    | {f"h{level}": -5 for level in range(1, 7)}
)
_SENTENCE = re.compile(r"[.!?。！？]\s*$|\.\s")


@dataclass(slots=True)
class Candidates:
    """Scores of the elements of one page."""

    root: Element
    measures: Measures
    names: bool
    """Whether class and id names count."""
    scores: dict[Element, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for element, own in self.measures.by_element.items():
            if element.tag in SCORED_TAGS and own.own >= MIN_PARAGRAPH:
                self._speak(element, 1 + own.own_commas + min(own.own // 100, 3))
        for element in self.scores:
            self.scores[element] *= 1 - self.measures[element].link_density

    def best(self) -> list[Element]:
        """The best element with those siblings that read like it; the whole page where nothing speaks for any."""
        ranked = sorted(self.scores, key=lambda element: -self.scores[element])[:REACH]
        if not ranked:
            return [self.root]
        top = self._widened(self._climbed(self._common(ranked)))
        parent = top.getparent()
        if parent is None or top is self.root:
            return [top]
        return [child for child in parent if child is top or self._belongs(child, top)]

    def _speak(self, element: Element, points: float) -> None:
        around = (ancestor for ancestor in element.iterancestors() if ancestor in self.measures.by_element)
        ancestors = list(islice(around, REACH))
        if any(child.tag in BLOCK_TAGS for child in element):
            ancestors = [element, *ancestors[: REACH - 1]]
        for level, ancestor in enumerate(ancestors):
            divider = (1, 2)[level] if level < 2 else level * 3
            self.scores[ancestor] = self._score(ancestor) + points / divider

    def _score(self, element: Element) -> float:
        if element in self.scores:
            return self.scores[element]
        return _TAG_POINTS.get(str(element.tag), 0) + (name_weight(element) if self.names else 0)

    def _common(self, ranked: list[Element]) -> Element:
        """An ancestor of the best elements, where several are about as good as the best."""
        top = ranked[0]
        good = (element for element in ranked[1:] if self.scores[element] >= self.scores[top] * AS_GOOD)
        rivals = [set(element.iterancestors()) for element in good]
        for ancestor in top.iterancestors():
            if ancestor is self.root or len(rivals) < RIVALS:
                break
            if sum(ancestor in ancestors for ancestors in rivals) >= RIVALS:
                return ancestor
        return top

    def _climbed(self, top: Element) -> Element:
        """The ancestor that still gains from what stands around the top element, and all that hold nothing else."""
        last = self.scores.get(top, 0.0)
        threshold = last / 3
        for ancestor in top.iterancestors():
            if ancestor is self.root or ancestor not in self.measures.by_element:
                break
            score = self.scores.get(ancestor, last)
            if score < threshold:
                break
            if score > last:
                top = ancestor
                break
            last = score
        parent = top.getparent()
        while parent is not None and parent is not self.root and len(parent) == 1:
            top, parent = parent, parent.getparent()
        return top

    def _widened(self, top: Element) -> Element:
        """The farthest ancestor that adds much prose to the one before it.

        A long document has prose in many sections, none of which speaks for the others.
        """
        prose = self.measures[top].prose
        for ancestor in top.iterancestors():
            more = self.measures[ancestor].prose
            if more > prose * WIDEN:
                top, prose = ancestor, more
            if ancestor is self.root:
                break
        return top

    def _belongs(self, sibling: Element, top: Element) -> bool:
        """Whether a sibling of the top element scores well beside it, or is a paragraph of prose."""
        own = self.measures.by_element.get(sibling)
        if own is None or not own.text:
            return False
        bonus = self.scores.get(top, 0.0) * 0.2
        alike = bool(sibling.get("class")) and sibling.get("class") == top.get("class")
        score = self.scores.get(sibling)
        if score is not None and score + (bonus if alike else 0) >= max(10, bonus):
            return True
        if sibling.tag != "p":
            return False
        if own.text > 80:
            return own.link_density < 0.25
        return own.links == 0 and _SENTENCE.search("".join(map(str, sibling.itertext()))) is not None
