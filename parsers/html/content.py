"""Which parts of a page are its main content.

Scoring follows the idea of the reader modes of browsers: paragraphs speak for the elements around them, linked text
speaks against them, names of classes and ids help where they are telling. The best element and those siblings that
read like it are the content; inside it, parts that look like navigation, forms or teasers are left out. A page
without any furniture is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from parsers.html.generators import documentation_root
from parsers.html.measure import Measure, Measures, measure
from parsers.html.tables import is_data_table
from parsers.html.tree import BLOCK_TAGS, Element

UNLIKELY = re.compile(
    r"-ad-|ad-break|advert|agegate|ai2html|banner|breadcrumb|combx|comment|community|cookie|consent|cover-wrap|disqus"
    r"|extra|footer|gdpr|header|legends|menu|newsletter|pager|pagination|popup|promo|related|remark|replies|rss"
    r"|share|shoutbox|sidebar|skyscraper|social|sponsor|subscribe|supplemental|toolbar|yom-remote",
    re.IGNORECASE,
)
MAYBE = re.compile(r"and|article|body|column|content|main|mathjax|shadow", re.IGNORECASE)
POSITIVE = re.compile(
    r"article|body|content|entry|hentry|h-entry|main|page|pagination|post|text|blog|story", re.IGNORECASE
)
NEGATIVE = re.compile(
    r"-ad-|hidden|^hid$| hid$| hid |^hid |banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain"
    r"|promo|related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget",
    re.IGNORECASE,
)
SIDE_ROLES = frozenset(("menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog", "search"))
SIDE_TAGS = frozenset(("nav", "aside", "footer"))
SCORED = frozenset(("section", "h2", "h3", "h4", "h5", "h6", "p", "td", "pre", "div", "li", "dd", "blockquote"))
MIN_PARAGRAPH = 25
PLAIN_LINKS = 0.1
WIDEN = 1.8
MIN_LEAD = 60
MAX_LEADS = 2
MAX_LEAD_LINKS = 0.2
SHORT_RESULT = 500
"""A content of fewer characters is only believed after the stricter rules have been relaxed."""


@dataclass(slots=True)
class Selection:
    """The elements whose subtrees are content, and subtrees inside them that are not."""

    kept: list[Element]
    left_out: set[Element] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Rules:
    """How strictly one attempt judges."""

    unlikely: bool = True
    """Leave out elements whose names say that they are furniture."""
    names: bool = True
    """Let class and id names weigh in the scores."""
    clean: bool = True
    """Leave out parts of the content that look like furniture."""


RELAXED = (Rules(), Rules(unlikely=False), Rules(unlikely=False, names=False), Rules(False, False, False))


def find_content(root: Element, unseen: AbstractSet[Element] = frozenset()) -> Selection:
    """Choose the main content of a page.

    Args:
        root: the page's body.
        unseen: elements that are known to be hidden.
    """
    documented = documentation_root(root)
    if documented is not None:
        attempt = _Attempt(root, Rules(), set(unseen))
        attempt.prune()
        return Selection([documented], attempt.left_out - {documented, *documented.iterancestors()})
    best, most = Selection([root], set(unseen)), -1
    for rules in RELAXED:
        attempt = _Attempt(root, rules, set(unseen))
        selection = attempt.run()
        length = attempt.length(selection)
        if length > most:
            best, most = selection, length
        if length >= SHORT_RESULT or attempt.left_out == unseen:
            break
    return best


def names_of(element: Element) -> str:
    """Class and id together."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def name_weight(element: Element) -> int:
    """What the element's class and id say: furniture below 0, content above."""
    weight = 0
    for name in (element.get("class"), element.get("id")):
        if name:
            weight -= 25 if NEGATIVE.search(name) else 0
            weight += 25 if POSITIVE.search(name) else 0
    return weight


@dataclass(slots=True)
class _Attempt:
    root: Element
    rules: Rules
    left_out: set[Element] = field(default_factory=set)
    measures: Measures = field(default_factory=Measures)
    scores: dict[Element, float] = field(default_factory=dict)
    emptied: set[Element] = field(default_factory=set)
    """Elements around what was left out; when only a heading remains of one, it announces nothing."""

    def run(self) -> Selection:
        before = set(self.left_out)
        self.prune()
        self.measures = measure(self.root, self.left_out)
        if self._is_plain(before):
            return Selection([self.root], before)
        self._score()
        top = self._top()
        kept = self._with_siblings(top) if top is not None else [self.root]
        for element in kept:
            self._clean(element)
        return Selection([*self._leads(kept[0]), *kept], self.left_out)

    def length(self, selection: Selection) -> int:
        return sum(self.measures[element].text for element in selection.kept)

    def prune(self) -> None:
        """Leave out what tags, roles and names say is furniture."""
        stack = [self.root]
        while stack:
            element = stack.pop()
            if element is not self.root and self._is_furniture(element):
                self.left_out.add(element)
                continue
            stack.extend(element)

    def _is_furniture(self, element: Element) -> bool:
        if element.tag in SIDE_TAGS or element.get("role") in SIDE_ROLES:
            return True
        if not self.rules.unlikely or element.tag in {"body", "a", "main", "article"}:
            return False
        names = names_of(element)
        return bool(UNLIKELY.search(names)) and not MAYBE.search(names) and not _inside(element, _KEEPING)

    def _score(self) -> None:
        for element, own in self.measures.by_element.items():
            if element.tag not in SCORED or own.own < MIN_PARAGRAPH:
                continue
            points = 1 + own.own_commas + min(own.own // 100, 3)
            for level, ancestor in enumerate(self._speaks_for(element)):
                divider = 1 if level == 0 else 2 if level == 1 else level * 3
                self.scores[ancestor] = self._initial(ancestor) + points / divider
        for element in self.scores:
            self.scores[element] *= 1 - self.measures[element].link_density

    def _speaks_for(self, element: Element) -> list[Element]:
        around = (ancestor for ancestor in element.iterancestors() if ancestor in self.measures.by_element)
        ancestors = list(islice(around, 5))
        holds_blocks = any(child.tag in BLOCK_TAGS for child in element)
        return [element, *ancestors[:4]] if holds_blocks else ancestors

    def _initial(self, element: Element) -> float:
        if element in self.scores:
            return self.scores[element]
        return _TAG_POINTS.get(str(element.tag), 0) + (name_weight(element) if self.rules.names else 0)

    def _top(self) -> Element | None:
        ranked = sorted(self.scores, key=lambda element: -self.scores[element])[:5]
        if not ranked:
            return None
        return self._widened(self._climbed(self._common(ranked)))

    def _common(self, ranked: list[Element]) -> Element:
        """An ancestor of the best elements, where several are about as good as the best."""
        top = ranked[0]
        rivals = [set(e.iterancestors()) for e in ranked[1:] if self.scores[e] >= self.scores[top] * 0.75]
        if len(rivals) < 3:
            return top
        for ancestor in top.iterancestors():
            if ancestor is self.root:
                break
            if sum(ancestor in ancestors for ancestors in rivals) >= 3:
                return ancestor
        return top

    def _climbed(self, top: Element) -> Element:
        """The ancestor that still gains from what stands around the top element."""
        last = self.scores.get(top, 0.0)
        threshold = last / 3
        for ancestor in top.iterancestors():
            if ancestor is self.root or ancestor not in self.measures.by_element:
                break
            score = self.scores.get(ancestor)
            if score is None:
                continue
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

    def _is_plain(self, unseen: set[Element]) -> bool:
        """Whether the page has nothing but content: no furniture by name, and no cluster of links."""
        if self.left_out > unseen or self.measures[self.root].link_density > PLAIN_LINKS:
            return False
        return not any(
            own.count("a") >= 3 and own.link_density > 0.6
            for element, own in self.measures.by_element.items()
            if element.tag in _CLUSTERS
        )

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

    def _with_siblings(self, top: Element) -> list[Element]:
        parent = top.getparent()
        if parent is None or top is self.root:
            return [top]
        return [child for child in parent if child is top or self._belongs(child, top)]

    def _belongs(self, sibling: Element, top: Element) -> bool:
        own = self.measures.by_element.get(sibling)
        if own is None or not own.text:
            return False
        best = self.scores.get(top, 0.0)
        same = sibling.get("class") and sibling.get("class") == top.get("class")
        if (
            self.scores.get(sibling, 0.0) + (best * 0.2 if same else 0) >= max(10, best * 0.2)
            and sibling in self.scores
        ):
            return True
        if sibling.tag != "p":
            return False
        return own.link_density < 0.25 if own.text > 80 else own.links == 0 and _ends_sentence(sibling)

    def _leads(self, first: Element) -> list[Element]:
        """Paragraphs between the page's title and the first element of the content: an article's lead."""
        order = list(self.measures.by_element)
        if first is self.root or first not in self.measures.by_element:
            return []
        end = order.index(first)
        titles = [place for place in range(end) if order[place].tag == "h1"]
        between = order[titles[-1] + 1 : end] if titles else []
        leads = [element for element in between if self._is_lead(element, first)]
        return leads if len(leads) <= MAX_LEADS and not _repeats(first, leads) else []

    def _is_lead(self, element: Element, first: Element) -> bool:
        own = self.measures[element]
        if element.tag not in {"p", "div", "h2"} or own.own < MIN_LEAD or own.own < own.text:
            return False
        return own.link_density < MAX_LEAD_LINKS and element not in set(first.iterancestors())

    def _clean(self, root: Element) -> None:
        inside = [e for e in root.iterdescendants() if e in self.measures.by_element]
        for element in reversed(inside):
            if element in self.left_out:
                continue
            if self._is_gadget(element) or (self.rules.clean and self._looks_like_furniture(element)):
                self.left_out.add(element)
                self.measures.remove(element)
                self.emptied.update(islice(element.iterancestors(), 2))

    def _is_gadget(self, element: Element) -> bool:
        """Buttons to share, the author's line, teasers of other pages."""
        own = self.measures[element]
        if own.text < 500 and _SHARE.search(names_of(element)):
            return True
        if own.text < 100 and (element.get("rel") == "author" or _BYLINE.search(names_of(element))):
            return True
        if element in self.emptied and 0 < own.text <= own.headings:
            return True
        return self._points_elsewhere(element, own)

    def _points_elsewhere(self, element: Element, own: Measure) -> bool:
        """A box of linked headings without prose, or a line that is one link and says that it leads away."""
        if own.prose == 0 and own.linked_headings >= 3 and own.link_density > 0.5:
            return element.tag in BLOCK_TAGS
        if element.tag not in {"p", "div", "li"} or not 0 < own.text < 200 or own.links < own.text * 0.6:
            return False
        return _POINTER.match("".join(map(str, element.itertext())).strip()) is not None

    def _looks_like_furniture(self, element: Element) -> bool:
        if element.tag not in _JUDGED or _inside(element, _KEEPING) or _holds_data(element):
            return False
        weight = name_weight(element) if self.rules.names else 0
        if weight < 0:
            return True
        own = self.measures[element]
        if own.commas >= 10 or (_inside(element, frozenset(("figure",))) and own.count("img") == 0):
            return False
        return _unlike_prose(element, own, weight)


def _unlike_prose(element: Element, own: Measure, weight: int) -> bool:
    """Whether counts of what is inside speak against prose."""
    is_list = element.tag in {"ul", "ol"} or (own.text > 0 and own.items / own.text > 0.9)
    in_figure = _inside(element, frozenset(("figure",)))
    paragraphs, images = own.count("p"), own.count("img")
    density = own.link_density
    heading_density = own.headings / own.text if own.text else 0.0
    if not in_figure and images > 1 and paragraphs / images < 0.5:
        return True
    if not is_list and own.count("li") - 100 > paragraphs:
        return True
    if own.count("input") > paragraphs // 3:
        return True
    if not is_list and not in_figure and heading_density < 0.9 and own.text < 25 and density > 0:
        return True
    if not is_list and weight < 25 and density > 0.2:
        return True
    return (weight >= 25 and density > 0.5) or (images == 0 and own.text == 0)


def _repeats(content: Element, leads: list[Element]) -> bool:
    """Whether a lead is only quoted from the content."""
    text = " ".join(" ".join(map(str, content.itertext())).split())
    return any(" ".join(" ".join(map(str, lead.itertext())).split()) in text for lead in leads)


def _inside(element: Element, tags: frozenset[str]) -> bool:
    return any(ancestor.tag in tags for ancestor in element.iterancestors())


def _holds_data(element: Element) -> bool:
    if element.tag == "table":
        return is_data_table(element)
    return any(is_data_table(table) for table in element.iterdescendants("table"))


def _ends_sentence(element: Element) -> bool:
    return re.search(r"[.!?。！？]\s*$|\.\s", "".join(map(str, element.itertext()))) is not None


_KEEPING = frozenset(("table", "code", "pre"))
_JUDGED = frozenset(("form", "fieldset", "table", "ul", "ol", "div"))
_CLUSTERS = frozenset(("ul", "ol", "div", "table", "tr", "td", "p"))
_BYLINE = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
_POINTER = re.compile(
    r"(?:related|read (?:more|also|next|this)|see also|also read|more (?:on|from|about)|recommended|watch"
    r"|lire aussi|à lire|voir aussi|mehr zum thema|lesen sie(?: auch)?|siehe auch|leia (?:também|mais)|veja também"
    r"|ver también|le(?:a|e) también|leggi anche|lees ook|läs också|les også|czytaj także|читайте также|čtěte také"
    r"|相关阅读|延伸阅读|延伸閱讀|関連記事)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?:\b|_)(?:share|sharedaddy|social)(?:\b|_)", re.IGNORECASE)
_TAG_POINTS = {"div": 5, "pre": 3, "td": 3, "blockquote": 3, "th": -5} | {
    tag: -3 for tag in ("address", "ol", "ul", "dl", "dd", "dt", "li", "form")
} | {f"h{level}": -5 for level in range(1, 7)}  # fmt: skip
