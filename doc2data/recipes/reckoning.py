"""Calculations worded by a model: the cells and the executed steps are given, the words are asked for."""

from __future__ import annotations

from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.composing import lines
from doc2data.recipes.figures import Figure
from doc2data.recipes.problems import headers_of, language_of
from doc2data.records import Judged, Message, Sample, Step
from doc2data.tasks.joining import WRITE_RECKONING
from doc2data.tasks.joins.arithmetic import written

CHECK = "executed"


async def write(job: Job, figure: Figure, atlas: Atlas, desk: Desk, params: dict[str, object]) -> Sample | Judged:
    """Ask for question, one step per cell, and answer; keep them where the executed result stands in the answer.

    Raises:
        ModelError: no usable reply came.
    """
    rows = tuple(dict.fromkeys(fact.clue for fact in figure.facts))
    headers = tuple(dict.fromkeys(header for row in rows for header in headers_of(row, atlas)))
    language = language_of(figure, atlas)
    expected = _expected(figure)
    values = {"lines": lines(rows, desk), "operation": figure.operation, "reckoning": expected}
    told = await desk.ask(WRITE_RECKONING, language, desk.seed(job), values)
    steps = [Step(text, (min(at, len(rows) - 1),)) for at, text in enumerate(told.steps)]
    content = Content(
        kind="cot",
        language=language,
        messages=(Message("user", told.question), Message("assistant", told.answer)),
        clues=(*rows, *headers),
        reasoning=(*steps, Step(expected)),
        params=params,
    )
    missing = [token for token in _results(figure) if token not in told.answer]
    if missing:
        return desk.refused(job, content, CHECK, f"The answer does not give the executed result {missing[0]!r}.")
    return desk.sample(job, content)


def _expected(figure: Figure) -> str:
    if figure.executed is not None:
        return figure.executed.expression
    return ", ".join(f"{fact.thing}: {fact.value}" for fact in figure.answer)


def _results(figure: Figure) -> list[str]:
    if figure.executed is not None:
        return [written(figure.executed.result)]
    if figure.operation == "count":
        return []
    return [fact.thing for fact in figure.answer]
