"""qa: one clue, the question that it answers, and the answer from the evidence (back-translation).

With a model: the question is written for the clue, then answered by a second request that sees the passage but not
the clue; what that answer cites is its evidence. Without one, the rules of `doc2data.tasks.rules` write both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from doc2data.clues import worth
from doc2data.clues.coverage import bears_fact
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.chaining import is_whole_sentence
from doc2data.recipes.corpus import Corpus
from doc2data.recipes.steering import steer
from doc2data.records import WAY_OF, Clue, Judged, Message, Sample, content_id
from doc2data.settings import QASettings
from doc2data.tasks.joins import words
from doc2data.tasks.questions import WRITE_ANSWER, WRITE_QUESTION, answer_over
from doc2data.tasks.rules import Around, Draft, drafts

VERSION = 4
SAME = 0.5
"""Share of the words that a question does not hold from which two answers tell the same."""
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


ASKED_FOR = {
    "fact": ("a fact", "事实"),
    "definition": ("what something is or means", "某物是什么或什么意思"),
    "procedure": ("how something is done, step by step", "操作步骤"),
    "reason": ("why, if the sentence gives a reason, else the fact", "为什么（若句子给出原因），否则为事实"),
    "condition": (
        "when, or under which condition, if the sentence gives one, else the fact",
        "何时或在什么条件下（若句子给出条件），否则为事实",
    ),
    "comparison": (
        "comparison of two things that the passage tells the same of, this sentence being one side",
        "比较：文中就两个事物说到同一方面，该句是其中一方",
    ),
    "lookup": ("look-up of one value", "查找一个值"),
    "numeric": ("how much, how many or how long: the answer is a number with its unit", "数值：答案为带单位的数字"),
    "yes_no": ("a question to be answered with yes or no and the reason", "以“是”或“否”回答并说明理由的问题"),
}
"""Kinds of questions by their names in the settings, in English and in Chinese."""
_PROSE = ("sentence", "warning", "step", "definition")
FITS = {
    "procedure": ("procedure",),
    "lookup": ("table_row", "key_value"),
    "comparison": ("table_row",),
    "definition": ("definition",),
    "reason": _PROSE,
    "condition": _PROSE,
    "yes_no": _PROSE,
}
"""Kinds that only some clues answer; the others fit all."""
EXAMPLES_SHOWN = 2
_WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿][^\s㐀-鿿]*")
"""Words, or Chinese characters."""


class QA:
    """The recipe `qa`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per clue worth asking; with a model only the best of each chunk, because each costs two requests."""
        for chunk in desk.corpus.chunks:
            clues = [clue for clue in desk.corpus.clues_of(chunk) if worth(clue) >= LEAST_WORTH]
            if desk.engine is not None:
                wanted = math.ceil(desk.settings.generate.coverage * sum(map(bears_fact, clues)))
                whole = [clue for clue in clues if is_whole_sentence(clue, desk.corpus.language_of(clue))]
                clues = best(clues if wanted else whole, max(desk.settings.generate.per_chunk, wanted))
            for clue in clues:
                yield Job("qa", VERSION, chunk, (clue.id,), params=_changed(desk), seen=(chunk,))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Write question and answer."""
        clue = desk.corpus.clue(job.clues[0])
        if desk.engine is None:
            around = desk.corpus.around(clue)
            twofold = _twofold(desk.corpus, clue.chunk)
            asked: dict[str, str] = {}
            return [
                desk.sample(job, _content(way, desk, asked.setdefault(_said(draft), draft.question)))
                for draft in drafts(clue, around)
                if draft.question.casefold() not in twofold
                for way in _ways(draft, around)
                if _is_wanted(way, desk.settings.qa)
            ]
        return [await _back_translate(job, clue, desk)]


@lru_cache(maxsize=4)
def _twofold(corpus: Corpus, chunk: str) -> frozenset[str]:
    """Questions that a chunk answers in two ways: the type field that is set to "a" here is set to "b" there."""
    answers: dict[str, list[frozenset[str]]] = {}
    for clue in corpus.clues_of(chunk):
        for draft in drafts(clue, corpus.around(clue)) if worth(clue) >= LEAST_WORTH else ():
            told = words.content(_said(draft)) - words.content(draft.question)
            others = answers.setdefault(draft.question.casefold(), [])
            if all(words.share(told, other) < SAME for other in others):
                others.append(told)
    return frozenset(question for question, told in answers.items() if len(told) > 1)


def _said(draft: Draft) -> str:
    """What a draft answers, whether it is asked for or asked about: what ends in one answer is asked once."""
    return draft.answer.removeprefix("Yes. ").removeprefix("No. ")


def _ways(draft: Draft, around: Around) -> Iterator[Draft]:
    """The draft, and its question without the document's subject: where all documents share one, it finds nothing."""
    yield draft
    subject = re.escape(around.subject)
    plain = re.sub(rf"^(?:For {subject}, |对于{subject}，)|,? (?:for|of) {subject}(?=\?$)", "", draft.question)
    if around.subject and plain != draft.question:
        question = plain[:1].upper() + plain[1:]
        yield replace(draft, question=question, confidence=round(PLAINER * draft.confidence, 3))


def _changed(desk: Desk) -> dict[str, Any]:
    """What the settings ask for beside the usual: with other wishes it is other work."""
    wanted = desk.settings.qa.model_dump(mode="json", exclude_defaults=True)
    if desk.given.examples:
        wanted["examples"] = content_id([(e.question, e.answer) for e in desk.given.examples])
    return {"wishes": wanted} if wanted else {}


def _is_wanted(draft: Draft, wanted: QASettings) -> bool:
    """Whether a rule's question is of a kind and length that the settings ask for."""
    short = not wanted.question_words or len(_WORD.findall(draft.question)) <= wanted.question_words
    return short and (not wanted.kinds or draft.kind in wanted.kinds)


def _turn(options: Sequence[str], job: Job, desk: Desk, what: str) -> str:
    """One of the options, by the seed and the clue; "" where there are none."""
    if not options:
        return ""
    return options[int(content_id(what, desk.settings.generate.seed, job.clues)[:6], 16) % len(options)]


def _wishes(job: Job, clue: Clue, language: str, desk: Desk) -> dict[str, Any]:
    """What the settings ask of a question, as the prompt names it."""
    wanted, chinese = desk.settings.qa, language == "zh"
    fitting = [kind for kind in wanted.kinds if clue.kind in FITS.get(kind, (clue.kind,))]
    if not any(letter.isdigit() for letter in clue.quote):
        fitting = [kind for kind in fitting if kind != "numeric"]
    kind = _turn(fitting, job, desk, "kind")
    usual = (QUESTION_KINDS_ZH if chinese else QUESTION_KINDS)[clue.kind]
    shown = sorted(desk.given.examples, key=lambda e: content_id(desk.settings.generate.seed, job.clues, e.question))
    return {
        "kind": ASKED_FOR[kind][chinese] if kind else usual,
        "bloom": _turn(wanted.bloom, job, desk, "bloom") if clue.kind in (*_PROSE, "procedure") else "",
        "question_words": wanted.question_words,
        "examples": shown[:EXAMPLES_SHOWN],
    }


def _content(draft: Draft, desk: Desk, question: str) -> Content:
    """What a draft says, with the question that it is one way to ask; of the ways only one is kept."""
    return Content(
        kind="qa",
        language=desk.corpus.language_of(draft.clues[0]),
        messages=(Message("user", draft.question), Message("assistant", draft.answer)),
        clues=draft.clues,
        params={"question_kind": draft.kind, "confidence": draft.confidence, WAY_OF: question},
    )


async def _back_translate(job: Job, clue: Clue, desk: Desk) -> Sample | Judged:
    passage = desk.numbered(clue)
    language = desk.corpus.language_of(clue)
    wishes = _wishes(job, clue, language, desk)
    answer_length = _turn(desk.settings.qa.answers, job, desk, "answer")
    numbers = ", ".join(map(str, passage.numbers_of(clue)))
    steering = await steer(job, desk, passage, language)
    wanted = {"numbers": numbers, **wishes, **steering.asked}
    asked = await desk.ask(WRITE_QUESTION, language, desk.seed(job, 0), wanted, passage)
    answered = await desk.ask(
        WRITE_ANSWER,
        language,
        desk.seed(job, 1),
        {"question": asked.question, "answer_length": answer_length, **steering.answered},
        passage,
        answer_over(len(passage.units)),
    )
    content = Content(
        kind="qa",
        language=language,
        messages=(*steering.system, Message("user", asked.question), Message("assistant", answered.answer)),
        clues=passage.cited(answered.sentences),
        params={"question_kind": clue.kind, **steering.params, **_asked_for(wishes, answer_length)},
    )
    if not (answered.answerable and answered.sentences):
        return desk.refused(job, content, "answerable", "Asked again, the model found no answer in the passage.")
    return desk.sample(job, content)


def _asked_for(wishes: Mapping[str, Any], answer_length: str) -> dict[str, str]:
    """What was asked for beside the usual, for the sample's record."""
    level = {"bloom": wishes["bloom"]} if wishes["bloom"] else {}
    return level | ({"answer_length": answer_length} if answer_length != "full" else {})


def best(clues: Sequence[Clue], most: int) -> list[Clue]:
    """The clues of most worth that do not overlap, in reading order."""
    chosen: list[Clue] = []
    for clue in sorted(clues, key=lambda c: (-worth(c), c.start, c.id)):
        if len(chosen) < most and all(clue.end <= other.start or other.end <= clue.start for other in chosen):
            chosen.append(clue)
    return sorted(chosen, key=lambda c: c.start)
