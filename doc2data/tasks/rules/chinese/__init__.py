"""The rules for Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.chinese import facts, procedures, table_rows
from doc2data.tasks.rules.chinese.gate import passes
from doc2data.tasks.rules.chinese.sentence import sentences
from doc2data.tasks.rules.draft import Around, Draft


def drafts(clue: Clue, around: Around) -> list[Draft]:
    """Every draft that the Chinese rules write from a clue and that stands alone."""
    return [draft for raw in _written(clue, around) if (draft := passes(raw, around)) is not None]


def _written(clue: Clue, around: Around) -> Iterator[Draft]:
    if clue.kind == "table_row":
        yield from table_rows.row_drafts(clue, around)
    elif clue.kind == "key_value":
        yield from table_rows.pair_drafts(clue, around)
    elif clue.kind == "procedure":
        yield from procedures.drafts(clue, around)
    else:
        for text in sentences(clue):
            yield from facts.drafts(text, clue)
