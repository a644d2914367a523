"""The Tasks behind preference pairs: four-aspect ratings, a critique by one principle, an answer mended.

The four aspects are UltraFeedback's (2310.01377); critique and revision by principles are Constitutional AI's
(2212.08073).
"""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.tasks.core import CITED, TRIMMED, Task, cited

ASPECTS = ("instruction_following", "truthfulness", "honesty", "helpfulness")
_Score = Annotated[int, Field(ge=1, le=5)]


class Ratings(BaseModel):
    """One answer, from 1 to 5 in each aspect."""

    reason: Annotated[str, StringConstraints(min_length=3, max_length=240), TRIMMED]
    instruction_following: _Score
    truthfulness: _Score
    honesty: _Score
    helpfulness: _Score

    @property
    def scores(self) -> dict[str, int]:
        """Score by aspect."""
        return {aspect: getattr(self, aspect) for aspect in ASPECTS}

    @property
    def mean(self) -> float:
        """Mean of the aspects, 1 to 5."""
        return sum(self.scores.values()) / len(ASPECTS)


class Critique(BaseModel):
    """Whether an answer goes against a principle."""

    critique: Annotated[str, StringConstraints(min_length=3, max_length=300), TRIMMED]
    violates: bool


class Mended(BaseModel):
    """An answer without the defects that were told; numbers instead of copied quotes."""

    possible: bool
    """False where the passage does not allow an answer without them."""
    sentences: list[int] = Field(max_length=CITED)
    """Numbers of the lines that hold the answer."""
    answer: Annotated[str, StringConstraints(min_length=2, max_length=800), TRIMMED]


RATE = Task("rate", Ratings, reply_tokens=160)
CRITIQUE = Task("critique", Critique, reply_tokens=160)
MEND_ANSWER = Task("mend_answer", Mended, reply_tokens=320)


def mended_over(lines: int) -> type[Mended]:
    """`Mended` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Mended], create_model("Mended", __base__=Mended, sentences=(cited(lines), ...)))
