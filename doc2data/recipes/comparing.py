"""Comparisons worded by a model: two things of one kind, each measured in a sentence of its own chunk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import worth
from doc2data.graph import Claim, Fork, apart, comparisons
from doc2data.graph.quantities import UNITS
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Desk, Job
from doc2data.recipes.chaining import LEAST_WORTH
from doc2data.recipes.composing import answered, lines, unanswered
from doc2data.recipes.hops import is_name
from doc2data.recipes.necessity import CHECK
from doc2data.records import Judged, Sample
from doc2data.tasks.joining import WRITE_COMPARED
from doc2data.tasks.joins.thing import names
from doc2data.tasks.joins.words import content

PER_THING = 1
_MEASURED = re.compile(r"(?<![\w.-])\d[\d.,]*\s?(?P<unit>[^\s\d.,;:()]{1,8})")


def forks(atlas: Atlas, language: str, seed: int) -> list[Fork]:
    """Pairs of clues that give things of one kind a number in one unit, and say it in a word that both share."""
    found = comparisons(_claims(atlas, language), seed)
    return list(apart([fork for fork in found if fork.is_apart and _shares_a_word(fork, atlas, language)], PER_THING))


async def write(job: Job, atlas: Atlas, desk: Desk) -> Sample | Judged:
    """Ask for the question, then for its answer; each clue names one thing alone, so that neither can do without.

    Raises:
        ModelError: no usable reply came.
    """
    clues = tuple(atlas.graph.clues[clue] for clue in job.clues)
    things = [atlas.thing(entity, job.params["language"]) for entity in job.params["compared"]]
    values = {"lines": lines(clues, desk), "things": [thing.name for thing in things]}
    asked = await desk.ask(WRITE_COMPARED, job.params["language"], desk.seed(job, 0), values)
    if not asked.possible:
        reason = f"The model finds nothing to compare: {asked.question[:80]!r}."
        return desk.refused(job, unanswered(job, asked.question, clues), CHECK, reason)
    if not all(names(thing, asked.question) for thing in things):
        reason = "The question does not name both things that it compares."
        return desk.refused(job, unanswered(job, asked.question, clues), CHECK, reason)
    if refused := desk.unsound(job, unanswered(job, asked.question, clues)):
        return refused
    made = await answered(job, asked.question, clues, desk, "comparison")
    return made if isinstance(made, Judged) else desk.sample(job, made)


def _claims(atlas: Atlas, language: str) -> Iterator[Claim]:
    """One claim for each common noun of a thing and the one unit that a clear sentence measures it in."""
    for entity, clues in atlas.graph.naming.items():
        thing = atlas.thing(entity, language)
        for clue in (atlas.graph.clues[id] for id in clues if id not in atlas.barred):
            fits = worth(clue) >= LEAST_WORTH and atlas.corpus.language_of(clue) == language
            units = {m["unit"] for m in _MEASURED.finditer(clue.quote)} & UNITS
            alone = len(atlas.graph.named[clue.id]) == 1 and clue.kind != "key_value"
            if fits and alone and len(units) == 1 and is_name(thing) and names(thing, clue.quote):
                yield from (Claim(clue, entity, f"{head} {min(units)}") for head in thing.heads)


def _shares_a_word(fork: Fork, atlas: Atlas, language: str) -> bool:
    one, other = (
        content(claim.clue.quote)
        - content(" ".join((*atlas.thing(claim.entity, language).forms, *atlas.thing(claim.entity, language).heads)))
        for claim in fork.claims
    )
    return any(word.isalpha() and word not in UNITS for word in one & other)
