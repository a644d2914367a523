"""What operators read besides an answer, and what they write."""

from __future__ import annotations

from dataclasses import dataclass, field

SUPPORT = "support"
COMPLETENESS = "completeness"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the rest of the documents says, from which a wrong answer can borrow."""

    names: tuple[str, ...] = ()
    """Names of things, in any order."""
    texts: tuple[str, ...] = ()
    """Texts whose numbers and codes may be mistaken for those of the answer, nearest first."""
    answers: tuple[str, ...] = ()
    """Answers from neighbouring passages, nearest first."""
    sentences: tuple[str, ...] = ()
    """True sentences that the evidence does not hold."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A right answer and what it stands on."""

    question: str
    answer: str
    evidence: str
    """All quotes."""
    language: str
    named: tuple[str, ...] = ()
    """Names that its evidence is known to hold."""
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def holds(self, text: str) -> bool:
        """Whether evidence or question hold a text, in any case."""
        return text.casefold() in f"{self.evidence}\n{self.question}".casefold()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A proposal: the answer as it was changed, and what was."""

    answer: str
    before: str
    after: str
    check: str = SUPPORT
    """The check that should turn it down."""


def exchanged(ground: Ground, start: int, end: int, after: str) -> Wrong:
    """The answer with one stretch exchanged for another."""
    answer = ground.answer
    return Wrong(answer[:start] + after + answer[end:], answer[start:end], after)
