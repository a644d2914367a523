"""Rules that write a question and its answer from one clue, with no model: English and Chinese.

Every rule has preconditions and refuses when unsure; a language without rules yields nothing.
"""

from __future__ import annotations

from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.subject import subject

__all__ = ["MAX_DRAFTS", "Around", "Draft", "drafts", "subject"]

MAX_DRAFTS = 3


def drafts(clue: Clue, around: Around) -> list[Draft]:
    """At most three drafts from one clue, different in kind where it can be, the surest first."""
    if around.language == "en":
        from doc2data.tasks.rules import english

        written = english.drafts(clue, around)
    elif around.language == "zh":
        from doc2data.tasks.rules import chinese

        written = chinese.drafts(clue, around)
    else:
        written = []
    return _varied(written)


def _varied(written: list[Draft]) -> list[Draft]:
    """The best of each kind first, then the rest; no question twice."""
    ranked = sorted(written, key=lambda draft: -draft.confidence)
    kinds: set[str] = set()
    seen: set[str] = set()
    first: list[Draft] = []
    later: list[Draft] = []
    for draft in ranked:
        if draft.question.casefold() in seen:
            continue
        seen.add(draft.question.casefold())
        (later if draft.kind in kinds else first).append(draft)
        kinds.add(draft.kind)
    return (first + later)[:MAX_DRAFTS]
