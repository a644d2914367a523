"""The rules for English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import conditions, definitions, facts, key_values, permissions, procedures, table_rows
from doc2data.tasks.rules.english.gate import passes
from doc2data.tasks.rules.english.sentence import Sentence, sentences

LEAST_WORDS = 7
"""Words from which a cell may hold a statement of its own."""
MOST_WORDS_OF_KEY = 5
_MARKS = re.compile(r"[•●▪◦‣]|^[*–—-]\s")
_EXAMPLE = re.compile(r"\b(?:examples?|scenarios?|case stud(?:y|ies)|exercises?|quiz|challenge)\b", re.IGNORECASE)
"""Headings over what happens in a story and nowhere else."""
_SHOWN = re.compile(
    r"\b(?:examples?|scenarios?|samples?|say|instead|avoid|wrong|bad|poor|incorrect|confusing|clearer|better|worse|original"
    r"|revised|before|after|long|short|typical)\b",
    re.IGNORECASE,
)
"""Headers of what shows how something looks or is said, and states nothing."""


def drafts(clue: Clue, around: Around) -> list[Draft]:
    """Every draft that the English rules write from a clue and that stands alone, best first."""
    return [draft for raw in _written(clue, around) if (draft := passes(raw, around)) is not None]


def _written(clue: Clue, around: Around) -> Iterator[Draft]:
    if clue.kind == "table_row":
        yield from table_rows.drafts(clue, around)
        yield from _told_in(clue, (text for header, text in clue.cells if not _SHOWN.search(header)), around)
    elif clue.kind == "key_value":
        yield from key_values.drafts(clue, around)
        if len(clue.attribute.split()) <= MOST_WORDS_OF_KEY and not _SHOWN.search(clue.attribute):
            yield from _told_in(clue, (clue.value,), around)
    elif clue.kind == "procedure":
        yield from procedures.drafts(clue, around)
    elif clue.section and _EXAMPLE.search(clue.section[-1]):
        yield from definitions.acronyms(clue)
    else:
        yield from definitions.acronyms(clue)
        for sentence in sentences(clue, around):
            yield from _of_sentence(sentence, around)


def _told_in(clue: Clue, cells: Iterable[str], around: Around) -> Iterator[Draft]:
    """What the sentences inside cells tell: a requirement in a row is a statement like any other."""
    for prose in (part.strip() for text in cells for part in _MARKS.split(text)):
        if len(prose.split()) >= LEAST_WORDS and prose.endswith("."):
            for sentence in sentences(replace(clue, quote=prose, kind="sentence"), around):
                if len(sentence.clues) == 1:
                    yield from (replace(draft, clues=(clue,)) for draft in _of_sentence(sentence, around))


def _of_sentence(sentence: Sentence, around: Around) -> Iterator[Draft]:
    found = [draft for rule in (definitions, conditions, facts) for draft in rule.drafts(sentence, around)]
    yield from found or permissions.drafts(sentence, around)
