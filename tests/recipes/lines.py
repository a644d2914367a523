"""First samples and a gate for the recipes that grow samples from others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doc2data.recipes.base import Content, Desk, Job
from doc2data.records import Judged, Message, Sample, Verdict
from models import Engine, ScriptedEngine
from models.engine import Request
from tests.recipes.desks import PINNED, Section, desk

PUMP_OIL = "The PX-7 gear pump is filled with Lubran 3."
PUMP_VOLUME = "The PX-7 gear pump holds 80 mL of oil."
QUESTION = "Which oil is the PX-7 gear pump filled with?"


@dataclass
class Line:
    """A desk with one accepted sample, about the clue `PUMP_OIL`."""

    desk: Desk
    first: Sample
    shown: list[Sample] = field(default_factory=list)
    """What the gate was asked about."""


@contextmanager
def line(
    folder: Path,
    engine: Engine | None = None,
    gate: Callable[[Sample], str] = lambda sample: "",
    grow: Mapping[str, Any] | None = None,
    question: str = QUESTION,
    documents: Mapping[str, Sequence[Section]] = PINNED,
) -> Iterator[Line]:
    """A desk whose gate turns down a sample for the reason that `gate` gives."""
    with desk(folder, documents, engine=engine) as at:
        clue = next(c for c in at.corpus.clues() if c.quote == PUMP_OIL)
        content = Content("qa", "en", (Message("user", question), Message("assistant", PUMP_OIL)), (clue,))
        first = at.sample(Job("qa", 1, clue.chunk, (clue.id,)), content)
        made = Line(at, first)
        at.settings = replace_grow(at, grow or {})
        at.accepted = lambda: iter([Judged(first, ())])
        at.find = lambda id: Judged(first, ()) if id == first.id else None

        def check(samples: Sequence[Sample], names: Sequence[str] | None = None) -> list[tuple[Verdict, ...]]:
            made.shown.extend(samples)
            return [(Verdict("support", not gate(s), float(not gate(s)), gate(s) or "fine"),) for s in samples]

        at.check = check
        yield made


def replace_grow(at: Desk, grow: Mapping[str, Any]) -> Any:
    """The desk's settings with other ones for growing."""
    return at.settings.model_copy(update={"grow": at.settings.grow.model_copy(update=dict(grow))})


def writer(*questions: str, answers: Mapping[str, tuple[str, Sequence[int]]] | None = None) -> ScriptedEngine:
    """A model that writes these questions in turn and answers each as told: text and sentence numbers.

    A question without an answer of its own is answered from the first sentence.
    """
    waiting = list(questions)
    told = answers or {}

    def reply(request: Request) -> str:
        fields = json.loads(request.schema)["properties"]
        prompt = request.messages[-1].content
        if "answerable" not in fields:
            return json.dumps({next(iter(fields)): waiting.pop(0)})
        asked = next((q for q in told if f"Question: {q}" in prompt), "")
        answer, numbers = told.get(asked, (PUMP_OIL, [1]))
        made = {"answerable": bool(numbers), "sentences": list(numbers), "answer": answer}
        steps = {"steps": [f"Step {n} of it." for n in numbers]} if "steps" in fields else {}
        return json.dumps(made | steps)

    return ScriptedEngine(reply)
