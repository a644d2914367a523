"""What a sample claims: each answer, and the reasoning, with the evidence that it has to stand on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from doc2data.checks.structure import DATA
from doc2data.checks.vocabulary import vocabulary
from doc2data.records import Evidence, Sample

PARTIAL = "partial"
"""The kind whose answer tells what the documents say, and of the rest that they do not."""
DERIVING_KINDS = frozenset({"cot", "multihop"})
"""Kinds whose answers may hold a number reckoned from those of the evidence."""

_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|section|annex|appendix|part)\s+)?(?:\d+(?:\.\d+)*|[A-Z]\.\d[\d.]*)[.):]?\s+(?=\S)",
    re.IGNORECASE,
)
"""What counts a heading: the 4 of "4 First start" is no fact about what stands there."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer of a sample and what it has to stand on."""

    answer: str
    quotes: tuple[str, ...]
    headings: tuple[str, ...]
    """Titles and headings under which the quotes stand; they name what a table or a list is about."""
    question: str
    """What was said before it."""
    steps: str
    """The reasoning that leads to it; it is a claim of its own."""
    language: str
    derives: bool
    hops: bool
    """Whether its sample leads over several things, so that a sentence may speak of others than the question names."""
    may_refuse: bool
    """Whether it may say that the documents do not tell a part of what was asked."""
    free: bool = False
    """Whether it names no evidence, so that only its facts are held to what the sample knows."""


def claims(sample: Sample) -> Iterator[Claim]:
    """Each answer with the evidence it names, and the conversation before it; the reasoning stands before the last."""
    if sample.kind == "unanswerable":
        return
    said: list[str] = []
    turn = 0
    for message in sample.messages:
        if message.role == "assistant":
            evidence = _evidence_of(sample, turn)
            turn += 1
            steps = "\n".join(step.text for step in sample.reasoning) if turn == len(sample.turns or (0,)) else ""
            if evidence or not sample.turns:
                if steps.strip():
                    yield replace(_claim(sample, steps, evidence, said), derives=True)
                answer = _claim(sample, _stated(message.content, sample.kind), evidence, said)
                yield replace(answer, steps=steps)
            else:
                yield replace(_claim(sample, message.content, sample.evidence, said), free=True)
        if message.role != "system":
            said.append(message.content)


def _asks_to_reckon(before: Sequence[str], language: str) -> bool:
    """Whether what was said before, reasoning or question, asks for a reckoned number; a lookup gives it as it is."""
    pattern = vocabulary(language).reckoning
    return not pattern or re.search(pattern, "\n".join(before), re.IGNORECASE) is not None


def _claim(sample: Sample, answer: str, evidence: Sequence[Evidence], before: Sequence[str]) -> Claim:
    headings = dict.fromkeys(_NUMBERING.sub("", h) for e in evidence for h in (e.title, *e.section))
    return Claim(
        answer=answer,
        quotes=tuple(e.quote for e in evidence),
        headings=tuple(headings),
        question="\n".join(before),
        steps="",
        language=sample.language,
        derives=sample.kind in DERIVING_KINDS and _asks_to_reckon(before, sample.language),
        hops=sample.kind in DERIVING_KINDS,
        may_refuse=sample.kind == PARTIAL,
    )


def _stated(answer: str, kind: str) -> str:
    """What an answer states: of JSON its values, a line each."""
    if kind != DATA:
        return answer
    try:
        return "\n".join(_values(json.loads(answer)))
    except (ValueError, RecursionError):
        return answer


def _values(found: Any) -> Iterator[str]:
    """The texts and numbers of JSON, in order."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for item in found:
            yield from _values(item)
    elif found is not None and not isinstance(found, bool):
        yield str(found)


def _evidence_of(sample: Sample, turn: int) -> list[Evidence]:
    if turn < len(sample.turns):
        return [sample.evidence[i] for i in sample.turns[turn] if i < len(sample.evidence)]
    return list(sample.evidence)
