"""Contents pages: a witness for headings, and text that only repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.lines import Line
from parsers.pdf.regions import Region

LEADER = re.compile(r"(?:[.·…_]\s?){4,}|…{2,}")
MARKS = re.compile(r"[\W_]+")
PAGE = re.compile(r"(?:^|\s)(?:\d{1,4}|[ivxlc]{1,6})\s*$", re.IGNORECASE)
LAST_NUMBER = re.compile(r"(?<=\s)\d{1,4}$")
FEWEST = 3
"""Entries that make a contents list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a contents list."""

    title: str
    page: int
    """The page on which the entry itself stands."""
    led: bool
    """Its list has dot leaders, which prove it a contents list."""


def key_of(text: str) -> str:
    """Letters and digits of a title, for comparing it with other forms of itself."""
    return MARKS.sub("", text.lower())


def entries(region: Region, page: int) -> list[Entry]:
    """The entries of a region that is a contents list; empty where it is none.

    Lines with dot leaders prove a contents list. Without leaders, nearly every line must end with a page number, and
    whether it is a contents list is for the caller to decide by comparing titles with headings.
    """
    if len(region.lines) < FEWEST:
        return []
    led = [line for line in region.lines if LEADER.search(line.text)]
    if len(led) >= FEWEST and 2 * len(led) >= len(region.lines):
        return [Entry(_title(line), page, True) for line in region.lines]
    numbers = [int(match.group()) for line in region.lines if (match := LAST_NUMBER.search(line.text))]
    if len(numbers) >= 2 * FEWEST and len(numbers) > 0.8 * len(region.lines) and _ascend(numbers):
        return [Entry(_title(line), page, False) for line in region.lines]
    return []


def _ascend(numbers: Sequence[int]) -> bool:
    """Whether numbers grow from line to line as page numbers do."""
    return numbers[-1] > numbers[0] and all(a <= b for a, b in pairwise(numbers))


def _title(line: Line) -> str:
    text = LEADER.sub(" \x00 ", line.text)
    if "\x00" in text:
        text = re.sub(r"\s*\d{0,4}\s*\x00\s*\d{0,4}\s*", " ", text)
    return PAGE.sub("", text).strip()


def repeats(found: Sequence[Entry], headings: Iterable[str]) -> bool:
    """Whether most entries say what some heading says."""
    keys = {key_of(heading) for heading in headings}
    known = sum(key_of(entry.title) in keys for entry in found)
    return known > 0.6 * len(found)
