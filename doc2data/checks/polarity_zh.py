"""Negation, modality and opposites in Chinese, where a cue stands right before what it governs and no blank helps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import function_words, normal

AVERTED = "averted"
"""The kind of a cue such as 避免, whose meaning a negation has as well."""
GOVERNED = 2
"""Characters behind a cue by which it is found again in the source."""
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")


def contradiction_chinese(answer: str, ground: Sequence[str]) -> str:
    """How an answer sentence contradicts its source, in words; empty where it does not."""
    said, known = normal(answer), "\n".join(normal(sentence) for sentence in ground)
    return (
        _put_in(said, known)
        or _left_out(said, known)
        or _opposite(said, known)
        or _misplaced(said, known)
        or _turned(said, known)
    )


def _put_in(said: str, known: str) -> str:
    """A cue of the answer before characters that stand in the source with another cue, or for negation with none."""
    for name, cue, governed in _cues(said):
        there = _names_before(governed, known)
        agrees = name in there or (name != "negation" and "" in there) or {name, *there} >= {"negation", AVERTED}
        if there and not agrees:
            return f"says {cue!r} before {governed!r}, the source does not"
    return ""


def _left_out(said: str, known: str) -> str:
    """A negation of the source before characters that the answer repeats only without it."""
    for name, cue, governed in _cues(known):
        repeated = _names_before(governed, said)
        if name == "negation" and repeated and not repeated & (_names_before(governed, known) | {AVERTED}):
            return f"leaves out {cue!r} before {governed!r}"
    return ""


def _names_before(governed: str, text: str) -> set[str]:
    """The kinds of the cues that stand before each occurrence of something; empty text where none does."""
    return {_cue_before(text, match.start()) for match in re.finditer(re.escape(governed), text)}


def _cues(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, cue, what it governs) for every cue of a text."""
    for match in _pattern().finditer(text):
        governed = text[match.end() : match.end() + GOVERNED]
        if len(governed) == GOVERNED and all(_LETTER.match(c) for c in governed):
            yield _kinds()[match.group()], match.group(), governed


def _cue_before(text: str, start: int) -> str:
    """The kind of the cue that ends where something starts, or empty."""
    head = text[max(0, start - 4) : start]
    cue = max((c for c in _kinds() if head.endswith(c)), key=len, default="")
    return _kinds().get(cue, "")


def _opposite(said: str, known: str) -> str:
    for group, other in _both_ways():
        mine = [w for w in group if w in said]
        if not mine or any(w in said for w in other):
            continue
        theirs = [w for w in other if w in known]
        if theirs and not any(w in known for w in group):
            return f"says {mine[0]!r} where the source says {theirs[0]!r}"
    return ""


def _misplaced(said: str, known: str) -> str:
    """A word of the answer before what only its opposite stands before in the source: 低于8℃ for 高于8℃."""
    here, there = said.replace(" ", ""), known.replace(" ", "")
    for group, other in _both_ways():
        for word in group:
            for found in re.finditer(re.escape(word), here):
                governed = here[found.end() : found.end() + GOVERNED]
                if len(governed) < GOVERNED or any(f"{w}{governed}" in there for w in group):
                    continue
                if theirs := next((w for w in other if f"{w}{governed}" in there), ""):
                    return f"says {word + governed!r} where the source says {theirs + governed!r}"
    return ""


def _turned(said: str, known: str) -> str:
    """A character of the answer in whose place, beside the same neighbour, the source has its opposite."""
    for i, character in enumerate(said):
        for opposite in _opposites().get(character, ""):
            for mine, theirs in (
                (said[i : i + 2], opposite + said[i + 1 : i + 2]),
                (said[max(0, i - 1) : i + 1], said[max(0, i - 1) : i] + opposite),
            ):
                whole = (
                    len(mine) == 2
                    and all(map(_LETTER.match, mine))
                    and not set(mine) & function_words("zh") - {character}
                )
                if whole and mine not in known and theirs in known:
                    return f"says {mine!r} where the source says {theirs!r}"
    return ""


@cache
def _opposites() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in vocabulary("zh").opposite_characters:
        a, b = pair[0], pair[1]
        found[a] = found.get(a, "") + b
        found[b] = found.get(b, "") + a
    return found


@cache
def _kinds() -> dict[str, str]:
    """Cue to its kind."""
    own = vocabulary("zh")
    kinds = {cue: name for name, cues in own.modality.items() for cue in cues}
    return kinds | dict.fromkeys(own.negations, "negation") | dict.fromkeys(own.averting, AVERTED)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(cue) for cue in sorted(_kinds(), key=len, reverse=True)))


@cache
def _both_ways() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    pairs = tuple((_long(a), _long(b)) for a, b in vocabulary("zh").opposites)
    return pairs + tuple((b, a) for a, b in pairs)


def _long(words: Sequence[str]) -> tuple[str, ...]:
    """Words of two characters or more; a single one is part of too many others."""
    return tuple(word for word in words if len(word) > 1)
