"""Whether a joined question needs every one of its clues, judged by what remains when one is withheld."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from doc2data.graph import key
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Desk
from doc2data.recipes.hops import Written
from doc2data.records import Clue
from doc2data.tasks.joins.english.asking import SLOT
from doc2data.tasks.joins.words import content, share

CHECK = "necessity"
RECOVERED = 0.8
"""Share of a description's words from which the rest tells which thing is meant."""
RIVAL = 0.75
"""Share of what is asked that another clue must hold to be a possible answer as well."""
FITS = 0.9
"""Share of a description's words that another clue must hold to fit it as well."""
_FACT = re.compile(r"[A-Z]*\d[\w.,-]*\w|\d|[A-Z]{2,}")


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
        _bridge_recovered(joined)
        or _answer_elsewhere(joined)
        or _other_fits(joined, atlas)
        or _no_rival(joined, atlas)
        or _one_passage(joined, desk)
    )


def _telling(joined: Joined, at: int) -> frozenset[str]:
    """The words of a description that the clue of its hop brings in, without the noun for the bridge."""
    written = joined.written
    words = content(written.descriptions[at]) & content(joined.clues[at].quote)
    return words - content(written.bridges[at])


def _bridge_recovered(joined: Joined) -> str:
    for at, bridge in enumerate(joined.written.bridges):
        rest = frozenset[str]().union(*(content(c.quote) for i, c in enumerate(joined.clues) if i != at))
        telling = _telling(joined, at)
        if telling and share(telling, rest) >= RECOVERED:
            return f"With clue {at + 1} withheld, the others still tell that {bridge} is meant."
    return ""


def _other_fits(joined: Joined, atlas: Atlas) -> str:
    """Whether a clue about something else fits a description, so that it does not single out its bridge."""
    for at, bridge in enumerate(joined.bridges):
        words = _telling(joined, at)
        named = set(atlas.graph.naming[bridge])
        least = max(1, math.ceil(FITS * len(words)))
        if any(held >= least and other not in named for other, held in atlas.sharing(words).items()):
            return "Another clue fits a description as well, so it does not tell which thing is meant."
    return ""


def _answer_elsewhere(joined: Joined) -> str:
    """Whether what only the last clue should tell stands in another clue too."""
    told = facts(joined.written.answer) - facts(joined.written.question)
    told -= facts(" ".join(joined.written.bridges))
    for at, clue in enumerate(joined.clues[:-1]):
        if told and told <= facts(clue.quote):
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
    text = " ".join(hit.passage.text for hit in desk.search(written.question, 1))
    held, told = content(text), facts(written.answer) - facts(written.question)
    answered = bool(told) and told <= facts(text)
    if answered and all(share(_telling(joined, at), held) >= RECOVERED for at in range(len(joined.bridges))):
        return "The passage found first holds every clue, so one passage answers the question."
    return ""


def facts(text: str) -> frozenset[str]:
    """Numbers, codes and acronyms of a text."""
    return frozenset(match.group().casefold() for match in _FACT.finditer(text))
