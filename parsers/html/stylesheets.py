"""Classes and ids that a page's own style sheet hides for good.

Only plain rules count (`.name { display: none }`, outside of media queries), and none whose name a script of the page
mentions or another rule shows again: those are parts that unfold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.html.tree import Element

_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][A-Za-z_][\w-]*)")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|em|rem)?\s*(?:;|!|$)", re.IGNORECASE
)
_SHOWS = re.compile(r"(?:display|visibility|font-size)\s*:", re.IGNORECASE)
_PAINTS = re.compile(r"background|@import", re.IGNORECASE)
MAX_STYLE_CHARACTERS = 500_000


def hidden_names(root: Element) -> frozenset[str]:
    """Selectors like ".note" and "#extra" whose elements are never shown."""
    sheet = "\n".join(style.text or "" for style in root.iter("style"))[:MAX_STYLE_CHARACTERS]
    if not _HIDES.search(sheet):
        return frozenset()
    rules = list(_plain_rules(sheet))
    hidden = {name for selectors, body in rules if _HIDES.search(body) for name in _plain_names(selectors)}
    shown = {name for name in hidden if any(_shows(name, selectors, body) for selectors, body in rules)}
    scripts = "\n".join(script.text or "" for script in root.iter("script"))
    return frozenset(name for name in hidden - shown if name[1:] not in scripts)


def may_paint(root: Element) -> bool:
    """Whether a style sheet, the page's own or one that it names, may give its elements a ground."""
    named = any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link"))
    return named or any(_PAINTS.search(style.text or "") for style in root.iter("style"))


def _plain_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of every rule outside of media queries and their kin."""
    bare = "".join(part.split("*/", 1)[-1] for part in sheet.split("/*"))
    depth = start = 0
    selectors = ""
    for brace in _BRACE.finditer(bare):
        inside = bare[start : brace.start()]
        start = brace.end()
        if brace.group() == "{":
            selectors = inside.rsplit(";", 1)[-1].strip() if depth == 0 else selectors
            depth += 1
            continue
        if depth == 1 and not selectors.startswith("@"):
            yield selectors, inside
        depth = max(0, depth - 1)


def is_hidden_by(element: Element, names: frozenset[str]) -> bool:
    """Whether one of the selectors names the element."""
    if not names:
        return False
    classes = (element.get("class") or "").split()
    return f"#{element.get('id')}" in names or any(f".{name}" in names for name in classes)


def _plain_names(selectors: str) -> list[str]:
    matches = (_NAME.fullmatch(selector.strip()) for selector in selectors.split(","))
    return [match.group(1) for match in matches if match]


def _shows(name: str, selectors: str, body: str) -> bool:
    """Whether a rule about the name, alone or with more conditions, says how to show it."""
    about = re.search(re.escape(name) + r"(?![\w-])", selectors) is not None
    return about and _SHOWS.search(body) is not None and not _HIDES.search(body)
