"""Public question sets read from a folder that the user names: passages, and questions that each has one right passage.

Nothing of them is part of the project. Expected below the folder: nqg/src-*.txt with nqg/tgt-*.txt, and JSON files in
the form of SQuAD (xquad, drcd, cmrc2018, policyqa) or PubMedQA, each in a folder named after its set.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its passage."""

    text: str
    passage: int
    answer: str
    """As the set gives it; empty where it gives none."""
    answer_start: int = -1
    """Where the answer stands in the passage; -1 where it does not."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Passages and questions of one set."""

    name: str
    language: str
    passages: Sequence[str]
    questions: Sequence[Question]

    def sample(self, size: int, seed: int = SEED) -> list[Question]:
        """Some of the questions, the same ones every time."""
        if len(self.questions) <= size:
            return list(self.questions)
        return random.Random(seed).sample(list(self.questions), size)


SQUAD_FORM = ("xquad", "drcd", "cmrc2018", "policyqa")
PUBMED_FORM = ("pubmedqa",)


def question_sets(folder: Path, wanted: str = "") -> Iterator[QuestionSet]:
    """Every set found below a folder whose name holds `wanted`."""
    for source in sorted((folder / "nqg").glob("src-*.txt")):
        if wanted not in f"nqg/{source.stem}":
            continue
        yield _sentences(source, source.with_name(source.name.replace("src-", "tgt-")))
    for file in sorted(folder.glob("*/*.json")):
        name = f"{file.parent.name}/{file.stem}"
        if wanted not in name or file.parent.name not in (*SQUAD_FORM, *PUBMED_FORM):
            continue
        raw = json.loads(file.read_text(encoding="utf-8"))
        yield _squad(name, raw["data"]) if file.parent.name in SQUAD_FORM else _pubmed(name, raw)


def _sentences(source: Path, target: Path) -> QuestionSet:
    lines = [line.strip() for line in source.read_text(encoding="utf-8").splitlines()]
    asked = [line.strip() for line in target.read_text(encoding="utf-8").splitlines()]
    numbers: dict[str, int] = {}
    questions = [
        Question(text, numbers.setdefault(line, len(numbers)), "") for line, text in zip(lines, asked, strict=True)
    ]
    return QuestionSet(f"nqg/{source.stem}", "en", list(numbers), questions)


def _squad(name: str, articles: Sequence[Mapping[str, Any]]) -> QuestionSet:
    numbers: dict[str, int] = {}
    questions = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            number = numbers.setdefault(paragraph["context"], len(numbers))
            for asked in paragraph["qas"]:
                answer: Mapping[str, Any] = next(iter(asked["answers"]), {"text": "", "answer_start": -1})
                questions.append(Question(asked["question"], number, answer["text"], answer["answer_start"]))
    return QuestionSet(name, _language("\n".join(list(numbers)[:50])), list(numbers), questions)


def _pubmed(name: str, rows: Mapping[str, Mapping[str, Any]]) -> QuestionSet:
    passages = [" ".join(row["CONTEXTS"]) for row in rows.values()]
    questions = [Question(row["QUESTION"], i, row["LONG_ANSWER"]) for i, row in enumerate(rows.values())]
    return QuestionSet(name, "en", passages, questions)


def _language(text: str) -> str:
    from parsers.language import language_of

    return language_of(text)
