"""What of a page's tree no reader of the page ever sees: elements without text, hidden ones, and controls."""

from __future__ import annotations

from parsers.html.styles import hides
from parsers.html.tree import Element

_DROPPED_NAMES = (
    "script style template noscript iframe object embed applet frame frameset svg canvas audio video map select"
    " textarea input datalist link meta base title head dialog progress meter annotation annotation-xml"
)
DROPPED_TAGS = frozenset(_DROPPED_NAMES.split())
_FRAMES = frozenset(("html", "body", "main", "article"))
MAX_DECORATION = 1000
"""Letters; more text than this is no decoration, although assistive technology is told to skip it."""
_HIDDEN_CLASSES = frozenset(("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader"))
_GADGET_CLASSES = frozenset(
    (
        "headerlink", "anchor-link", "anchorjs-link", "hash-link", "copybtn", "md-clipboard",
        "linenos", "lineno", "linenodiv", "line-numbers-rows", "gutter",
    )
)  # fmt: skip
"""Controls that documentation systems and wikis put into the text."""
MIN_TITLE_WORDS = 3
"""A button of fewer words names an action, not the text it unfolds."""


def is_skipped(element: Element) -> bool:
    """Whether an element's subtree shows no text of the document: it holds none, is hidden, or is a control."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED_TAGS:
        return True
    if tag == "button":
        return not _opens_text(element)
    classes = (element.get("class") or "").split()
    if not _GADGET_CLASSES.isdisjoint(classes):
        return True
    aside = not _HIDDEN_CLASSES.isdisjoint(classes) or _is_decoration(element)
    return (aside or _says_hidden(element)) and tag not in _FRAMES and not _carries_formula(element)


def is_concealed(element: Element) -> bool:
    """Whether an element that could hold text says of itself that nobody sees it, whoever reads the page and how."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED_TAGS or tag in _FRAMES:
        return False
    return _says_hidden(element) and not _carries_formula(element)


def _says_hidden(element: Element) -> bool:
    """Whether attributes hide an element; frames of whole pages are shown once their script has run."""
    if element.get("hidden", "until-found") != "until-found":
        return True
    style = element.get("style")
    return bool(style) and hides(style)


def _is_decoration(element: Element) -> bool:
    if element.get("aria-hidden") != "true":
        return False
    return len("".join(map(str, element.itertext()))) < MAX_DECORATION


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
