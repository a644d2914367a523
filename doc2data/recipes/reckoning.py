"""Calculations worded by a model: the cells and the executed steps are given, the words are asked for.

The steps are then followed without the answer. Where they do not lead to it, they are written once more with the
answer in view, as STaR does (2203.14465), and kept only if they lead there now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.composing import lines
from doc2data.recipes.figures import Figure
from doc2data.recipes.problems import headers_of, language_of
from doc2data.records import Judged, Message, Sample, Step
from doc2data.tasks.joining import FOLLOW_STEPS, RATIONALISE, WRITE_RECKONING, Reckoning
from doc2data.tasks.joins.arithmetic import written

CHECK = "executed"
STEPS = "steps"
_COUNTS = {1: "one|一", 2: "two|both|两|二", 3: "three|三", 4: "four|四", 5: "five|五", 6: "six|六"}


async def write(job: Job, figure: Figure, atlas: Atlas, desk: Desk, params: dict[str, Any]) -> Sample | Judged:
    """Ask for question, one step per cell, and answer; keep them where result and steps hold.

    Raises:
        ModelError: no usable reply came.
    """
    rows = tuple(dict.fromkeys(fact.clue for fact in figure.facts))
    headers = tuple(dict.fromkeys(header for row in rows for header in headers_of(row, atlas)))
    language = language_of(figure, atlas)
    expected = _expected(figure)
    values = {"lines": lines(rows, desk), "operation": figure.operation, "reckoning": expected}
    told = await desk.ask(WRITE_RECKONING, language, desk.seed(job), values)

    def content(steps: Sequence[str], params: dict[str, Any]) -> Content:
        on_rows = [Step(text, (min(at, len(rows) - 1),)) for at, text in enumerate(steps)]
        return Content(
            kind="cot",
            language=language,
            messages=(Message("user", told.question), Message("assistant", told.answer)),
            clues=(*rows, *headers),
            reasoning=(*on_rows, Step(expected)),
            params=params,
        )

    missing = _missing(figure, told.answer)
    if missing:
        reason = f"The answer does not give the executed result {missing!r}."
        return desk.refused(job, content(told.steps, params), CHECK, reason)
    if await _lead(told.question, told.steps, figure, language, desk.seed(job, 1), desk):
        return desk.sample(job, content(told.steps, params))
    again = await _rationalised(told, values, language, desk.seed(job, 2), desk)
    made = content(again, {**params, "rationalised": True})
    if await _lead(told.question, again, figure, language, desk.seed(job, 3), desk):
        return desk.sample(job, made)
    return desk.refused(job, made, STEPS, "The steps alone do not lead to the answer, nor do those written for it.")


async def _lead(question: str, steps: Sequence[str], figure: Figure, language: str, seed: int, desk: Desk) -> bool:
    """Whether the steps, without the answer, lead to the executed result."""
    followed = await desk.ask(FOLLOW_STEPS, language, seed, {"question": question, "steps": steps})
    return followed.answerable and not _missing(figure, followed.answer)


async def _rationalised(
    told: Reckoning, values: Mapping[str, object], language: str, seed: int, desk: Desk
) -> Sequence[str]:
    known = {"lines": values["lines"], "reckoning": values["reckoning"]}
    asked = {**known, "question": told.question, "answer": told.answer}
    return (await desk.ask(RATIONALISE, language, seed, asked)).steps


def _expected(figure: Figure) -> str:
    if figure.executed is not None:
        return figure.executed.expression
    found = ", ".join(f"{fact.thing}: {fact.value}" for fact in figure.answer)
    return f"{len(figure.answer)} ({found})" if figure.operation == "count" else found


def _missing(figure: Figure, answer: str) -> str:
    """What of the result an answer does not give; empty where it gives all."""
    if figure.executed is not None:
        result = written(figure.executed.result)
        plain = answer.replace(",", "")
        return "" if re.search(rf"(?<![\d.]){re.escape(result)}(?!\d|\.\d)", plain) else result
    if figure.operation == "count":
        number = len(figure.answer)
        said = rf"(?<![\d.]){number}(?!\d|\.\d)|\b(?:{_COUNTS.get(number, number)})"
        return "" if re.search(said, answer, re.IGNORECASE) or _han(number, answer) else str(number)
    return next((fact.thing for fact in figure.answer if fact.thing not in answer), "")


def _han(number: int, answer: str) -> bool:
    return any(word in answer for word in _COUNTS.get(number, "").split("|") if word and not word.isascii())
