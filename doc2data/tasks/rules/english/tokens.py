"""Words and punctuation of one sentence, with offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"[A-Za-z](?:\.[A-Za-z])+\.?"  # e.g.
    r"|[−+-]?\d[\d.,]*\d(?:[-–][A-Za-z]+)?|[−+-]?\d(?:[-–][A-Za-z]+)?"
    r"|[^\W\d_][\w'’]*(?:[-–/.&][\w'’]+)*|\w+|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark of a sentence."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        """Whether it is more than punctuation."""
        return any(letter.isalnum() for letter in self.text)


def tokens(sentence: str) -> list[Token]:
    """The tokens of `sentence` in order."""
    return [Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(sentence)]
