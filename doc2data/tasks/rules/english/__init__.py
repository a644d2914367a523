"""The rules for English."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import conditions, definitions, facts, key_values, procedures, table_rows
from doc2data.tasks.rules.english.gate import passes
from doc2data.tasks.rules.english.sentence import Sentence, sentences


def drafts(clue: Clue, around: Around) -> list[Draft]:
    """Every draft that the English rules write from a clue and that stands alone, best first."""
    return [draft for raw in _written(clue, around) if (draft := passes(raw, around)) is not None]


def _written(clue: Clue, around: Around) -> Iterator[Draft]:
    if clue.kind == "table_row":
        yield from table_rows.drafts(clue, around)
    elif clue.kind == "key_value":
        yield from key_values.drafts(clue, around)
    elif clue.kind == "procedure":
        yield from procedures.drafts(clue, around)
    else:
        yield from definitions.acronyms(clue)
        for sentence in sentences(clue, around):
            yield from _of_sentence(sentence, around)


def _of_sentence(sentence: Sentence, around: Around) -> Iterator[Draft]:
    found = [draft for rule in (definitions, conditions, facts) for draft in rule.drafts(sentence, around)]
    yield from found or facts.permissions(sentence, around)
