"""The Tasks by which samples grow: a harder question, another wording, a question in a person's own manner.

Evol-Instruct is due to Xu et al., "WizardLM" (2304.12244); self-instruct to Wang et al. (2212.10560), its
self-correction to Gupta et al., "TarGEN" (2310.17876); use and skills to Wang et al., "CodecLM" (2404.05875).
"""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.tasks.core import CITED, TRIMMED, Task, cited
from doc2data.tasks.questions import Answer

_Step = Annotated[str, StringConstraints(min_length=4, max_length=240), TRIMMED]
_Word = Annotated[str, StringConstraints(min_length=2, max_length=60), TRIMMED]
STEPS = 4
"""Most steps of an answer that reasons, and sentences that they stand on."""


class Grown(BaseModel):
    """A question made out of another one, or of an example."""

    question: Annotated[str, StringConstraints(min_length=8, max_length=480), TRIMMED]


class Reasoned(BaseModel):
    """An answer with the steps that lead to it; numbers instead of copied quotes."""

    answerable: bool
    sentences: list[int] = Field(max_length=STEPS)
    """Numbers of the lines that hold the answer; none where there is no answer."""
    steps: list[_Step] = Field(max_length=STEPS)
    answer: Annotated[str, StringConstraints(min_length=2, max_length=800), TRIMMED]


class Translated(BaseModel):
    """A text in another language."""

    text: Annotated[str, StringConstraints(min_length=4, max_length=480), TRIMMED]


class Corrected(BaseModel):
    """A second look at a pair: whether the answer is right, and the right one."""

    right: bool
    sentences: list[int] = Field(max_length=CITED)
    """Numbers of the lines that hold the answer; none where there is no answer."""
    answer: Annotated[str, StringConstraints(min_length=2, max_length=800), TRIMMED]


class Purpose(BaseModel):
    """What a passage is used for, and what it takes to ask and answer about it."""

    use: Annotated[str, StringConstraints(min_length=4, max_length=120), TRIMMED]
    skills: list[_Word] = Field(min_length=1, max_length=4)


EVOLVE = Task("evolve", Grown, reply_tokens=320)
ANSWER_STEPS = Task("answer_steps", Reasoned, reply_tokens=512)
REWORD = Task("reword", Grown, reply_tokens=320)
TRANSLATE = Task("translate", Translated, reply_tokens=320)
WRITE_ALIKE = Task("write_alike", Grown, reply_tokens=320)
ANSWER_ALIKE = Task("answer_alike", Answer, reply_tokens=448)
CORRECT = Task("correct", Corrected, reply_tokens=448)
NAME_PURPOSE = Task("name_purpose", Purpose, reply_tokens=256)


def steps_over(lines: int) -> type[Reasoned]:
    """`Reasoned` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Reasoned], create_model("Reasoned", __base__=Reasoned, sentences=(cited(lines, STEPS), ...)))


def corrected_over(lines: int) -> type[Corrected]:
    """`Corrected` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Corrected], create_model("Corrected", __base__=Corrected, sentences=(cited(lines), ...)))
