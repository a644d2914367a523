"""How do you ...?: whole procedures from their heading or lead-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import is_verb, lemma
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.questions import asked

MAX_STEPS = 15
_HOW_TO = re.compile(r"^(?:how to|to) (?P<verb>[a-z]+) (?P<rest>.+?)(?:[,:]|$)", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:steps?|procedures?|instructions?|overview|general|introduction|notes?|method|tasks?|workflow)$", re.IGNORECASE
)
_FOLLOW = re.compile(
    r",? *(?:follow|do|perform|carry out|use|proceed|complete|take)?\b[^,]*\b(?:these|the following|this|as "
    r"follows)\b[^,]*$",
    re.IGNORECASE,
)


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """The question that a procedure answers, with its steps as they are written."""
    steps = clue.cells
    if not 2 <= len(steps) <= MAX_STEPS or not _instructs(steps):
        return
    for title in (clue.subject, *reversed(clue.section[-1:])):
        phrase = task(title, around)
        if phrase:
            yield Draft(asked("how do you", phrase), _steps(steps), "procedure", (clue,), 0.9)
            return
    name = _named(clue, around)
    if name and 2 <= len(steps) <= MAX_STEPS and _instructs(steps):
        question = asked("what are the steps of the", name, "procedure for", around.subject)
        yield Draft(question, _steps(steps), "procedure", (clue,), 0.78)


def _steps(steps: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{_number(marker, at)} {text}" for at, (marker, text) in enumerate(steps, 1))


def _named(clue: Clue, around: Around) -> str:
    """The procedure's heading in quotation marks, where it is a name and the document's subject is known."""
    title = re.sub(r"^[\d.]+\s+", "", clue.section[-1] if clue.section else "").strip()
    plain = 1 <= len(title.split()) <= 5 and not _GENERIC.match(title) and not re.search(r"[.:?!\"]", title)
    return f'"{title}"' if plain and around.subject else ""


def task(title: str, around: Around) -> str:
    """A heading or lead-in as a verb phrase, "replace the filter"; "" where it names no task with its object."""
    text = re.sub(r"^[\d.]+\s+", "", " ".join(title.split())).rstrip(":. ")
    match = _HOW_TO.match(_FOLLOW.sub("", text))
    if match and is_verb(match["verb"], "VB"):
        return _with_object(match["verb"].lower(), match["rest"], around)
    words = text.split()
    if len(words) >= 2 and is_verb(words[0], "VBG") and words[0].lower().endswith("ing"):
        return _with_object(lemma(words[0], "VBG"), " ".join(words[1:]), around)
    if len(words) >= 2 and is_verb(words[0], "VB") and words[1].lower() in vocab.DETERMINERS:
        return _with_object(words[0].lower(), " ".join(words[1:]), around)
    return ""


def _with_object(verb: str, rest: str, around: Around) -> str:
    words = rest.split()
    if not words or len(words) > 12 or words[0].lower() in vocab.PRONOUNS | vocab.CONJUNCTIONS:
        return ""
    return f"{verb} {lowered(rest, around)}"


def _instructs(steps: tuple[tuple[str, str], ...]) -> bool:
    first_words = [text.split()[0].strip(",.:") for _, text in steps if text.split()]
    verbs = sum(
        is_verb(word, "VB") or word.lower() in vocab.words("if when do to after before once") for word in first_words
    )
    return verbs >= 0.7 * len(steps)


def _number(marker: str, at: int) -> str:
    return marker.strip() if any(letter.isalnum() for letter in marker) else f"{at}."
