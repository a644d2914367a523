"""Text for a person's line: that of strangers made harmless, and numbers with their nouns."""

from __future__ import annotations

import re

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters of ISO 646 and ISO 6429 but tab and new line, and marks that turn the direction of writing."""


def plain(text: str) -> str:
    """The text without what could steer a terminal or turn the direction of its line."""
    return STEERING.sub("", text)


def one_line(text: str) -> str:
    """The same in one line, so that it can pass for no other."""
    return plain(" ".join(text.split("\n")))


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
