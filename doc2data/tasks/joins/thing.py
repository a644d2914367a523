"""How the documents speak of a thing: its name in a sentence, and the common nouns that can stand for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_START = r"(?<![A-Za-z0-9_./-])"
_END = r"(?![A-Za-z0-9_]|[-/.][A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with the words that surround its name."""

    forms: tuple[str, ...]
    """Every spelling of the bare name: "FS-11", "4100-571"."""
    name: str
    """As a sentence calls it, article included: "the FS-11 flow sensor", "alarm E-07"."""
    heads: tuple[str, ...]
    """Common nouns for it, the most telling first: ("flow sensor", "sensor", "part")."""
    before: tuple[str, ...] = ()
    """Nouns found before the name: "alarm"."""
    after: tuple[str, ...] = ()
    """Nouns found behind it, the longest first: "flow sensor"."""


@lru_cache(maxsize=4096)
def mention(thing: Thing) -> re.Pattern[str]:
    """Matches every way in which a text names the thing, with article, common noun and part number."""
    forms = _any(thing.forms)
    before = f"(?:(?i:{_any(thing.before)}) ?)?" if thing.before else ""
    after = f"(?: ?(?i:{_any(thing.after)})(?![A-Za-z0-9-]))?" if thing.after else ""
    return re.compile(
        rf"{_START}(?:(?P<article>(?i:the|an?|one|each|every|this|any|its)) )?{before}(?:{forms})"
        rf"{_END}(?!['’]s){after}(?: \((?:part|order) n[^)]*\))?"
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def spellings(thing: Thing, text: str) -> tuple[str, ...]:
    """The spellings of the bare name that stand in a text."""
    return tuple(form for form in thing.forms if re.search(rf"{_START}{re.escape(form)}{_END}", text))


def names(thing: Thing, text: str) -> bool:
    """Whether the text names the thing in any spelling."""
    return bool(spellings(thing, text))
