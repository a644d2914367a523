"""One finding, and the words that say before a number what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["email", "phone", "id", "card", "iban", "ip", "secret", "name"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NEAR = 32
"""Characters before a number in which a word may say what it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text."""

    kind: Kind
    start: int
    end: int
    value: str
    """In one form, however it is written: a number's digits, an address in small letters, a person's first spelling."""


def is_called(text: str, start: int, cue: re.Pattern[str]) -> bool:
    """Whether a word shortly before `start`, in the same line, or at the head of its table column names it."""
    line = text.rfind("\n", 0, start) + 1
    if cue.search(text, max(line, start - NEAR), start):
        return True
    return any(cue.search(header) for header in _column_heads(text, line, start))


def _column_heads(text: str, line: int, start: int) -> Iterator[str]:
    """The cells above a place in a table whose cells are parted by bars."""
    column = text.count("|", line, start)
    end = text.find("\n", start)
    cells = text.count("|", line, len(text) if end < 0 else end)
    while cells and line > 0:
        above = text.rfind("\n", 0, line - 1) + 1
        row = text[above : line - 1]
        if row.count("|") != cells:
            return
        yield row.split("|")[column]
        line = above
