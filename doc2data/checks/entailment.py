"""A model, shown the evidence and nothing else, finds each statement of the answer in it.

Statement by statement after Min et al., "FActScore" (2305.14251). A sentence that stands in the evidence word for word
needs no asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.checks.context import ModelContext, failed, passed
from doc2data.checks.words import normal, sentences
from doc2data.records import Evidence, Sample, Verdict, content_id
from doc2data.tasks.judging import ENTAIL, Entailment, evidence_text

NAME = "entailment"
WITHOUT = frozenset({"unanswerable", "partial", "cot", "classify", "extract"})
"""Kinds whose answers say more than their evidence (that it does not tell, what was reckoned), or are no statements."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, with the question before it and what it may stand on."""

    text: str
    question: str
    evidence: tuple[Evidence, ...]
    answer: str
    """The answer that it is a part of, which tells what its "it" means."""


async def check(sample: Sample, context: ModelContext) -> Verdict | None:
    """Ask about every sentence of the answers that its evidence does not hold word for word."""
    if sample.kind in WITHOUT or not sample.evidence:
        return None
    every = list(statements(sample))
    asked = [one for one in every if not is_quoted(one)]
    findings = await asyncio.gather(*(_ask(one, sample, context) for one in asked))
    bad = [(one, found) for one, found in zip(asked, findings, strict=True) if found.finding != "supported"]
    score = 1 - len(bad) / len(every) if every else 1.0
    if bad:
        one, found = min(bad, key=lambda pair: pair[1].finding != "contradicted")
        return failed(NAME, f"{found.finding} by the evidence: {_shown(one.text)} ({found.reason})", score)
    return passed(NAME, f"{len(every)} statements stand in the evidence, {len(asked)} of them by a model's word")


async def _ask(one: Statement, sample: Sample, context: ModelContext) -> Entailment:
    seed = int(content_id(context.seed, NAME, sample.id, one.text)[:7], 16)
    values = {"question": one.question, "claim": one.text, "answer": "" if one.answer == one.text else one.answer}
    judge = context.panel.judges[0]
    return await judge.ask(ENTAIL, sample.language, seed, values, evidence_text(one.evidence))


def statements(sample: Sample) -> Iterator[Statement]:
    """Every sentence of every answer with the question before it and the evidence that it names."""
    question, turn = "", 0
    for message in sample.messages:
        if message.role == "user":
            question = message.content
        if message.role != "assistant":
            continue
        evidence = sample.evidence
        if turn < len(sample.turns):
            evidence = tuple(sample.evidence[i] for i in sample.turns[turn] if i < len(sample.evidence))
        turn += 1
        if evidence:
            yield from (Statement(text, question, evidence, message.content) for text in sentences(message.content))


def is_quoted(one: Statement) -> bool:
    """Whether a statement stands in its evidence word for word."""
    plain = normal(one.text).rstrip(" .!?。！？")
    return any(plain in normal(evidence.quote) for evidence in one.evidence)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
