"""Whether a joined question needs every one of its clues, judged by what remains when one is withheld."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.graph import key
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Desk
from doc2data.recipes.hops import Written
from doc2data.records import Clue
from doc2data.tasks.joins.english.asking import SLOT
from doc2data.tasks.joins.thing import names
from doc2data.tasks.joins.words import content, share

CHECK = "necessity"
RECOVERED = 0.8
"""Share of a description's words from which the rest tells which thing is meant."""
SEVERAL = 3
"""Words by which an answer without a number is known again."""
RIVAL = 0.75
"""Share of what is asked that another clue must hold to be a possible answer as well."""
FITS = 0.9
"""Share of a description's words that another clue must hold to fit it as well."""
_FACT = re.compile(r"[A-Z]*\d[\w.,-]*\w|\d|[A-Z]{2,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Joined:
    """A written chain with its clues, one per hop."""

    written: Written
    clues: tuple[Clue, ...]
    bridges: tuple[str, ...]
    """Ids of the bridges."""


def objection(joined: Joined, atlas: Atlas, desk: Desk) -> str:
    """Why the question can do without one of its clues; empty where it cannot."""
    return (
        _named(joined, atlas)
        or next((found for at in range(len(joined.bridges)) if (found := _vague(joined, at, atlas))), "")
        or _answer_elsewhere(joined)
        or _no_rival(joined, atlas)
        or _one_passage(joined, desk)
    )


def _named(joined: Joined, atlas: Atlas) -> str:
    language = atlas.corpus.language_of(joined.clues[0])
    things = (atlas.thing(entity, language) for entity in joined.bridges)
    found = next((thing.name for thing in things if names(thing, joined.written.question)), "")
    return f"The question names {found}, so no clue is needed to tell that it is meant." if found else ""


def _vague(joined: Joined, at: int, atlas: Atlas) -> str:
    if joined.written.hop_rows[at]:
        return ""
    others = [clue for i, clue in enumerate(joined.clues) if i != at]
    through = joined.bridges[at - 1] if at else ""
    found = vague(joined.written.descriptions[at], joined.clues[at], joined.bridges[at], others, atlas, through)
    return found.replace("its clue", f"clue {at + 1}")


def vague(description: str, clue: Clue, entity: str, others: Sequence[Clue], atlas: Atlas, through: str = "") -> str:
    """Why a description does not need its clue to mean its thing, or means others as well; empty where it is sound.

    Args:
        description: words that mean the thing without its name.
        clue: what the description is made of.
        entity: id of the thing.
        others: the clues of the question's other hops.
        atlas: of the corpus.
        through: id of the thing that the description itself only describes, so that what else fits must name it too.
    """
    name = atlas.thing(entity, atlas.corpus.language_of(clue)).name
    words = (content(description) & content(clue.quote)) - content(name)
    rest = frozenset[str]().union(*(content(other.quote) for other in others))
    if words and share(words, rest) >= RECOVERED:
        return f"With its clue withheld, the others still tell that {name} is meant."
    named = set(atlas.graph.naming[entity])
    possible = frozenset(atlas.graph.naming[through]) if through else None
    least = max(1, math.ceil(FITS * len(words)))
    fitting = (other for other, held in atlas.sharing(words).items() if held >= least and other not in named)
    if any(possible is None or other in possible for other in fitting):
        return "Another clue fits a description as well, so it does not tell which thing is meant."
    return ""


def _telling(joined: Joined, at: int) -> frozenset[str]:
    """The words of a description that the clue of its hop brings in, without the noun for the bridge."""
    written = joined.written
    words = content(written.descriptions[at]) & content(joined.clues[at].quote)
    return words - content(written.bridges[at])


def _answer_elsewhere(joined: Joined) -> str:
    """Whether what only the last clue should tell stands in another clue too."""
    known = " ".join((joined.written.question, *joined.written.bridges))
    told = facts(joined.written.answer) - facts(known)
    words = content(joined.written.answer) - content(known)
    for at, clue in enumerate(joined.clues[:-1]):
        in_words = not told and len(words) >= SEVERAL and share(words, content(clue.quote)) >= RECOVERED
        if in_words or (told and told <= facts(clue.quote)):
            return f"With the last clue withheld, clue {at + 1} still gives the answer."
    return ""


def _no_rival(joined: Joined, atlas: Atlas) -> str:
    """Whether what is asked fits one thing only, so that nobody needs to know which thing is meant."""
    asked = joined.written.asked
    named = set(atlas.graph.naming[joined.bridges[-1]])
    if asked.attribute and atlas.things_with(key(asked.attribute)) > 1:
        return ""
    words = content(asked.question.replace(SLOT, " "))
    least = math.ceil(RIVAL * len(words))
    others = (clue for clue, held in atlas.sharing(words).items() if held >= least and clue not in named)
    if any(clue != joined.clues[0].id for clue in others):
        return ""
    return "Only one thing fits what is asked, so the first clue is not needed to know which is meant."


def _one_passage(joined: Joined, desk: Desk) -> str:
    written = joined.written
    text = first_passage(written.question, desk)
    held, told = content(text), facts(written.answer) - facts(written.question)
    answered = bool(told) and told <= facts(text)
    if answered and all(_holds(joined, at, text, held) for at in range(len(joined.bridges))):
        return "The passage found first holds every clue, so one passage answers the question."
    return ""


def first_passage(question: str, desk: Desk) -> str:
    """What retrieval brings back first."""
    return " ".join(hit.passage.text for hit in desk.search(question, 1))


def stands_in(clue: Clue, text: str) -> bool:
    """Whether a text holds a clue word for word."""
    return " ".join(clue.quote.split()) in " ".join(text.split())


def _holds(joined: Joined, at: int, text: str, held: frozenset[str]) -> bool:
    """Whether a passage tells which bridge a description means: by its words, or a rank by the rows it takes."""
    rows = joined.written.hop_rows[at]
    if rows:
        return all(stands_in(row, text) for row in (joined.clues[at], *rows))
    return share(_telling(joined, at), held) >= RECOVERED


def facts(text: str) -> frozenset[str]:
    """Numbers, codes and acronyms of a text."""
    return frozenset(match.group().casefold() for match in _FACT.finditer(text))
