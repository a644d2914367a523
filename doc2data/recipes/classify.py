"""classify: which of the user's labels fits a text; a second pass, with the labels in reverse, must say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.texts import text_of, texts
from doc2data.records import Judged, Message, Sample, content_id
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.texts import CLASSIFY, NONE, label_over, request

VERSION = 1
CHECK = "agreement"


class Classify:
    """The recipe `classify`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job for each text."""
        for text in texts(desk) if desk.engine is not None else ():
            params = {"form": "classify", "labels": content_id(desk.given.labels)}
            yield Job("classify", VERSION, text.chunk, tuple(clue.id for clue in text.clues), params=params)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Ask twice."""
        text, labels = text_of(job, desk), desk.given.labels
        language = desk.corpus.language_of(text.clues[0])
        shown = evidence_text([desk.corpus.evidence(clue) for clue in text.clues])
        found = []
        for request_number, order in enumerate((labels, labels[::-1])):
            output = label_over(len(text.clues), order)
            values = {"labels": list(order), "no_label": NONE}
            seed = desk.seed(job, request_number)
            found.append(await desk.writer.ask(CLASSIFY, language, seed, values, shown, output))
        first, second = found
        asked = request("classify", language, text.shown, labels=", ".join(labels))
        content = Content(
            kind="classify",
            language=language,
            messages=(Message("user", asked), Message("assistant", first.label)),
            clues=text.cited(first.sentences),
            params={"label": first.label},
        )
        if first.label != second.label:
            reason = f"Asked again with the labels in reverse, the model says {second.label!r} for {first.label!r}."
            return [desk.refused(job, content, CHECK, reason)]
        if first.label == NONE:
            return [desk.refused(job, content, CHECK, "None of the labels fits.")]
        return [desk.sample(job, content)]
