"""The Tasks that join clues: ask over several, answer from what is left of them, and say what is missing."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.tasks.core import TRIMMED, Task, cited

_Sentence = Annotated[str, StringConstraints(min_length=4, max_length=240), TRIMMED]

JOINED = 4
"""Most sentences that one question joins."""
TURN = 3
"""Most sentences that one turn of a talk stands on."""


class Joined(BaseModel):
    """A question over all sentences shown."""

    possible: bool
    """False where a sentence does not tell its thing from others; `question` then says what is missing."""
    question: Annotated[str, StringConstraints(min_length=12, max_length=320), TRIMMED]


class JoinedAnswer(BaseModel):
    """An answer with one step of reasoning per sentence used; numbers instead of copied quotes."""

    answerable: bool
    sentences: list[int] = Field(max_length=JOINED)
    """Numbers of the sentences used; none where there is no answer."""
    steps: list[_Sentence] = Field(max_length=JOINED)
    """What each of them contributes, in their order."""
    answer: Annotated[str, StringConstraints(min_length=2, max_length=600), TRIMMED]


class Missing(BaseModel):
    """A question that the passage leaves open, and what is missing."""

    question: Annotated[str, StringConstraints(min_length=12, max_length=300), TRIMMED]
    missing: Annotated[str, StringConstraints(min_length=3, max_length=120), TRIMMED]


WRITE_COMPARED = Task("write_compared", Joined, reply_tokens=144)
WRITE_JOINED = Task("write_joined", Joined, reply_tokens=144)
ANSWER_JOINED = Task("answer_joined", JoinedAnswer, reply_tokens=384)
WRITE_MISSING = Task("write_missing", Missing, reply_tokens=160)


def joined_answer_over(lines: int) -> type[JoinedAnswer]:
    """`JoinedAnswer` with sentence numbers that exist: from 1 to `lines`."""
    return cast(
        type[JoinedAnswer], create_model("JoinedAnswer", __base__=JoinedAnswer, sentences=(cited(lines, JOINED), ...))
    )


class Reckoning(BaseModel):
    """A calculation in words."""

    question: Annotated[str, StringConstraints(min_length=12, max_length=320), TRIMMED]
    steps: list[_Sentence] = Field(min_length=1, max_length=8)
    answer: Annotated[str, StringConstraints(min_length=2, max_length=500), TRIMMED]


WRITE_RECKONING = Task("write_reckoning", Reckoning, reply_tokens=448)


class Followed(BaseModel):
    """What steps of reasoning lead to, without the answer that they were written for."""

    answerable: bool
    answer: Annotated[str, StringConstraints(min_length=1, max_length=300), TRIMMED]


class Rationale(BaseModel):
    """Steps that lead to an answer which is known."""

    steps: list[_Sentence] = Field(min_length=1, max_length=8)


FOLLOW_STEPS = Task("follow_steps", Followed, reply_tokens=160)
RATIONALISE = Task("rationalise", Rationale, reply_tokens=384)


class Turn(BaseModel):
    """One exchange of a conversation; numbers instead of copied quotes."""

    question: Annotated[str, StringConstraints(min_length=4, max_length=240), TRIMMED]
    answerable: bool
    sentences: list[int] = Field(max_length=TURN)
    """Numbers of the lines that hold the answer; none where the passage does not tell."""
    answer: Annotated[str, StringConstraints(min_length=4, max_length=500), TRIMMED]


WRITE_TURN = Task("write_turn", Turn, reply_tokens=448)


def turn_over(lines: int) -> type[Turn]:
    """`Turn` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Turn], create_model("Turn", __base__=Turn, sentences=(cited(lines, TURN), ...)))
