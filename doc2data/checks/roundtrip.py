"""The question, answered again from what retrieval brings back instead of from its source, gets the same answer.

Round-trip consistency after Alberti et al., "Synthetic QA Corpora Generation with Roundtrip Consistency" (1906.05416);
here the second answer is written from the passages that a user of the index would get. The score says how sure the
model was of it, where its engine tells: a floor for it can be fitted to a person's decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from doc2data.checks.context import ModelContext, failed, passed
from doc2data.checks.words import normal, sentences
from doc2data.records import Hit, Sample, Verdict, content_id
from doc2data.tasks.core import PassageText
from doc2data.tasks.judging import AGREE
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

NAME = "roundtrip"
ANSWER_AGAIN = replace(WRITE_ANSWER, logprobs=True)
KINDS = frozenset({"qa"})
"""Kinds whose answer one search can bring back; the others are proved in their own ways."""


async def check(sample: Sample, context: ModelContext) -> Verdict | None:
    """Search with the question, answer from what comes back, and compare."""
    if sample.kind not in KINDS or not sample.evidence:
        return None
    [hits] = context.search_many([sample.question], context.settings.round_trip)
    if not hits:
        return failed(NAME, "the question brings nothing back to answer from")
    passage = _passage(hits)
    judge, seed = context.panel.judges[0], int(content_id(context.seed, NAME, sample.id)[:7], 16)
    output = answer_over(sum(line.startswith("[") for line in passage.lines))
    told = await judge.answer(ANSWER_AGAIN, sample.language, seed, {"question": sample.question}, passage, output)
    again = told.said
    if not again.answerable:
        return failed(NAME, "answered again from what retrieval brings back, the model finds no answer there")
    if _same_words(sample.answer, again.answer):
        return passed(NAME, "answered again from what retrieval brings back, the answer is the same", told.sureness)
    values = {"question": sample.question, "first": sample.answer, "second": again.answer}
    found = await judge.ask(AGREE, sample.language, seed, values)
    if not found.same:
        return failed(NAME, f"answered again, it is another answer: {_shown(again.answer)} ({found.reason})")
    return passed(NAME, f"answered again in other words, the answer is the same ({found.reason})", told.sureness)


def _passage(hits: Sequence[Hit]) -> PassageText:
    """What came back as numbered sentences under where it stands."""
    lines: list[str] = []
    number = 0
    for hit in hits:
        place = " > ".join((hit.passage.document, *hit.passage.section))
        lines.append(f"· {' '.join(place.split())}")
        for sentence in sentences(hit.passage.text):
            number += 1
            lines.append(f"[{number}] {' '.join(sentence.split())}")
    first = hits[0].passage
    return PassageText(first.document, "", tuple(lines))


def _same_words(one: str, other: str) -> bool:
    first, second = (normal(text).rstrip(" .!?。！？") for text in (one, other))
    return first == second


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
