"""The two Tasks of back-translation: write the question that a clue answers, then answer it from the passage.

Back-translation of instructions is due to Li et al., "Self-Alignment with Instruction Backtranslation" (2308.06259).
"""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.tasks.core import CITED, TRIMMED, Task, cited


class Question(BaseModel):
    """What the model is asked to write first."""

    question: Annotated[str, StringConstraints(min_length=8, max_length=300), TRIMMED]


class Answer(BaseModel):
    """What the model is asked to write from the passage; numbers instead of copied quotes."""

    answerable: bool
    sentences: list[int] = Field(max_length=CITED)
    """Numbers of the lines that hold the answer; none where there is no answer."""
    answer: Annotated[str, StringConstraints(min_length=2, max_length=800), TRIMMED]


WRITE_QUESTION = Task("write_question", Question, reply_tokens=128)
WRITE_ANSWER = Task("write_answer", Answer, reply_tokens=320)


def answer_over(lines: int) -> type[Answer]:
    """`Answer` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Answer], create_model("Answer", __base__=Answer, sentences=(cited(lines), ...)))
