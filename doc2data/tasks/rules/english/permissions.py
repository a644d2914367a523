"""May you ...?, who must ...?, can it ...?: what is allowed, forbidden, possible or not, and whom it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific
from doc2data.tasks.rules.english.questions import asked, joined, predicate
from doc2data.tasks.rules.english.sentence import Sentence
from doc2data.tasks.rules.english.telling import adds, telling

_EXCEPT = re.compile(r"(?:unless|except|if|when|until|only|but|provided|so long|as long)\b")
"""What limits a permission or a ban, so that neither yes nor no answers it."""
_NO_BAN = vocab.words("be forget hesitate worry assume expect let try make panic rely feel need wait overlook")
"""What "do not" warns of rather than forbids."""
_ASKABLE = vocab.words("can cannot may must should is are")
_OFFERED = vocab.words("use visit find see walk get go read learn look contact call consult switch follow obtain")
"""What a text offers its reader, so that nobody doubts it: "you can use the worksheet"."""
_HEDGED = re.compile(
    r"^(?:un[a-z]+|always|necessarily|yet|very)\b"
    r"|\b(?:only|have|but|whether|at least|at most|up to|no more|more|less)\b"
)
"""What is neither wholly so nor wholly not."""
_CONCERNED = re.compile(
    r"(?P<head>[A-Za-z][a-z-]+) (?:with|without|under|over|aged|who|on|in|from|taking|using|receiving|working) .+"
)
"""Persons of one sort only: patients with a pacemaker, children under 12."""
_BOUND = ("must", "should", "may", "shall", "can", "cannot", "need", "has", "have")
_TELLING = re.compile(r"[A-Z]{2}|\d|(?<=[a-z] )[A-Z][a-z]")
"""A name or a number."""


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Who, or yes or no, for sentences with nothing better to ask about."""
    clause = sentence.clause
    if _concerns(sentence):
        yield Draft(asked("who", predicate(clause)), sentence.text, "fact", sentence.clues, 0.8)
        return
    if clause.imperative and clause.negated and clause.base not in _NO_BAN and not sentence.lead and not clause.tail:
        question = asked("may you", clause.base, clause.body)
        yield Draft(question, f"No. {sentence.text}", "yes_no", sentence.clues, 0.75)
        return
    yield from _allowed(sentence, around)


def _concerns(sentence: Sentence) -> bool:
    """Whether a rule binds persons of one sort: then it can be asked whom it binds."""
    clause = sentence.clause
    found = _CONCERNED.fullmatch(clause.subject)
    if found is None or sentence.lead or clause.tail or adds(clause) or not (clause.modal in _BOUND or clause.negated):
        return False
    return vocab.is_somebody(found["head"]) and clause.plural and len(telling(clause.body)) > 0


def _allowed(sentence: Sentence, around: Around) -> Iterator[Draft]:
    clause = sentence.clause
    first = clause.group[0].lower()
    if (
        sentence.lead
        or clause.imperative
        or not specific(clause.subject)
        or len(clause.body.split()) < 2
        or first not in _ASKABLE
    ):
        return
    if (first in ("is", "are", "must", "should")) != clause.negated or clause.group[-1].lower() in ("have", "required"):
        return
    if not clause.negated and not (_TELLING.search(clause.body) and (first == "can" or clause.passive)):
        return
    offered = clause.subject.lower() == "you" and not clause.negated and clause.base in _OFFERED
    if offered or _HEDGED.search(clause.body):
        return
    if clause.tail.startswith(("or ", "and ")) or adds(clause):
        return
    if _EXCEPT.match(clause.tail) or (clause.copula and clause.body.startswith("to ")):
        return
    words = tuple(word for word in clause.group[1:] if word.lower() not in ("not", "never"))
    opener = "may" if clause.negated and first in ("must", "should") else "can" if first == "cannot" else first
    question = asked(opener, lowered(clause.subject, around), joined(*words, clause.body))
    answer = f"{'No' if clause.negated else 'Yes'}. {sentence.text}"
    yield Draft(question, answer, "yes_no", sentence.clues, 0.65)
