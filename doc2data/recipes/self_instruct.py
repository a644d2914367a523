"""self-instruct: questions in the manner of a person's own pairs, each answered and then looked at a second time.

After Wang et al., "Self-Instruct" (2212.10560): a few pairs show kind and tone, and a question too near in words
(ROUGE-L) to another one is given up. The second look is TarGEN's self-correction (2310.17876): shown question, answer
and passage, the model says whether the answer is right and gives the right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from doc2data.clues import worth
from doc2data.likeness import nearest
from doc2data.recipes.base import Content, Desk, Example, Job
from doc2data.recipes.gains import leak
from doc2data.recipes.qa import LEAST_WORTH, best
from doc2data.recipes.steering import Steering, steer
from doc2data.records import NOVELTY, Judged, Message, Sample, content_id
from doc2data.tasks.growing import ANSWER_ALIKE, CORRECT, WRITE_ALIKE, corrected_over
from doc2data.tasks.passage import Numbered
from doc2data.tasks.questions import answer_over

VERSION = 1
CHECK = "correction"
OF_KIND, OTHERS = 3, 1
"""Pairs that a prompt shows: of the kind that is wanted, and of others."""


class SelfInstruct:
    """The recipe `self-instruct`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One question for each of the best clues of a chunk, of every kind that the pairs have by turns."""
        if desk.engine is None or not desk.examples:
            return
        kinds = sorted({example.kind for example in desk.examples})
        pairs = content_id([(e.question, e.answer) for e in desk.examples])
        turn = count()
        for chunk in desk.corpus.chunks:
            clues = [clue for clue in desk.corpus.clues_of(chunk) if worth(clue) >= LEAST_WORTH]
            for clue in best(clues, desk.settings.generate.per_chunk):
                params = {"kind": kinds[next(turn) % len(kinds)], "pairs": pairs}
                yield Job("self-instruct", VERSION, chunk, (clue.id,), params=params, seen=(chunk,))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Ask for the question, for its answer, and for the second look."""
        clue = desk.corpus.clue(job.clues[0])
        language, passage = desk.corpus.language_of(clue), desk.numbered(clue)
        steering = await steer(job, desk, passage, language)
        shown = _shown(job, desk)
        numbers = ", ".join(map(str, passage.numbers_of(clue)))
        values = {"examples": shown, "kind": job.params["kind"], "numbers": numbers, **steering.asked}
        question = (await desk.ask(WRITE_ALIKE, language, desk.seed(job, 0), values, passage)).question
        unfit = _Draft(job, language, steering, desk)
        if words := leak(question):
            return [unfit.refused(question, CHECK, f"Words of the prompt leak into the question: {words!r}.")]
        twin = nearest(question, (example.question for example in desk.examples), desk.settings.grow.novelty)
        if twin is not None:
            return [unfit.refused(question, NOVELTY, f"Too near in words to the pair {twin!r}.")]
        return [await _answered(question, shown, passage, unfit)]


class _Draft:
    """What makes a sample, or the refusal of one, out of a job's words."""

    def __init__(self, job: Job, language: str, steering: Steering, desk: Desk) -> None:
        self.job = job
        self.language = language
        self.steering = steering
        self.desk = desk

    def content(self, question: str, answer: str = "", **more: Any) -> Content:
        """The content of a sample."""
        messages = (*self.steering.system, Message("user", question), Message("assistant", answer))
        params = {**self.steering.params, **more.pop("params", {})}
        return Content(kind="qa", language=self.language, messages=messages, params=params, **{"clues": (), **more})

    def refused(self, question: str, check: str, reason: str, answer: str = "") -> Judged:
        """A sample given up."""
        return self.desk.refused(self.job, self.content(question, answer), check, reason)


async def _answered(question: str, shown: Sequence[Example], passage: Numbered, draft: _Draft) -> Sample | Judged:
    """The question with its answer, corrected where the second look says so."""
    job, desk, lines = draft.job, draft.desk, len(passage.units)
    values: Mapping[str, Any] = {"question": question, "examples": shown, **draft.steering.answered}
    first = await desk.ask(ANSWER_ALIKE, draft.language, desk.seed(job, 1), values, passage, answer_over(lines))
    if not (first.answerable and first.sentences):
        reason = "Asked from the passage, the model finds no answer."
        return draft.refused(question, "answerable", reason, first.answer)
    values = {"question": question, "answer": first.answer}
    second = await desk.ask(CORRECT, draft.language, desk.seed(job, 2), values, passage, corrected_over(lines))
    if second.right:
        made = draft.content(question, first.answer, clues=passage.cited(first.sentences), params={"corrected": False})
        return desk.sample(job, made)
    if not second.sentences:
        reason = "On second look the answer is wrong, and the passage has no right one."
        return draft.refused(question, CHECK, reason, first.answer)
    made = draft.content(question, second.answer, clues=passage.cited(second.sentences), params={"corrected": True})
    return desk.sample(job, made)


def _shown(job: Job, desk: Desk) -> list[Example]:
    """The pairs that this job's prompts show, chosen by the seed, those of the kind that is wanted first."""
    key = (desk.settings.generate.seed, job.clues, job.index)
    ranked = sorted(desk.examples, key=lambda e: content_id("example", *key, e.question))
    alike = [example for example in ranked if example.kind == job.params["kind"]]
    others = [example for example in ranked if example.kind != job.params["kind"]]
    return alike[:OF_KIND] + others[: OTHERS + max(0, OF_KIND - len(alike))]
