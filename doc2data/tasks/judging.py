"""The Tasks that judge and mend: entailment, a review by rubric, a comparison, the same answer twice, a revision.

None of them says who wrote what is judged. Reasons come before scores, so that a score follows from its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, cast

from pydantic import BaseModel, Field, StringConstraints, create_model

from doc2data.records import Evidence
from doc2data.tasks.core import CITED, TRIMMED, PassageText, Task, cited

_Reason = Annotated[str, StringConstraints(min_length=3, max_length=240), TRIMMED]

ASPECTS = ("accuracy", "completeness", "selfcontainedness", "naturalness")
"""What a review rates, in the order of the rubric."""
NAMES = {aspect: aspect for aspect in ASPECTS} | {"selfcontainedness": "self-containedness"}
"""The aspects as people write them."""
BEST = 5
"""The highest score; the lowest is 1."""


class Entailment(BaseModel):
    """Whether evidence bears out one statement."""

    reason: _Reason
    finding: Literal["supported", "contradicted", "not stated"]


class Rating(BaseModel):
    """One aspect of a review."""

    reason: _Reason
    """The worst defect, or that there is none."""
    score: Annotated[int, Field(ge=1, le=BEST)]


class Review(BaseModel):
    """A question with its answer, rated by rubric."""

    accuracy: Rating
    completeness: Rating
    selfcontainedness: Rating
    naturalness: Rating

    @property
    def ratings(self) -> dict[str, Rating]:
        """Rating by aspect, in the order of the rubric."""
        return {aspect: getattr(self, aspect) for aspect in ASPECTS}


class Comparison(BaseModel):
    """Which of two answers is better."""

    reason: _Reason
    better: Literal["first", "second", "neither"]


class Agreement(BaseModel):
    """Whether two answers say the same."""

    reason: _Reason
    same: bool


class Revision(BaseModel):
    """A question and its answer, mended; numbers instead of copied quotes."""

    possible: bool
    """False where the passage does not allow a good question and answer of this kind."""
    question: Annotated[str, StringConstraints(min_length=8, max_length=320), TRIMMED]
    sentences: list[int] = Field(max_length=CITED)
    """Numbers of the lines that hold the answer."""
    answer: Annotated[str, StringConstraints(min_length=2, max_length=800), TRIMMED]


ENTAIL = Task("entail", Entailment, reply_tokens=128)
REVIEW = Task("review", Review, reply_tokens=448)
COMPARE = Task("compare", Comparison, reply_tokens=128)
AGREE = Task("agree", Agreement, reply_tokens=128)
REVISE = Task("revise", Revision, reply_tokens=448)


def revision_over(lines: int) -> type[Revision]:
    """`Revision` with sentence numbers that exist: from 1 to `lines`."""
    return cast(type[Revision], create_model("Revision", __base__=Revision, sentences=(cited(lines), ...)))


def evidence_text(evidence: Sequence[Evidence]) -> PassageText:
    """Evidence as numbered lines; one that stands elsewhere than the first says where."""
    first = evidence[0]
    lines = [
        f"[{number}] {'' if _place(e) == _place(first) else f'({_place(e)}) '}{_one_line(e.quote)}"
        for number, e in enumerate(evidence, 1)
    ]
    return PassageText(_one_line(first.title), _one_line(" > ".join(first.section)), tuple(lines))


def _place(evidence: Evidence) -> str:
    return _one_line(" > ".join((evidence.title, *evidence.section[-1:])))


def _one_line(text: str) -> str:
    return " ".join(text.split())
