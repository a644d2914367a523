"""From bytes to a tree of elements without the parts that no reader of the page ever sees."""

from __future__ import annotations

import re

from lxml import etree

from parsers.encoding import decode
from parsers.errors import EmptyDocument

Element = etree._Element

_DROPPED_NAMES = (
    "script style template noscript iframe object embed applet frame frameset svg canvas audio video map "
    "button select textarea input datalist link meta base title head dialog progress meter"
)
DROPPED_TAGS = frozenset(_DROPPED_NAMES.split())
_DECLARED = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"^\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))(?![\w-])", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset(("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader"))
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")


def declared_encoding(data: bytes) -> str | None:
    """The encoding a page names in its head, if it does."""
    head = data[:4096]
    match = _XML_DECLARED.search(head) or _DECLARED.search(head)
    return match.group(1).decode("ascii") if match else None


def page_text(data: bytes) -> str:
    """A page's source as text, without characters that no markup may hold."""
    text = _UNREADABLE.sub("", decode(data, declared_encoding(data)))
    return _PROLOG.sub("", text)


def parse_tree(source: str) -> Element:
    """The page as a tree.

    Raises:
        EmptyDocument: there is no element at all.
    """
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source, parser) if source.strip() else None
    if root is None:
        raise EmptyDocument("The page holds no text.")
    return root


def is_hidden(element: Element) -> bool:
    """Whether the page itself says that the element is not shown."""
    get = element.get
    if get("hidden") is not None and get("hidden") != "until-found":
        return True
    if get("aria-hidden") == "true" and element.tag not in {"body", "main", "article"}:
        return True
    style = get("style")
    if style and _HIDING_STYLE.search(style):
        return True
    classes = get("class")
    return bool(classes) and not _HIDDEN_CLASSES.isdisjoint(classes.split())


def drop(element: Element) -> None:
    """Remove an element from its tree and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
