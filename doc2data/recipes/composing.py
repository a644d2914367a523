"""Chains worded by a model: one question over all clues, answered with reasons, then asked again with each withheld."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.clues import worth
from doc2data.graph import Chain, Roles
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.necessity import CHECK
from doc2data.records import Clue, Judged, Message, Sample, Step
from doc2data.tasks.joining import ANSWER_JOINED, WRITE_JOINED, JoinedAnswer, joined_answer_over
from doc2data.tasks.joins.thing import names
from doc2data.tasks.joins.words import content, share

LEAST_WORTH = 0.5
"""Clues below it carry too little to be a hop."""
SAME = 0.7
"""Share of an answer's words that an answer from fewer clues must hold to count as the same."""


def roles(atlas: Atlas, language: str) -> Roles:
    """Which clues a model may join: any of worth, in one language, that say more than the names in them."""

    def fits(clue: Clue) -> bool:
        return worth(clue) >= LEAST_WORTH and atlas.corpus.language_of(clue) == language

    return Roles(
        opens=lambda clue, entity: fits(clue),
        links=lambda clue, known, entity: fits(clue),
        closes=lambda clue, entity: fits(clue),
    )


async def write(job: Job, chain: Chain, atlas: Atlas, desk: Desk) -> Sample | Judged:
    """Ask for the question, then for its answer, then for an answer without each clue.

    Raises:
        ModelError: no usable reply came.
    """
    clues = tuple(atlas.graph.clues[clue] for clue in chain.clues)
    language = job.params["language"]
    things = [atlas.thing(bridge, language) for bridge in chain.bridges]
    values = {"lines": lines(clues, desk), "hidden": ", ".join(thing.name for thing in things)}
    asked = await desk.ask(WRITE_JOINED, language, desk.seed(job, 0), values)
    answered = await _answer(asked.question, clues, language, desk.seed(job, 1), desk)
    made = _content(job, asked.question, answered, clues)
    if any(names(thing, asked.question) for thing in things):
        return desk.refused(job, made, CHECK, "The question names a bridge that it should only describe.")
    if not answered.answerable:
        return desk.refused(job, made, "answerable", "Asked again with all clues, the model found no answer.")
    if set(answered.sentences) != set(range(1, len(clues) + 1)):
        return desk.refused(job, made, CHECK, "The answer does not use every clue.")
    for at in range(len(clues)):
        rest = clues[:at] + clues[at + 1 :]
        again = await _answer(asked.question, rest, language, desk.seed(job, 2 + at), desk)
        if again.answerable and share(content(answered.answer), content(again.answer)) >= SAME:
            return desk.refused(job, made, CHECK, f"With clue {at + 1} withheld, the model still gives the answer.")
    return desk.sample(job, made)


async def _answer(question: str, clues: Sequence[Clue], language: str, seed: int, desk: Desk) -> JoinedAnswer:
    values = {"lines": lines(clues, desk), "question": question}
    return await desk.ask(ANSWER_JOINED, language, seed, values, output=joined_answer_over(len(clues)))


def _content(job: Job, question: str, answered: JoinedAnswer, clues: tuple[Clue, ...]) -> Content:
    steps = zip(answered.sentences, answered.steps, strict=False)
    return Content(
        kind="multihop",
        language=job.params["language"],
        messages=(Message("user", question), Message("assistant", answered.answer)),
        clues=clues,
        reasoning=tuple(Step(text, (number - 1,)) for number, text in steps),
        params={"hops": len(clues), "question_kind": "bridge"},
    )


def lines(clues: Sequence[Clue], desk: Desk) -> list[str]:
    """Clues as numbered lines, each with where it stands; nothing in one can close the list or add a line."""
    return [f"[{number}] ({_place(clue, desk)}) {' '.join(clue.quote.split())}" for number, clue in enumerate(clues, 1)]


def _place(clue: Clue, desk: Desk) -> str:
    title = desk.corpus.documents[clue.document].title
    return " ".join(" > ".join((title, *clue.section[-1:])).split())
