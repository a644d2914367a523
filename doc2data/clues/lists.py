"""Clues of lists: every numbered step, and the whole procedure with the line that leads in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.clues.candidate import Candidate
from parsers.document import Block

NUMBERED = re.compile(r"^[(（]?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})[.)）、:]?$")
_NUMBER_INSIDE = re.compile(r"^(?:Step\s+\d+[:.]?|第[一二三四五六七八九十\d]+步[:：，]?|[①-⑳])\s*")
_MIN_STEPS = 2


def is_step(block: Block) -> bool:
    """Whether a list item carries a number, so that its place in the order means something."""
    if block.kind != "list_item":
        return False
    return bool(block.marker and NUMBERED.match(block.marker.strip())) or bool(_NUMBER_INSIDE.match(block.text))


def runs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Index ranges of neighbouring list items under one heading that start with a numbered one."""
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and blocks[end].kind == "list_item" and blocks[end].section == blocks[at].section:
            end += 1
        if end > at:
            yield at, end
        at = max(end, at + 1)


def candidates(blocks: Sequence[Block]) -> Iterator[Candidate]:
    """Steps and procedures of a document's blocks, in order."""
    for first, last in runs(blocks):
        items = blocks[first:last]
        if not is_step(items[0]):
            continue
        lead = _lead_in(blocks, first)
        title = lead.text.strip() if lead else (items[0].section[-1] if items[0].section else "")
        for item in items:
            if is_step(item):
                yield Candidate(
                    "step", item.start, item.end, item.section, item.page, title, item.marker or "", item.text
                )
        top = min(item.level or 1 for item in items)
        if sum(1 for item in items if (item.level or 1) == top) >= _MIN_STEPS:
            yield _procedure(lead, items, title)


def _procedure(lead: Block | None, items: Sequence[Block], title: str) -> Candidate:
    opener = lead or items[0]
    steps = tuple((item.marker or "", " ".join(item.text.split())) for item in items)
    return Candidate(
        "procedure", opener.start, items[-1].end, items[0].section, opener.page, subject=title, cells=steps
    )


def _lead_in(blocks: Sequence[Block], first: int) -> Block | None:
    before = blocks[first - 1] if first else None
    if before is None or before.kind != "paragraph" or before.section != blocks[first].section:
        return None
    return before if before.text.rstrip().endswith((":", "：")) else None
