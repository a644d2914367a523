"""cot: a question over table cells, reasoned step by step, with every calculation executed by code.

Without a model the words are set by rule around the executed steps. With one, the model writes question, steps and
answer around the same cells, and they are kept only if the executed result stands in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from doc2data.recipes import reckoning
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.figures import Figure, figures
from doc2data.recipes.problems import headers_of, language_of, told
from doc2data.records import Judged, Message, Sample, Step
from doc2data.tasks.joins.arithmetic import written
from doc2data.tasks.joins.cells import Told

VERSION = 4


class ChainOfThought:
    """The recipe `cot`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """A few calculations per table, of as many kinds as it offers."""
        known = atlas(desk.corpus)
        for name, figure in planned(known, desk.settings.generate.seed).items():
            clues = tuple(dict.fromkeys(fact.clue.id for fact in figure.facts))
            params = {"figure": name, "operation": figure.operation}
            yield Job("cot", VERSION, figure.facts[0].clue.chunk, clues, params=params)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Reckon, and put it into words."""
        known = atlas(desk.corpus)
        figure = planned(known, desk.settings.generate.seed)[job.params["figure"]]
        if desk.engine is not None:
            return [await reckoning.write(job, figure, known, desk, reckoned(figure))]
        words = told(figure, known)
        return [desk.sample(job, content(figure, words, known))] if words else []


@lru_cache(maxsize=2)
def planned(known: Atlas, seed: int) -> Mapping[str, Figure]:
    """All figures of a corpus by name, best first within a table, without cells that contradict another document."""
    found = (figure for table in known.tables for figure in figures(table, seed))
    return {f.name: f for f in found if not known.barred & {fact.clue.id for fact in f.facts}}


def content(figure: Figure, words: Told, known: Atlas) -> Content:
    """The sample's content: every reading stands on its row, the reckoning on nothing but the readings."""
    rows = tuple(dict.fromkeys(fact.clue for fact in figure.facts))
    headers = tuple(dict.fromkeys(header for row in rows for header in headers_of(row, known)))
    steps = [Step(text, (rows.index(fact.clue),)) for text, fact in zip(words.readings, figure.facts, strict=True)]
    return Content(
        kind="cot",
        language=language_of(figure, known),
        messages=(Message("user", words.question), Message("assistant", words.answer)),
        clues=(*rows, *headers),
        reasoning=(*steps, Step(words.reckoning)),
        params=reckoned(figure),
    )


def reckoned(figure: Figure) -> dict[str, Any]:
    """What was executed, so that anyone can do it again: the operands as the cells have them, and the result."""
    params: dict[str, Any] = {"operands": [fact.value for fact in figure.facts]}
    if figure.executed is not None:
        params |= {"expression": figure.executed.expression, "result": written(figure.executed.result)}
    if figure.target:
        params["target"] = figure.target
    if figure.answer:
        params["chosen"] = [figure.facts.index(fact) for fact in figure.answer]
    return params
