"""Samples for the checks, made from a few sentences of a manual that is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from doc2data.checks import CheckContext, check_batch
from doc2data.records import Evidence, Hit, MadeBy, Message, Passage, RecipeRef, Sample, Verdict
from models import Vectors

MANUAL = (
    "The feed pump delivers 12 m³/h at 0.5 MPa. Before the first start, fill the pump with clean water. "
    "The shaft seal must be replaced every 4,000 operating hours. "
    "The drain valve must not be opened while the pump runs. "
    "Error E-417 means that the inlet pressure is below 80 kPa. "
    "The key switch of the Hartmann control cabinet locks the start button. "
    "The filter may be washed at most three times. "
    "A-3 | Bus does not answer | No master has called for 5 minutes.\n"
    "A-4 | Valve does not close | A grain of sand holds the valve.\nStart-up peak | 28 W\n"
    "If a seal is not in stock, it can be ordered from the maker.\n"
    "Part | Mass (g) | Life (days)\nDC-9 | 55 | 14\n"
    "1. Close the inlet valve.\n2. Bleed the pump head.\n3. Start the drive motor."
)
CHINESE = "首次启动之前必须向泵内注满清水。轴封每运行四千小时更换一次。泵运行时不得打开排水阀。"
DOCUMENTS = {"manual.pdf": MANUAL, "手册.pdf": CHINESE}


def evidence(quote: str, document: str = "manual.pdf") -> Evidence:
    start = DOCUMENTS[document].index(quote)
    return Evidence(document, "Feed pump FP-12", 1, ("Care",), start, start + len(quote), quote)


def sample(question: str, answer: str, *quotes: str, language: str = "en", kind: str = "qa") -> Sample:
    document = "手册.pdf" if language == "zh" else "manual.pdf"
    return Sample(
        id="s1",
        kind=kind,
        language=language,
        messages=(Message("user", question), Message("assistant", answer)),
        evidence=tuple(evidence(quote, document) for quote in quotes),
        recipe=RecipeRef("qa", 1),
        made_by=MadeBy("rules", "rules", "", "", 0),
    )


SEAL = "The shaft seal must be replaced every 4,000 operating hours."
PUMP = "The feed pump delivers 12 m³/h at 0.5 MPa."
VALVE = "The drain valve must not be opened while the pump runs."
ERROR = "Error E-417 means that the inlet pressure is below 80 kPa."
STEPS = "1. Close the inlet valve.\n2. Bleed the pump head.\n3. Start the drive motor."
FILL = "Before the first start, fill the pump with clean water."
FILTER = "The filter may be washed at most three times."
CABINET = "The key switch of the Hartmann control cabinet locks the start button."

GOOD = sample("How often must the shaft seal be replaced?", "It must be replaced every 4,000 operating hours.", SEAL)


def no_search(queries: Sequence[str], k: int) -> list[list[Hit]]:
    return [[] for _ in queries]


def no_paraphrase(texts: Sequence[str]) -> Vectors:
    """Vectors by which no two texts are alike."""
    return np.eye(len(texts), dtype=np.float32)


def whole_manual(queries: Sequence[str], k: int) -> list[list[Hit]]:
    """Search that brings back the whole manual for any question."""
    passage = Passage("p", "manual.pdf", "c", (), 1, 0, len(MANUAL), MANUAL)
    return [[Hit(passage, 1.0, 1, 1)] for _ in queries]


CONTEXT = CheckContext(DOCUMENTS.__getitem__, no_search, no_paraphrase)


def verdict(name: str, checked: Sample, context: CheckContext = CONTEXT) -> Verdict:
    return check_batch([checked], context, [name])[0][0]


def answering(checked: Sample, answer: str) -> Sample:
    return replace(checked, messages=(*checked.messages[:-1], Message("assistant", answer)))
