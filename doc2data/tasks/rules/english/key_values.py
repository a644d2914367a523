"""Key-value lines: what is the key of the thing that section or document is about?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import entities, spelled_out
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english.attributes import answer_with, done, possession, question_for, split_unit, tidy
from doc2data.tasks.rules.english.definitions import expansion
from doc2data.tasks.rules.english.names import lowered, plain
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.telling import is_code

_GLOSSARY = re.compile(r"\b(?:glossary|definitions?|terms|terminology|abbreviations|acronyms)\b", re.IGNORECASE)
_SIGNATURE = re.compile(r"\b(?:void|struct|const|size_t|char \*) ?\S|\w \(.*\*")
"""A declaration in code, which is no value."""
MAX_VALUE_WORDS = 30


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """The question for one line, if it is plain whose value it is."""
    if (
        len(clue.value.split()) > MAX_VALUE_WORDS
        or re.search(r"https?:|www\.|\?", clue.value)
        or _SIGNATURE.search(clue.value)
        or not re.search(r"[A-Za-z]", clue.attribute)
        or re.search(r",|\betc\b", clue.attribute)
    ):
        return
    if any(_GLOSSARY.search(text) for text in (*clue.section, clue.subject)):
        yield from _term(clue, around)
        return
    doing = done(clue.value) if is_code(clue.attribute) and len(clue.attribute.split()) == 1 else ""
    if doing:
        answer = f"{clue.attribute} {doing}."
        yield Draft(asked("what does", clue.attribute, "do"), answer, "definition", (clue,), 0.84)
        return
    owner = _owner(clue, around)
    if not owner:
        return
    attribute, unit = split_unit(clue.attribute)
    name, value = lowered(attribute, around), plain(tidy(clue.value, unit))
    titled = len(re.findall(r"\b[A-Z][a-z]+", name)) > 1  # "Code Review Guide": a work, and no attribute
    question = question_for(name, owner) if owner.isascii() and not titled else ""
    if question:
        kind = "numeric" if any(c.isdigit() for c in value) else "lookup"
        yield Draft(question, answer_with(name, owner, value), kind, (clue,), 0.86)
    elif (pair := possession(name, owner, value)) and any(
        _DATA.search(title) for title in (clue.subject, *clue.section)
    ):
        yield Draft(*pair, "lookup", (clue,), 0.78)


_DATA = re.compile(
    r"\b(?:data|specifications?|characteristics|ratings?|parameters|dimensions|details|conditions|technical"
    r"|features|limits)\b",
    re.IGNORECASE,
)
_ENOUGH = 3


def _owner(clue: Clue, around: Around) -> str:
    """Whose value it is: what a heading names by a code, or the document's subject in a list of its data."""
    for title in (clue.subject, *reversed(clue.section)):
        if entities.codes(title) and len(title.split()) <= 5:
            return title if title.lower().startswith("the ") else f"the {title}"
    alike = [other for other in around.chunk_clues if other.kind == "key_value" and other.section == clue.section]
    listed = len(alike) >= _ENOUGH or any(_DATA.search(title) for title in (clue.subject, *clue.section))
    return around.subject if listed else ""


def _term(clue: Clue, around: Around) -> Iterator[Draft]:
    term, value = clue.attribute, clue.value.rstrip(".")
    if term.isupper():
        if spelled_out(term, re.split(r"[,;(]", value)[0].split()):
            yield expansion(term, plain(value), (clue,))
        return
    if len(value.split()) >= 3 and value[0].isalpha() and len(term.split()) <= 5:
        name = lowered(term, around)
        answer = f'The term "{name}" means {plain(value)}.'
        if value.startswith("Said of"):
            answer = f'The term "{name}" is {plain(value)}.'
        yield Draft(asked("what is meant by", f'"{name}"'), answer, "definition", (clue,), 0.86)
