"""The rules for Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from doc2data.records import Clue
from doc2data.tasks.rules.chinese import facts, procedures, table_rows
from doc2data.tasks.rules.chinese.gate import passes
from doc2data.tasks.rules.chinese.sentence import sentences
from doc2data.tasks.rules.draft import Around, Draft

_MARKS = re.compile(r"[•●▪◦‣]|^[·*–—-]\s")
_SHOWN = re.compile(r"例|场景|示范|样本")


def drafts(clue: Clue, around: Around) -> list[Draft]:
    """Every draft that the Chinese rules write from a clue and that stands alone."""
    return [draft for raw in _written(clue, around) if (draft := passes(raw, around)) is not None]


def _written(clue: Clue, around: Around) -> Iterator[Draft]:
    if clue.kind == "table_row":
        yield from table_rows.row_drafts(clue, around)
        yield from _told_in(clue, [text for header, text in clue.cells if not _SHOWN.search(header)])
    elif clue.kind == "key_value":
        yield from table_rows.pair_drafts(clue, around)
        yield from _told_in(clue, [] if _SHOWN.search(clue.attribute) else [clue.value])
    elif clue.kind == "procedure":
        yield from procedures.drafts(clue, around)
    elif not (clue.section and _SHOWN.search(clue.section[-1])):
        for text in sentences(clue):
            yield from facts.drafts(text, clue)


def _told_in(clue: Clue, cells: Sequence[str]) -> Iterator[Draft]:
    """What the sentences inside cells tell."""
    for prose in (part.strip() for text in cells for part in _MARKS.split(text)):
        for sentence in sentences(replace(clue, quote=prose)) if prose.endswith("。") else ():
            yield from (replace(draft, clues=(clue,)) for draft in facts.drafts(sentence, clue))
