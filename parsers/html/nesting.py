"""Pages nested deeper than any parser follows, made shallow enough to be read without losing text."""

from __future__ import annotations

import re

MAX_DEPTH = 400
"""Open elements beyond which further ones are dropped; written pages stay below a tenth of it."""

_NESTING = (
    "div|span|font|b|i|u|s|em|strong|small|big|center|blockquote|section|article|table|tbody|tr|td|ul|ol|li|dl|dd|a|sub"
    "|sup|form|fieldset|details"
)
_TAG = re.compile(rf"<(/?)({_NESTING})\b[^<>]*>", re.IGNORECASE)
_CLOSED_BY_OTHERS = frozenset(("tr", "td", "li", "dd", "tbody", "a"))


def shallow(source: str) -> str | None:
    """The page's source without the tags that nest too deeply; None where no tag does."""
    if source.count("<") < MAX_DEPTH or _deepest(source) <= MAX_DEPTH:
        return None
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        if match.group(1):
            depth = max(0, depth - 1)
            return match.group() if depth < MAX_DEPTH else " "
        depth += 1
        return match.group() if depth <= MAX_DEPTH else " "

    return _TAG.sub(kept, source)


def _deepest(source: str) -> int:
    """Open elements at the deepest place, where only tags count that always need closing."""
    depth = deepest = 0
    for match in _TAG.finditer(source):
        if match.group(2).lower() in _CLOSED_BY_OTHERS:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest
