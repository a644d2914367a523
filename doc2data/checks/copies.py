"""A sentence copied from its source with one fact exchanged: right number, wrong place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.checks.edits import spans
from doc2data.checks.facts import facts_of, series_of
from doc2data.checks.words import carries_content, normal
from doc2data.tasks.rules.english.lexicon import classes

_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|[%‰°µΩ]|[^\w\s]"
)
LEAST = 4
"""Tokens from which a part of a sentence is long enough to be told for a copy."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cut into tokens."""

    text: str
    places: tuple[tuple[int, int], ...]
    tokens: tuple[str, ...]

    def written(self, at: int) -> str:
        """One token as it is written."""
        return self.text[slice(*self.places[at])]

    def around(self, start: int, end: int) -> str:
        """Tokens `start` to `end` as written, with the one before and what of the next four is no number."""
        stop = end
        while stop < min(len(self.tokens), end + 4) and not self.tokens[stop][0].isdigit():
            stop += 1
        first = max(0, start - 1)
        return self.text[self.places[first][0] : self.places[stop - 1][1]] if stop > first else ""


def exchanged(said: str, ground: Sequence[str], language: str, *, whole: bool = True) -> str:
    """How a copied sentence differs from its source in one fact, in words; empty where some source has it as it is.

    Where a content word is another one as well, the sentence may be about another thing, and nothing is told. Neither
    is it of a part of a sentence whose fact the source sentence has in another of its own parts.
    """
    mine = _read(said)
    if len(mine.tokens) < LEAST:
        return ""
    problems = []
    for sentence in ground:
        source = _read(sentence)
        found = spans(mine.tokens, source.tokens)
        problem = None if found is None else _problem(mine, source, found, language)
        if problem == "" or (problem and not whole and not _new(said, sentence, language)):
            return ""
        problems += [problem] if problem else []
    return problems[0] if problems else ""


def _problem(mine: _Text, source: _Text, found: Sequence[tuple[int, int, int, int]], language: str) -> str | None:
    """The one fact that is exchanged; empty where a copy is right, None where it is about something else."""
    facts: set[str] = set()
    for start, end, mine_start, mine_end in found:
        theirs, own = source.tokens[start:end], mine.tokens[mine_start:mine_end]
        problem = _other_fact(source.around(start, end), mine.around(mine_start, mine_end), language) if own else ""
        if not problem and len(theirs) == len(own) == 1:
            problem = _other_name(source.written(start), mine.written(mine_start), source, language)
        if problem and theirs:
            facts.add(problem)
        elif any(carries_content(word, language) or "\u3400" <= word[0] <= "\u9fff" for word in own):
            return None
    return next(iter(facts), "") if len(facts) < 2 else None


def _other_fact(theirs: str, mine: str, language: str) -> str:
    """Whether two stretches hold a number, date or code each, and not the same."""
    there, here = facts_of(theirs, language), facts_of(mine, language)
    for q in here.quantities:
        rivals = [other for other in there.quantities if (bool(q.unit) == bool(other.unit))]
        if rivals and not any(q.equals(other) for other in there.quantities):
            return f"says {q.written!r} where the source says {rivals[0].written!r}"
    for code in here.codes:
        alike = [other for other in there.codes if series_of(other) == series_of(code)]
        if alike and normal(code) not in map(normal, there.codes):
            return f"says {code!r} where the source says {alike[0]!r}"
    for date in here.dates:
        if there.dates and not any(date.within(other) or other.within(date) for other in there.dates):
            return f"says {date.written!r} where the source says {there.dates[0].written!r}"
    return ""


def _new(said: str, sentence: str, language: str) -> bool:
    """Whether a stretch holds a number, date or code that a sentence does not."""
    here, there = facts_of(said, language), facts_of(sentence, language)
    return (
        not set(map(normal, here.codes)) <= set(map(normal, there.codes))
        or any(not any(q.equals(other) for other in there.quantities) for q in here.quantities)
        or any(not any(date.within(other) for other in there.dates) for date in here.dates)
    )


def _other_name(theirs: str, mine: str, source: _Text, language: str) -> str:
    """Whether two words with a capital are names, and not the same; at the head of a sentence a capital is none."""
    if language != "en" or not (theirs.istitle() and mine.istitle()) or classes(theirs.lower()):
        return ""
    known = not carries_content(mine, language) or mine.casefold() in source.tokens
    return "" if known else f"says {mine!r} where the source says {theirs!r}"


def _read(text: str) -> _Text:
    plain = unicodedata.normalize("NFKC", text)
    found = list(_TOKEN.finditer(plain))
    while found and not found[-1].group()[0].isalnum() and found[-1].group() not in "%‰°":
        found.pop()
    return _Text(plain, tuple(m.span() for m in found), tuple(m.group().casefold() for m in found))
