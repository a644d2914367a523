"""The pool of questions that a new one must not resemble in its words (Self-Instruct, 2212.10560)."""

from __future__ import annotations

from doc2data.likeness import nearest


class Pool:
    """Questions, and which of them a new one is too near to."""

    def __init__(self, most: float) -> None:
        """`most` is the ROUGE-L from which two questions are too near."""
        self._most = most
        self._questions: list[str] = []

    def add(self, question: str) -> None:
        """Put a question into the pool."""
        self._questions.append(question)

    def near(self, question: str) -> str | None:
        """The first question of the pool that this one is too near to, or None."""
        return nearest(question, self._questions, self._most)
