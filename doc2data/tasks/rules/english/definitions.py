"""What is X?, what does X stand for?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import find_acronyms
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.sentence import Sentence, lowered

_CLASSED = re.compile(
    r"^(?:an?|one of|any|the (?:process|time|amount|number|degree|ability|part|act|practice|distance|rate"
    r"|ratio|difference|set|place|person|point|period|unit|method|measure|computer|ability|set|group))\b"
)
_MEANS = frozenset({"mean", "denote", "signify", "represent"})


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Definitions of one sentence."""
    clause = sentence.clause
    if sentence.lead or clause.negated or clause.imperative or clause.modal:
        return
    if (
        clause.copula
        and _CLASSED.match(clause.body)
        and _term(clause.subject, sentence)
        and len(clause.body.split()) >= 3
    ):
        be = "are" if clause.plural else "is"
        yield Draft(
            asked("what", be, lowered(clause.subject, around)), sentence.text, "definition", sentence.clues, 0.9
        )
    elif clause.base in _MEANS and _term(clause.subject, sentence) and len(clause.body.split()) >= 2:
        does = "do" if clause.plural else "does"
        yield Draft(
            asked("what", does, lowered(clause.subject, around), clause.base),
            sentence.text,
            "definition",
            sentence.clues,
            0.85,
        )
    elif clause.base == "refer" and clause.body.startswith("to ") and _term(clause.subject, sentence):
        does = "do" if clause.plural else "does"
        yield Draft(
            asked("what", does, lowered(clause.subject, around), "refer to"),
            sentence.text,
            "definition",
            sentence.clues,
            0.85,
        )


def _term(subject: str, sentence: Sentence) -> bool:
    words = subject.split()
    if not words or len(words) > 7 or words[0].lower() in vocab.PRONOUNS | vocab.words("all some most many"):
        return False
    if re.search(r"\d|[A-Z]{2}", subject) or any(word[:1].isupper() for word in words[1:]):
        return True
    head = words[-1].lower()
    content = [word for word in words if word.lower() not in vocab.DETERMINERS]
    if head in vocab.GENERIC_HEADS or " of " in subject or not content:
        return False
    return words[0].lower() != "the" or len(content) >= 2


def acronyms(clue: Clue) -> Iterator[Draft]:
    """What does ZD stand for?"""
    for acronym in find_acronyms(" ".join(clue.quote.split())):
        long = acronym.long
        yield Draft(
            asked("what does", acronym.short, "stand for"),
            f"{acronym.short} stands for {long}.",
            "definition",
            (clue,),
            0.92,
        )
