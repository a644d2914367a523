"""From a page's bytes to its tree of elements."""

from __future__ import annotations

import re

from bs4.dammit import EncodingDetector
from lxml import etree

from parsers.encoding import decode

Element = etree._Element

_BLOCK_NAMES = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup p pre"
    " section summary table tbody td tfoot th thead tr ul xmp"
)
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line of text; all others stand in the line."""

_TAG = re.compile(rb"<[^<>]*>")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_DATA_URL = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]{200,}")
_OVERGROWN_TAG = re.compile(r"<([a-zA-Z][\w:-]*)\s[^<>]{100000,}>")
"""Reading attributes takes time that grows with the square of their number."""
_INTERNAL_SUBSET = re.compile(r"\A\s*<!DOCTYPE[^>\[]*\[[^\]]*\]\s*>", re.IGNORECASE)
_XHTML = re.compile(r"<\?xml\b|xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml", re.IGNORECASE)
_CLOSED_AT_ONCE = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
"""XML's short form of an element without content, which HTML would read as an element that never ends."""
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def declared_encoding(data: bytes) -> str | None:
    """The encoding a page names in its head, if it does."""
    return EncodingDetector.find_declared_encoding(data[:4096], is_html=True, search_entire_document=True)


def page_text(data: bytes) -> str:
    """A page's source as text, without characters that no markup may hold."""
    text = _expanded(decode(data, declared_encoding(data), lambda page: _TAG.sub(b" ", page)))
    text = _INTERNAL_SUBSET.sub("", _PROLOG.sub("", _UNREADABLE.sub("", text)))
    return _OVERGROWN_TAG.sub(r"<\1>", _DATA_URL.sub("", text))


def _expanded(text: str) -> str:
    """XHTML with its short forms written out."""
    return _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", text) if _XHTML.search(text[:2000]) else text


def parse_tree(source: str) -> Element:
    """The page as a tree; an `html` element with nothing in it for a page without any element."""
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source, parser) if source.strip() else None
    return root if root is not None else etree.Element("html")
