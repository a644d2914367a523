"""Sentences cut into clauses, so that one invented clause cannot hide among true ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.checks.vocabulary import vocabulary

_MARK = re.compile(r"[,;:–—]\s|[()（），；：]")
LEAST = 3
"""Content words and facts from which a clause is judged by itself; one that a word introduces, whatever its length."""
INVENTED = 0.6
"""Share of a clause's content words and facts that are nowhere in the ground, from which it may be invented."""


def clauses(sentence: str, language: str) -> Iterator[str]:
    """The parts of a sentence between marks and before words that begin another clause; itself where it has one."""
    own = vocabulary(language)
    starts = own.clause_starts | own.joints
    for part in _MARK.split(sentence):
        run: list[str] = []
        for word in part.split():
            if run and word.casefold() in starts:
                yield " ".join(run)
                run = []
            run.append(word)
        if run:
            yield " ".join(run)
