"""summarise: a text in one sentence, in three points, or told to a named reader.

Without a model the summary is extractive: the text's own most central sentences (LexRank). With one it is written, and
stands on the sentences that the model names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.clues import worth
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.texts import Text, leans, text_of, texts
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.joins.words import content
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.summary import central
from doc2data.tasks.texts import POINT, SUMMARISE, TELLING, request, summary_over

VERSION = 1
FORMS = ("sentence", "points")
READER = "reader"
POINTS = 3
LEAST_WORTH = 0.5
LEAST_REACH = 0.6
"""Share of a text's other sentences that its own sentences must have words of to stand for it."""


class Summarise:
    """The recipe `summarise`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """For every text one sentence and three points, and with a model a telling to the reader of the settings."""
        reader = desk.settings.texts.reader if desk.engine is not None else ""
        for text in texts(desk):
            if desk.engine is None and any(clue.kind == "step" for clue in text.clues):
                continue  # no step stands for a procedure
            ids = tuple(clue.id for clue in text.clues)
            for form in (*FORMS, *((READER,) if reader else ())):
                yield Job("summarise", VERSION, text.chunk, ids, params={"form": form} | _reader(form, reader))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Summarise the text."""
        text = text_of(job, desk)
        if desk.engine is not None:
            return [desk.sample(job, await _written(job, text, desk))]
        chosen = central_clues(text, 1 if job.params["form"] == "sentence" else POINTS)
        if len(chosen) < (POINTS if job.params["form"] == "points" else 1) or _reach(chosen, text) < LEAST_REACH:
            return []
        return [desk.sample(job, _content(job, text, [clue.quote for clue in chosen], chosen, desk))]


def central_clues(text: Text, most: int) -> list[Clue]:
    """The sentences that stand for a text, of those that can be understood without the ones before them."""
    fitting = [clue for clue in text.clues if worth(clue) >= LEAST_WORTH and not leans(clue.quote)]
    if len(fitting) <= most:
        return []
    return [fitting[at] for at in central([clue.quote for clue in fitting], most)]


def _reach(chosen: Sequence[Clue], text: Text) -> float:
    """Share of the other sentences that have a word in common with the chosen ones: what they stand for."""
    words = frozenset(word for clue in chosen for word in content(clue.quote))
    others = [clue for clue in text.clues if clue not in chosen]
    return sum(bool(words & content(clue.quote)) for clue in others) / max(1, len(others))


async def _written(job: Job, text: Text, desk: Desk) -> Content:
    form, language = job.params["form"], desk.corpus.language_of(text.clues[0])
    shown = evidence_text([desk.corpus.evidence(clue) for clue in text.clues])
    points = POINTS if form == "points" else 1
    values = {"form": form, "reader": job.params.get("reader", "")}
    output = summary_over(len(text.clues), points, POINT if form != READER else TELLING)
    told = await desk.writer.ask(SUMMARISE, language, desk.seed(job), values, shown, output)
    return _content(job, text, told.points, text.cited(told.sentences), desk)


def _content(job: Job, text: Text, points: Sequence[str], stands_on: Sequence[Clue], desk: Desk) -> Content:
    form, language = job.params["form"], desk.corpus.language_of(text.clues[0])
    lines = [" ".join(point.split()) for point in points]
    answer = "\n".join(f"- {line}" for line in lines) if form == "points" else lines[0]
    asked = request(form, language, text.shown, reader=job.params.get("reader", ""))
    return Content(
        kind="summarise",
        language=language,
        messages=(Message("user", asked), Message("assistant", answer)),
        clues=tuple(stands_on),
    )


def _reader(form: str, reader: str) -> dict[str, str]:
    return {"reader": reader} if form == READER else {}
