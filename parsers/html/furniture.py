"""What on a page is furniture: by tags and roles, by names of classes and ids, and by what stands inside."""

from __future__ import annotations

import re

from parsers.html.measure import Measure
from parsers.html.tables import is_data_table
from parsers.html.tree import BLOCK_TAGS, Element

SIDE_ROLES = frozenset(("menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog", "search"))
SIDE_TAGS = frozenset(("nav", "aside", "footer"))
LINE_TAGS = frozenset(("p", "div", "li"))
JUDGED_TAGS = frozenset(("form", "fieldset", "table", "ul", "ol", "div"))
KEEPING_TAGS = frozenset(("table", "code", "pre"))
"""Inside these everything belongs to what they show."""
MIN_TEASERS = 3
SHORT_LINE = 200
SHORT_GADGET = 500
SHORT_BYLINE = 100
MIN_COMMAS = 10
"""So many commas are prose, whatever else is counted."""
_FIGURE = frozenset(("figure",))

_UNLIKELY = re.compile(
    r"-ad-|ad-break|advert|agegate|ai2html|banner|breadcrumb|combx|comment|community|cookie|consent|cover-wrap|disqus"
    r"|extra|footer|gdpr|header|legends|menu|newsletter|pager|pagination|popup|promo|related|remark|replies|rss"
    r"|share|shoutbox|sidebar|skyscraper|social|sponsor|subscribe|supplemental|toolbar|yom-remote",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"and|article|body|column|content|main|mathjax|shadow", re.IGNORECASE)
_POSITIVE = re.compile(
    r"article|body|content|entry|hentry|h-entry|main|page|pagination|post|text|blog|story", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"-ad-|hidden|^hid$| hid$| hid |^hid |banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain"
    r"|promo|related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?:\b|_)(?:share|sharedaddy|social)(?:\b|_)", re.IGNORECASE)
_BYLINE = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
_POINTER = re.compile(
    r"(?:related|read (?:more|also|next|this)|see also|also read|more (?:on|from|about)|recommended|watch"
    r"|lire aussi|à lire|voir aussi|mehr zum thema|lesen sie(?: auch)?|siehe auch|leia (?:também|mais)|veja também"
    r"|ver también|le(?:a|e) también|leggi anche|lees ook|läs också|les også|czytaj także|читайте также|čtěte také"
    r"|相关阅读|延伸阅读|延伸閱讀|関連記事)\b",
    re.IGNORECASE,
)


def name_weight(element: Element) -> int:
    """What the element's class and id say: furniture below 0, content above."""
    weight = 0
    for name in (element.get("class"), element.get("id")):
        if name:
            weight -= 25 if _NEGATIVE.search(name) else 0
            weight += 25 if _POSITIVE.search(name) else 0
    return weight


def is_furniture(element: Element, *, by_name: bool) -> bool:
    """Whether an element's tag, role or, if asked for, names say that it frames the page."""
    if element.tag in SIDE_TAGS or element.get("role") in SIDE_ROLES:
        return True
    if not by_name or element.tag in {"body", "a", "main", "article"}:
        return False
    names = _names(element)
    if not _UNLIKELY.search(names) or _MAYBE.search(names) or _inside(element, KEEPING_TAGS):
        return False
    return not _is_section_title(element)


def is_gadget(element: Element, own: Measure) -> bool:
    """Whether an element inside the content is a row of buttons, the author's line or a pointer to other pages."""
    if own.text < SHORT_GADGET and _SHARE.search(_names(element)):
        return True
    if own.text < SHORT_BYLINE and (element.get("rel") == "author" or _BYLINE.search(_names(element))):
        return True
    if own.prose == 0 and own.linked_headings >= MIN_TEASERS and own.link_density > 0.5:
        return element.tag in BLOCK_TAGS
    return _points_elsewhere(element, own)


def looks_like_furniture(element: Element, own: Measure, weight: int) -> bool:
    """Whether names and counts speak against a list, a box or a form inside the content.

    Args:
        element: an element inside the content.
        own: what it holds.
        weight: what its names say; 0 where names are not to be heard.
    """
    if element.tag not in JUDGED_TAGS or _inside(element, KEEPING_TAGS) or _holds_data(element):
        return False
    if weight < 0:
        return True
    in_figure = _inside(element, _FIGURE)
    if own.commas >= MIN_COMMAS or (in_figure and own.count("img") == 0):
        return False
    if own.text == 0 and own.count("img") == 0:
        return True
    is_list = element.tag in {"ul", "ol"} or own.items > own.text * 0.9
    return _crowded(own, is_list=is_list, in_figure=in_figure) or _too_linked(own, weight, is_list=is_list)


def _crowded(own: Measure, *, is_list: bool, in_figure: bool) -> bool:
    """More pictures or items than prose could hold, or hardly a word beside its links."""
    if not in_figure and own.count("img") > 1 and own.count("p") * 2 < own.count("img"):
        return True
    if is_list:
        return False
    if own.count("li") - 100 > own.count("p"):
        return True
    return not in_figure and own.headings < own.text * 0.9 and own.text < 25 and own.links > 0


def _too_linked(own: Measure, weight: int, *, is_list: bool) -> bool:
    if weight < 25:
        return not is_list and own.link_density > 0.2
    return own.link_density > 0.5


def _points_elsewhere(element: Element, own: Measure) -> bool:
    """A line that is one link and says that it leads away."""
    if element.tag not in LINE_TAGS or not 0 < own.text < SHORT_LINE or own.links < own.text * 0.6:
        return False
    return _POINTER.match(_words(element)) is not None


def _is_section_title(element: Element) -> bool:
    """Whether a "header" only holds the heading of the section below it, without links; pages have other headers."""
    parent = element.getparent()
    if parent is None or parent.tag == "body":
        return False
    heading = next(element.iterdescendants("h2", "h3", "h4", "h5", "h6"), None)
    if heading is None or next(element.iterdescendants("a", "ul", "ol"), None) is not None:
        return False
    return len(_words(heading)) * 2 > len(_words(element))


def _words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _inside(element: Element, tags: frozenset[str]) -> bool:
    return any(ancestor.tag in tags for ancestor in element.iterancestors())


def _holds_data(element: Element) -> bool:
    if element.tag == "table":
        return is_data_table(element)
    return any(is_data_table(table) for table in element.iterdescendants("table"))
