"""Key-value lines: what is the key of the thing that section or document is about?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import entities
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english.attributes import answer_with, question_for, split_unit, tidy
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.sentence import lowered

_GLOSSARY = re.compile(r"\b(?:glossary|definitions?|terms|terminology|abbreviations|acronyms)\b", re.IGNORECASE)
MAX_VALUE_WORDS = 30


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """The question for one line, if it is plain whose value it is."""
    if len(clue.value.split()) > MAX_VALUE_WORDS or not re.search(r"[A-Za-z]", clue.attribute):
        return
    if any(_GLOSSARY.search(text) for text in (*clue.section, clue.subject)):
        yield from _term(clue, around)
        return
    owner = _owner(clue, around)
    if not owner:
        return
    attribute, unit = split_unit(clue.attribute)
    name, value = lowered(attribute, around), lowered(tidy(clue.value, unit), around)
    question = question_for(name, owner)
    if question:
        kind = "numeric" if any(c.isdigit() for c in value) else "lookup"
        yield Draft(question, answer_with(name, owner, value), kind, (clue,), 0.86)


def _owner(clue: Clue, around: Around) -> str:
    for title in (clue.subject, *reversed(clue.section)):
        if entities.codes(title) and len(title.split()) <= 5:
            return title if title.lower().startswith("the ") else f"the {title}"
    return around.subject


def _term(clue: Clue, around: Around) -> Iterator[Draft]:
    term, value = clue.attribute, clue.value.rstrip(".")
    if term.isupper() and 2 <= len(term) <= 8:
        plain = value[:1].lower() + value[1:] if value[1:] == value[1:].lower() else value
        yield Draft(asked("what does", term, "stand for"), f"{term} stands for {plain}.", "definition", (clue,), 0.85)
        return
    if len(value.split()) >= 3 and len(term.split()) <= 5:
        name = lowered(term, around)
        answer = f'The term "{name}" means {lowered(value, around)}.'
        if value.startswith("Said of"):
            answer = f'The term "{name}" is {lowered(value, around)}.'
        yield Draft(asked("what is meant by", f'"{name}"'), answer, "definition", (clue,), 0.86)
