"""From bytes to a tree of elements, and what of it a reader of the page never sees."""

from __future__ import annotations

import re

from lxml import etree

from parsers.encoding import decode

Element = etree._Element

_DROPPED_NAMES = (
    "script style template noscript iframe object embed applet frame frameset svg canvas audio video map select"
    " textarea input datalist link meta base title head dialog progress meter annotation annotation-xml"
)
DROPPED_TAGS = frozenset(_DROPPED_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup p pre"
    " section summary table tbody td tfoot th thead tr ul xmp"
)
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line of text; all others stand in the line."""

_TAG = re.compile(rb"<[^<>]*>")
_DECLARED = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"^\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
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
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)"
    r"|(?<![\w-])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = frozenset(
    ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader", "MathJax_Preview")
)
_GADGET_CLASSES = frozenset(
    (
        "headerlink", "anchor-link", "anchorjs-link", "hash-link", "copybtn", "md-clipboard",
        "linenos", "lineno", "linenodiv", "line-numbers-rows", "gutter", "MathJax", "MathJax_Display", "MathJax_SVG",
    )
)  # fmt: skip
"""Controls that documentation systems and wikis put into the text, and formulas drawn beside their source."""


MIN_TITLE_WORDS = 3


def declared_encoding(data: bytes) -> str | None:
    """The encoding a page names in its head, if it does."""
    head = data[:4096]
    match = _XML_DECLARED.search(head) or _DECLARED.search(head)
    return match.group(1).decode("ascii") if match else None


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


def is_skipped(element: Element) -> bool:
    """Whether an element's subtree shows no text of the document: it holds none, is hidden, or is a control."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED_TAGS:
        return True
    if tag == "button":
        return not _opens_text(element)
    classes = (element.get("class") or "").split()
    if not _GADGET_CLASSES.isdisjoint(classes):
        return not _carries_formula(element)
    return _is_hidden(element, classes) and not _carries_formula(element)


def _is_hidden(element: Element, classes: list[str]) -> bool:
    get = element.get
    if get("hidden") is not None and get("hidden") != "until-found":
        return True
    if get("aria-hidden") == "true" and element.tag not in {"body", "main", "article"}:
        return True
    style = get("style")
    if style and _HIDING_STYLE.search(style):
        return True
    return not _HIDDEN_CLASSES.isdisjoint(classes)


def _opens_text(button: Element) -> bool:
    """Whether a button is the visible title of text that it unfolds, such as a question above its answer."""
    if len("".join(map(str, button.itertext())).split()) < MIN_TITLE_WORDS:
        return False
    if button.get("aria-expanded") is not None or button.get("aria-controls") is not None:
        return True
    parent = button.getparent()
    return parent is not None and parent.tag in {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"}


def _carries_formula(element: Element) -> bool:
    """MathML that only assistive technology sees still is the formula that everybody sees drawn."""
    return len(element) <= 2 and next(element.iter("math"), None) is not None
