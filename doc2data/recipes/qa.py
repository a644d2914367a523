"""qa: one clue, the question that it answers, and the answer from the evidence (back-translation).

With a model: the question is written for the clue, then answered by a second request that sees the passage but not
the clue; what that answer cites is its evidence. Without one, the rules of `doc2data.tasks.rules` write both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from doc2data.clues import worth
from doc2data.clues.coverage import bears_fact
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.steering import steer
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.questions import WRITE_ANSWER, WRITE_QUESTION, answer_over
from doc2data.tasks.rules import Around, Draft, drafts

VERSION = 3
PLAINER = 0.9
"""Of the confidence in a draft, what is left without the subject: tried where the first way cannot be kept."""
LEAST_WORTH = 0.3
"""Clues below it carry no fact worth asking for."""
QUESTION_KINDS = {
    "definition": "what something is or means, if the sentence says so, else the fact that it gives",
    "key_value": "fact",
    "table_row": "look-up of one value of the row",
    "step": "how, when or with what something is done",
    "procedure": "how something is done, step by step",
    "warning": "what must or must not be done, when, or why",
    "sentence": "fact, reason or condition, whichever the sentence gives",
}
QUESTION_KINDS_ZH = {
    "definition": "某物是什么或什么意思（若句子如此说），否则为句子所述的事实",
    "key_value": "事实",
    "table_row": "查找该行中的一个值",
    "step": "某事如何做、何时做或用什么做",
    "procedure": "操作步骤",
    "warning": "必须做或不得做什么、何时或为什么",
    "sentence": "事实、原因或条件，视句子内容而定",
}


class QA:
    """The recipe `qa`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per clue worth asking; with a model only the best of each chunk, because each costs two requests."""
        for chunk in desk.corpus.chunks:
            clues = [clue for clue in desk.corpus.clues_of(chunk) if worth(clue) >= LEAST_WORTH]
            if desk.engine is not None:
                wanted = math.ceil(desk.settings.generate.coverage * sum(map(bears_fact, clues)))
                clues = best(clues, max(desk.settings.generate.per_chunk, wanted))
            for clue in clues:
                yield Job("qa", VERSION, chunk, (clue.id,), seen=(chunk,))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Write question and answer."""
        clue = desk.corpus.clue(job.clues[0])
        if desk.engine is None:
            around = desk.corpus.around(clue)
            return [desk.sample(job, _content(d, desk)) for draft in drafts(clue, around) for d in _ways(draft, around)]
        return [await _back_translate(job, clue, desk)]


def _ways(draft: Draft, around: Around) -> Iterator[Draft]:
    """The draft, and its question without the document's subject: where all documents share one, it finds nothing."""
    yield draft
    subject = re.escape(around.subject)
    plain = re.sub(rf"^(?:For {subject}, |对于{subject}，)|,? (?:for|of) {subject}(?=\?$)", "", draft.question)
    if around.subject and plain != draft.question:
        question = plain[:1].upper() + plain[1:]
        yield replace(draft, question=question, confidence=round(PLAINER * draft.confidence, 3))


def _content(draft: Draft, desk: Desk) -> Content:
    return Content(
        kind="qa",
        language=desk.corpus.language_of(draft.clues[0]),
        messages=(Message("user", draft.question), Message("assistant", draft.answer)),
        clues=draft.clues,
        params={"question_kind": draft.kind, "confidence": draft.confidence},
    )


async def _back_translate(job: Job, clue: Clue, desk: Desk) -> Sample | Judged:
    passage = desk.numbered(clue)
    language = desk.corpus.language_of(clue)
    kind = (QUESTION_KINDS_ZH if language == "zh" else QUESTION_KINDS)[clue.kind]
    numbers = ", ".join(map(str, passage.numbers_of(clue)))
    steering = await steer(job, desk, passage, language)
    wanted = {"numbers": numbers, "kind": kind, **steering.asked}
    asked = await desk.ask(WRITE_QUESTION, language, desk.seed(job, 0), wanted, passage)
    answered = await desk.ask(
        WRITE_ANSWER,
        language,
        desk.seed(job, 1),
        {"question": asked.question, **steering.answered},
        passage,
        answer_over(len(passage.units)),
    )
    content = Content(
        kind="qa",
        language=language,
        messages=(*steering.system, Message("user", asked.question), Message("assistant", answered.answer)),
        clues=passage.cited(answered.sentences),
        params={"question_kind": clue.kind, **steering.params},
    )
    if not (answered.answerable and answered.sentences):
        return desk.refused(job, content, "answerable", "Asked again, the model found no answer in the passage.")
    return desk.sample(job, content)


def best(clues: Sequence[Clue], most: int) -> list[Clue]:
    """The clues of most worth that do not overlap, in reading order."""
    chosen: list[Clue] = []
    for clue in sorted(clues, key=lambda c: (-worth(c), c.start, c.id)):
        if len(chosen) < most and all(clue.end <= other.start or other.end <= clue.start for other in chosen):
            chosen.append(clue)
    return sorted(chosen, key=lambda c: c.start)
