"""Which parts of a page are its main content.

The best candidate and what reads like it are the content; inside it, parts that look like navigation, forms or
teasers are left out, and the lead between title and content is added. A page without any furniture is kept whole,
and so is the place that a documentation system fills with a page's text.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from parsers.html.candidates import Candidates
from parsers.html.furniture import is_furniture, is_gadget, looks_like_furniture, name_weight
from parsers.html.generators import documentation_root
from parsers.html.measure import Measures, measure
from parsers.html.tree import Element

SHORT_RESULT = 500
"""Letters; a content of fewer is only believed after the stricter rules have been relaxed."""
PLAIN_LINKS = 0.1
"""Share of linked text below which a page may be nothing but content."""
MIN_LEAD = 60
MAX_LEADS = 2
MAX_LEAD_LINKS = 0.2
MIN_ARTICLE = 300
MIN_NAME = 12
ARTICLE_CLASSES = frozenset(("hentry", "post", "h-entry"))
_CLUSTERS = frozenset(("ul", "ol", "div", "table", "tr", "td", "p"))
_LEAD_TAGS = frozenset(("p", "div", "h2"))


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
        pruned = _pruned(root, Rules()) | unseen
        return Selection([documented], pruned - {documented, *documented.iterancestors()})
    best, most = Selection([root], set(unseen)), -1
    for rules in RELAXED:
        pruned = _pruned(root, rules)
        attempt = _Attempt(root, rules, pruned | unseen)
        selection = Selection([root], set(unseen)) if not pruned and attempt.is_plain() else attempt.run()
        length = sum(attempt.measures[element].text for element in selection.kept)
        if length > most:
            best, most = selection, length
        if length >= SHORT_RESULT or not pruned:
            break
    return best


def _pruned(root: Element, rules: Rules) -> set[Element]:
    """The outermost elements that tags, roles and names say are furniture."""
    pruned: set[Element] = set()
    stack = list(root)
    while stack:
        element = stack.pop()
        if is_furniture(element, by_name=rules.unlikely):
            pruned.add(element)
        else:
            stack.extend(element)
    return pruned


@dataclass(slots=True)
class _Attempt:
    """One choice of the content by one set of rules."""

    root: Element
    rules: Rules
    left_out: set[Element]
    measures: Measures = field(init=False)
    _emptied: set[Element] = field(default_factory=set)
    """Elements around what was left out; when only a heading remains of one, it announces nothing."""

    def __post_init__(self) -> None:
        self.measures = measure(self.root, self.left_out)

    def is_plain(self) -> bool:
        """Whether the page has hardly a link, and nowhere a cluster of them."""
        if self.measures[self.root].link_density > PLAIN_LINKS:
            return False
        return not any(
            own.count("a") >= 3 and own.link_density > 0.6
            for element, own in self.measures.by_element.items()
            if element.tag in _CLUSTERS
        )

    def run(self) -> Selection:
        kept = self._titled(Candidates(self.root, self.measures, self.rules.names).best())
        for element in kept:
            self._clean(element)
        return Selection([*self._leads(kept[0]), *kept], self.left_out)

    def _titled(self, kept: list[Element]) -> list[Element]:
        """Of several articles, the one that the page is named after; the others are teasers or older ones."""
        title = self.root.getroottree().find(".//title")
        articles = [
            element for top in kept for element in top.iter("article", "div", "section") if _is_article(element)
        ]
        if title is None or len(articles) < 2:
            return kept
        named = [element for element in articles if _is_named(element, _words(title))]
        return named if len(named) == 1 and self.measures[named[0]].prose >= MIN_ARTICLE else kept

    def _clean(self, root: Element) -> None:
        """Leave out what is no content inside the content, from the innermost elements outward."""
        inside = [element for element in root.iterdescendants() if element in self.measures.by_element]
        for element in reversed(inside):
            if element not in self.left_out and self._is_out_of_place(element):
                self.left_out.add(element)
                self.measures.remove(element)
                self._emptied.update(islice(element.iterancestors(), 2))

    def _is_out_of_place(self, element: Element) -> bool:
        own = self.measures[element]
        if is_gadget(element, own) or (element in self._emptied and 0 < own.text <= own.headings):
            return True
        weight = name_weight(element) if self.rules.names else 0
        return self.rules.clean and looks_like_furniture(element, own, weight)

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
        if element.tag not in _LEAD_TAGS or own.own < MIN_LEAD or own.own < own.text:
            return False
        return own.link_density < MAX_LEAD_LINKS and element not in set(first.iterancestors())


def _is_article(element: Element) -> bool:
    return element.tag == "article" or not ARTICLE_CLASSES.isdisjoint((element.get("class") or "").split())


def _is_named(article: Element, title: str) -> bool:
    heading = next(article.iterdescendants("h1", "h2", "h3"), None)
    words = _words(heading) if heading is not None else ""
    return len(words) >= MIN_NAME and words.casefold() in title.casefold()


def _repeats(content: Element, leads: list[Element]) -> bool:
    """Whether a lead is only quoted from the content."""
    text = _words(content)
    return any(_words(lead) in text for lead in leads)


def _words(element: Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())
