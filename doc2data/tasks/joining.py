"""The Tasks that join clues: ask over several, answer from what is left of them, and say what is missing."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.tasks.core import TRIMMED, Task

_Sentence = Annotated[str, StringConstraints(min_length=4, max_length=240), TRIMMED]

JOINED = 4
"""Most sentences that one question joins."""
TURN = 3
"""Most sentences that one turn of a talk stands on."""


class Joined(BaseModel):
    """A question over all sentences shown, built up in the order in which it is thought out."""

    descriptions: list[_Sentence] = Field(max_length=JOINED - 1)
    """For each thing that joins two sentences the words that mean it without its name."""
    plain: Annotated[str, StringConstraints(min_length=8, max_length=240), TRIMMED]
    """What is asked of the last thing, by its name."""
    question: Annotated[str, StringConstraints(min_length=12, max_length=320), TRIMMED]
    possible: bool
    """False where a description fits other things too, or nobody would ask that."""


class Compared(BaseModel):
    """A question that sets two things side by side."""

    respect: _Sentence
    """In what both sentences tell of their thing."""
    question: Annotated[str, StringConstraints(min_length=12, max_length=320), TRIMMED]
    possible: bool
    """False where there is no such thing."""


class Found(BaseModel):
    """One step to an answer: what has to be found out, and where it is said; a number instead of a copied quote."""

    find: _Sentence
    sentence: int
    """Number of the sentence that says it; 0 where none does."""
    says: _Sentence


class JoinedAnswer(BaseModel):
    """An answer from several sentences, found step by step."""

    steps: list[Found] = Field(min_length=1, max_length=JOINED)
    answerable: bool
    answer: Annotated[str, StringConstraints(min_length=2, max_length=600), TRIMMED]

    @property
    def sentences(self) -> tuple[int, ...]:
        """Numbers of the sentences used."""
        return tuple(step.sentence for step in self.steps if step.sentence)

    @property
    def is_found(self) -> bool:
        """Whether the sentences give an answer, and each step to it."""
        return self.answerable and all(step.sentence for step in self.steps)


class Missing(BaseModel):
    """A question that the passage leaves open, and what is missing."""

    question: Annotated[str, StringConstraints(min_length=12, max_length=300), TRIMMED]
    missing: Annotated[str, StringConstraints(min_length=3, max_length=120), TRIMMED]


WRITE_COMPARED = Task("write_compared", Compared, reply_tokens=192)
WRITE_JOINED = Task("write_joined", Joined, reply_tokens=320)
ANSWER_JOINED = Task("answer_joined", JoinedAnswer, reply_tokens=448)
WRITE_MISSING = Task("write_missing", Missing, reply_tokens=160)


def joined_over(lines: int) -> type[Joined]:
    """`Joined` with a description for every sentence but the last."""
    described = Annotated[list[_Sentence], Field(min_length=lines - 1, max_length=lines - 1)]
    return cast(type[Joined], create_model("Joined", __base__=Joined, descriptions=(described, ...)))


def joined_answer_over(lines: int) -> type[JoinedAnswer]:
    """`JoinedAnswer` with sentence numbers that exist: from 1 to `lines`, or 0 for none."""
    number = Annotated[int, Field(ge=0, le=lines)]
    found = create_model("Found", __base__=Found, sentence=(number, ...))
    steps = Annotated[list[found], Field(min_length=1, max_length=JOINED)]
    return cast(type[JoinedAnswer], create_model("JoinedAnswer", __base__=JoinedAnswer, steps=(steps, ...)))


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
    sentences: list[int] = Field(min_length=1, max_length=TURN)
    """Numbers of the lines that hold the answer."""
    answer: Annotated[str, StringConstraints(min_length=4, max_length=500), TRIMMED]


class OpenTurn(BaseModel):
    """A question that the passage leaves open, in a conversation, and what is missing."""

    question: Annotated[str, StringConstraints(min_length=4, max_length=240), TRIMMED]
    missing: Annotated[str, StringConstraints(min_length=3, max_length=120), TRIMMED]


WRITE_TURN = Task("write_turn", Turn, reply_tokens=320)
LEAVE_OPEN = Task("leave_open", OpenTurn, reply_tokens=160)


def turn_over(lines: int) -> type[Turn]:
    """`Turn` with sentence numbers that exist: from 1 to `lines`."""
    number = Annotated[int, Field(ge=1, le=lines)]
    numbers = Annotated[list[number], Field(min_length=1, max_length=min(TURN, lines))]
    return cast(type[Turn], create_model("Turn", __base__=Turn, sentences=(numbers, ...)))


def left_open(missing: str, language: str) -> str:
    """The plain answer that the documents do not tell what is missing."""
    if language == "zh":
        return f"文档没有说明{missing.rstrip('。')}。"
    return f"The documents do not state {missing.rstrip('.')}."
