"""Questions that a passage leaves open, written by a model and tried on everything that retrieval brings back."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.clues import worth
from doc2data.recipes.base import Content, Desk, Job
from doc2data.records import Judged, Message, Sample
from doc2data.tasks.joining import WRITE_MISSING, left_open
from doc2data.tasks.joins.words import content as words
from doc2data.tasks.joins.words import share
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

VERSION = 2
CHECK = "absence"
LEAST_WORTH = 0.5
PASSAGES_TRIED = 3
NEAR = 0.25
"""Share of the question's content words that its passage must hold: plausible, and near the corpus."""


def plan(desk: Desk) -> Iterator[Job]:
    """One job per chunk that bears a fact."""
    for chunk in desk.corpus.chunks:
        best = max(desk.corpus.clues_of(chunk), key=lambda c: (worth(c), c.id), default=None)
        if best is not None and worth(best) >= LEAST_WORTH:
            yield Job("unanswerable", VERSION, chunk, (best.id,), params={"completeness": "none"}, seen=(chunk,))


async def write(job: Job, desk: Desk) -> Sample | Judged:
    """Ask for a question, then for its answer from each passage found; keep it where none can be given.

    Raises:
        ModelError: no usable reply came.
    """
    clue = desk.corpus.clue(job.clues[0])
    language = desk.corpus.language_of(clue)
    asked = await desk.ask(WRITE_MISSING, language, desk.seed(job, 0), {}, desk.numbered(clue))
    said = left_open(asked.missing, language)
    content = Content(
        kind="unanswerable",
        language=language,
        messages=(Message("user", asked.question), Message("assistant", said)),
        clues=(),
        params={"missing": asked.missing},
    )
    if share(words(asked.question), words("\n".join(desk.numbered(clue).text.lines))) < NEAR:
        return desk.refused(job, content, CHECK, "The question is not about what the passage names.")
    for request, chunk in enumerate(_found(asked.question, clue.chunk, desk), start=1):
        near = next(iter(desk.corpus.clues_of(chunk)), None)
        passage = desk.numbered(near) if near is not None else None
        if passage is None or not passage.units:
            continue
        output = answer_over(len(passage.units))
        values = {"question": asked.question}
        answer = await desk.ask(WRITE_ANSWER, language, desk.seed(job, request), values, passage, output)
        if answer.answerable:
            return desk.refused(job, content, CHECK, f"The model finds an answer in a passage: {answer.answer[:80]!r}.")
    return desk.sample(job, content)


def _found(question: str, own: str, desk: Desk) -> list[str]:
    """The chunks that may answer the question: its own, and those found first."""
    chunks = [hit.passage.chunk for hit in desk.search(question, PASSAGES_TRIED)]
    return [chunk for chunk in dict.fromkeys((own, *chunks)) if chunk in desk.corpus.chunks]
