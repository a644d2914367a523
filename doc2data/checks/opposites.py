"""Words of opposite meaning: one in an answer where its source has the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, normal

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|[,;:.!?()|]")


def opposite(answer: str, ground: Sequence[str], language: str) -> str:
    """A word of the answer whose opposite the source has in its place."""
    said, known = f" {_spaced(answer)} ", [f" {_spaced(sentence)} " for sentence in ground]
    everything = " ".join(known)
    for group, other in both_ways(language):
        mine = [w for w in group if f" {w} " in said]
        if not mine or any(f" {w} " in said for w in other):
            continue
        theirs = [w for w in other if f" {w} " in everything]
        if mine[0] in vocabulary(language).order and not _same_place(said, known, group, other, language):
            continue
        if theirs and not any(f" {w} " in everything for w in group):
            return f"says {mine[0]!r} where the source says {theirs[0]!r}"
        if theirs and (place := _swapped(said, known, group, other, language)):
            return f"says {mine[0]!r} of {place!r} where the source says {theirs[0]!r}"
    return ""


def turned_by_prefix(mine: AbstractSet[str], theirs: AbstractSet[str], language: str) -> str:
    """A stem of the answer that the source has with, or without, a beginning that turns it round: unpaid, paid."""
    for prefix in vocabulary(language).negative_prefixes:
        for a, b in ((mine, theirs), (theirs, mine)):
            for stem in sorted(a - b):
                base = stem.removeprefix(prefix).removeprefix("-")
                if base != stem and len(base) > 3 and base in b - a:
                    said_word, source_word = (stem, base) if a is mine else (base, stem)
                    return f"says {said_word!r} where the source says {source_word!r}"
    return ""


def _swapped(said: str, known: Sequence[str], group: Sequence[str], other: Sequence[str], language: str) -> str:
    """The content word behind a word of the answer that only the opposite word stands before in the source."""
    place = _behind(said, group, language)
    if not place:
        return ""
    mine = {_behind(sentence, group, language) for sentence in known}
    theirs = {_behind(sentence, other, language) for sentence in known}
    return place if place in theirs and place not in mine else ""


def _same_place(said: str, known: Sequence[str], group: Sequence[str], other: Sequence[str], language: str) -> bool:
    """Whether the same comes behind a word of order as behind its opposite in the source."""
    return _behind(said, group, language) in {_behind(sentence, other, language) for sentence in known}


def _behind(sentence: str, group: Sequence[str], language: str) -> str:
    for word in group:
        _, found, tail = sentence.partition(f" {word} ")
        if found:
            return next(iter(content_words(tail, language)), "")
    return ""


def _spaced(text: str) -> str:
    return " ".join(_TOKEN.findall(normal(text)))


@cache
def both_ways(language: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Each pair of opposite word groups of a language, in both orders."""
    pairs = vocabulary(language).opposites
    return pairs + tuple((b, a) for a, b in pairs)
