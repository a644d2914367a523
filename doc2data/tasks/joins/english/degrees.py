"""More and most in English: times are long and short, amounts great and small, everything else high and low."""

from __future__ import annotations

import re

_AMOUNTS = re.compile(
    r"\b(?:mass|weight|volume|contents?|amount|quantity|size|length|width|height|diameter|capacity|number|area|thickness"
    r"|distance|depth|range|load|head)$"
)


def comparative(attribute: str, *, is_time: bool, more: bool = True) -> str:
    """The word for more or less that goes with an attribute: "longer", "greater" or "higher"."""
    if is_time:
        return "longer" if more else "shorter"
    if _AMOUNTS.search(attribute):
        return "greater" if more else "smaller"
    return "higher" if more else "lower"


def superlative(attribute: str, *, is_time: bool, most: bool = True) -> str:
    """The same for most and least: "longest", "greatest" or "highest"."""
    return f"{comparative(attribute, is_time=is_time, more=most)[:-1]}st"
