"""One finding, and the words that say before a number what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

Kind = Literal["email", "phone", "id", "card", "iban", "ip", "secret", "name"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NEAR = 32
"""Characters before a number in which a word may say what it is."""
HEADS = 2
"""Lines at the top of a table that may head its columns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text."""

    kind: Kind
    start: int
    end: int
    value: str
    """In one form, however it is written: a number's digits, an address in small letters, a person's first spelling."""


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the text, none of them inside another: where some overlap, the longer one stays."""
    kept: list[Finding] = []
    crowd: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda f: (f.start, f.end)):
        if crowd and finding.start >= end:
            kept += _longest(crowd)
            crowd = []
        crowd.append(finding)
        end = max(end, finding.end)
    return kept + _longest(crowd)


def _longest(crowd: Sequence[Finding]) -> list[Finding]:
    chosen: list[Finding] = []
    for finding in sorted(crowd, key=lambda f: (f.start - f.end, KINDS.index(f.kind), f.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in chosen):
            chosen.append(finding)
    return sorted(chosen, key=lambda f: f.start)


def is_called(text: str, start: int, cue: re.Pattern[str]) -> bool:
    """Whether a word shortly before `start`, in the same line, or at the head of its table column names it."""
    line = text.rfind("\n", 0, start) + 1
    if cue.search(text, max(line, start - NEAR), start):
        return True
    column = text.count("|", line, start)
    return any(cue.search(head[column]) for head in _heads(text).get(line, ()) if column < len(head))


@lru_cache(maxsize=4)
def _heads(text: str) -> dict[int, tuple[list[str], ...]]:
    """For the start of each line whose cells are parted by bars: the cells of the first lines of its table."""
    found: dict[int, tuple[list[str], ...]] = {}
    heads: tuple[list[str], ...] = ()
    at = 0
    for line in text.split("\n") if "|" in text else ():
        cells = line.split("|")
        if len(cells) == 1 or (heads and len(heads[0]) != len(cells)):
            heads = ()
        if len(cells) > 1:
            found[at] = heads
            heads = (*heads, cells) if len(heads) < HEADS else heads
        at += len(line) + 1
    return found
