"""The Tasks that do something with a whole text: summarise it, tell a table in sentences, extract facts, classify.

What a user asks is worded here too, by language, because it goes into the sample with the text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, WithJsonSchema, create_model

from doc2data.tasks.core import TRIMMED, Task

POINT = 600
TELLING = 1200
"""Most characters of one point, and of a telling in six sentences."""
NONE = "none of them"
"""What a model says where no label fits."""
_Numbers = Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=24)]


class Summary(BaseModel):
    """A text told shorter, with the sentences it stands on."""

    sentences: list[int] = Field(max_length=12)
    points: list[Annotated[str, StringConstraints(min_length=8, max_length=TELLING), TRIMMED]] = Field(
        min_length=1, max_length=8
    )


class Prose(BaseModel):
    """A table told in sentences."""

    text: Annotated[str, StringConstraints(min_length=20, max_length=1600), TRIMMED]


class Facts(BaseModel):
    """Facts by a schema, with the sentences that hold them."""

    sentences: list[int] = Field(max_length=24)
    facts: Any


class Label(BaseModel):
    """The label that fits, with the sentences that show it."""

    sentences: list[int] = Field(max_length=4)
    label: str


SUMMARISE = Task("summarise", Summary, reply_tokens=512)
REWRITE = Task("rewrite", Prose, reply_tokens=512)
EXTRACT = Task("extract", Facts, reply_tokens=512)
CLASSIFY = Task("classify", Label, reply_tokens=96)


def summary_over(lines: int, points: int, longest: int = POINT) -> type[Summary]:
    """`Summary` of so many points of so many characters at most, with sentence numbers that exist."""
    text = Annotated[str, StringConstraints(min_length=8, max_length=longest), TRIMMED]
    listed = Annotated[list[text], Field(min_length=points, max_length=points)]
    made = create_model("Summary", __base__=Summary, sentences=(_upto(lines, 12), ...), points=(listed, ...))
    return cast(type[Summary], made)


def facts_over(lines: int, schema: Mapping[str, Any]) -> type[Facts]:
    """`Facts` that a JSON schema allows, with sentence numbers that exist."""
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator(dict(schema))

    def allowed(value: Any) -> Any:
        problem = next(checker.iter_errors(value), None)
        if problem is not None:
            raise ValueError(problem.message)
        return value

    facts = Annotated[Any, AfterValidator(allowed), WithJsonSchema(dict(schema))]
    return cast(
        type[Facts],
        create_model("Facts", __base__=Facts, sentences=(_upto(lines, 24, least=0), ...), facts=(facts, ...)),
    )


def label_over(lines: int, labels: Sequence[str]) -> type[Label]:
    """`Label` that is one of those given, or none, with sentence numbers that exist."""
    one = Literal[(*labels, NONE)]  # type: ignore[valid-type]
    return cast(
        type[Label], create_model("Label", __base__=Label, sentences=(_upto(lines, 4, least=0), ...), label=(one, ...))
    )


def _upto(lines: int, most: int, least: int = 1) -> Any:
    return Annotated[list[Annotated[int, Field(ge=1, le=lines)]], Field(min_length=least, max_length=min(most, lines))]


ASKED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sentence": "Summarise the text in one sentence.",
        "points": "Summarise the text in three points.",
        "reader": "Tell {reader} what the section says.",
        "rewrite": "Put the table into running text: every row in full sentences.",
        "extract": "Extract the facts from the text as JSON that follows this schema:\n\n{schema}",
        "classify": "Which of these labels fits the text best? {labels}",
    },
    "zh": {
        "sentence": "用一句话概括以下内容。",
        "points": "用三个要点概括以下内容。",
        "reader": "向{reader}讲解以下内容。",
        "rewrite": "把下表改写成连贯的文字，每一行用完整的句子说明。",
        "extract": "按照下面的JSON模式，从文本中提取信息，以JSON形式给出：\n\n{schema}",
        "classify": "下列标签中哪一个最符合文本内容？{labels}",
    },
    "de": {
        "sentence": "Fasse den Text in einem Satz zusammen.",
        "points": "Fasse den Text in drei Punkten zusammen.",
        "reader": "Erkläre, was der Abschnitt sagt. Die Erklärung ist für: {reader}.",
        "rewrite": "Schreibe die Tabelle als Fließtext, jede Zeile in ganzen Sätzen.",
        "extract": "Gib die Angaben des Textes als JSON nach diesem Schema wieder:\n\n{schema}",
        "classify": "Welche dieser Bezeichnungen passt am besten zum Text? {labels}",
    },
    "fr": {
        "sentence": "Résume le texte en une phrase.",
        "points": "Résume le texte en trois points.",
        "reader": "Explique ce que dit le passage. L'explication s'adresse à : {reader}.",
        "rewrite": "Rédige le tableau sous forme de texte, chaque ligne en phrases complètes.",
        "extract": "Donne les informations du texte en JSON, selon ce schéma :\n\n{schema}",
        "classify": "Laquelle de ces étiquettes convient le mieux au texte ? {labels}",
    },
}
"""What the user asks for by form; in English where there is no wording of a language."""


def request(form: str, language: str, text: str, **values: str) -> str:
    """What the user says: what to do, and the text to do it with."""
    asked = ASKED.get(language, ASKED["en"])[form].format(**values)
    return f"{asked}\n\n{text}"


def compact(value: Any) -> str:
    """JSON as it is shown in a sample: one line for each element of a list, keys in their order."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        rows = ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in value)
        return f"[\n{rows}\n]"
    return json.dumps(value, ensure_ascii=False)
