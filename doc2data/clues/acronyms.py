"""Acronyms that the text itself spells out: "zero drift (ZD)", "ZD (zero drift)"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONG_SHORT = re.compile(r"((?:[\w'’-]+[ \u00a0]){1,9}[\w'’-]+)[ \u00a0]\(([A-Z][A-Za-z&-]{1,9})\)")
_SHORT_LONG = re.compile(r"(?<![\w-])([A-Z][A-Z&-]{1,9}) \(([a-zA-Z][\w'’ -]{4,80})\)")
_SMALL = frozenset(["of", "for", "and", "the", "in", "on", "to", "a", "an", "by", "with", "or", "at", "from", "de"])


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form with its long form as the text writes it."""

    short: str
    long: str


def find(text: str) -> list[Acronym]:
    """Every acronym that `text` spells out, in order.

    The long form's initials must spell the short form (small words may be left out), the condition of Schwartz and
    Hearst (2003) made stricter: letters inside words count only where a hyphen starts a part.
    """
    found: dict[str, Acronym] = {}
    for match in _LONG_SHORT.finditer(text):
        long = spelled_out(match.group(2), match.group(1).split())
        if long:
            found.setdefault(match.group(2), Acronym(match.group(2), long))
    for match in _SHORT_LONG.finditer(text):
        words = match.group(2).split()
        if spelled_out(match.group(1), words) == " ".join(words):
            found.setdefault(match.group(1), Acronym(match.group(1), " ".join(words)))
    return list(found.values())


def spelled_out(short: str, words: list[str]) -> str:
    """The shortest tail of `words` whose initials spell `short`, or "" where none does."""
    wanted = [letter.lower() for letter in short.removesuffix("s") if letter.isalpha()]
    if len(wanted) < 2:
        return ""
    for first in range(len(words) - 1, -1, -1):
        tail = words[first:]
        if words[first].lower() not in _SMALL and _spells(tail, wanted):
            return " ".join(tail)
    return ""


def _spells(words: list[str], wanted: list[str]) -> bool:
    every = [part[0].lower() for word in words for part in word.split("-") if part]
    content = [part[0].lower() for word in words if word.lower() not in _SMALL for part in word.split("-") if part]
    whole = [word[0].lower() for word in words]
    spread = [letter.lower() for word in words for letter in (word if word.isupper() else word[0])]
    return wanted in (every, content, whole, spread)
