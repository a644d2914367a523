"""What is X?, what does X stand for?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import find_acronyms
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause
from doc2data.tasks.rules.english.lexicon import classes, is_verb, singular
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.sentence import Sentence

_CLASSED = re.compile(
    r"^(?:an?|any|the (?:process|time|amount|number|degree|ability|part|act|practice|distance|rate"
    r"|ratio|difference|set|place|person|point|period|unit|method|measure|computer|ability|set|group))\b"
)
_GENUS = re.compile(r"the [a-z-]+(?: [a-z-]+)? (?:of|that|in|between|at|for|by|to)\b")
_GENUS_MANY = re.compile(r"[a-z-]+(?: [a-z-]+)?s (?:that|which|who|of|for|used|in which|whose)\b")
_PERSON = re.compile(r"[A-Z][a-z]+(?: (?:[A-Z]\.|[a-z]{2,3}))? [A-Z][a-z]+")
"""A name that may be a person's: "what" cannot ask for it."""
_PRAISE = vocab.words(
    "good great impossible hard complex difficult simple easy powerful scary bad common better useful important key "
    "major huge big nice perfect new living real serious critical essential crucial minor demand matter question must "
    "primary popular frequent typical central core fundamental significant valuable"
)
_JUDGES = re.compile(
    rf"(?:an? )?(?:(?:very|really|virtually|quite|rather|truly) )?(?:{'|'.join(sorted(_PRAISE))})\b"
    r"|(?:the|an?) (?:bedrock|backbone|cornerstone|heart|soul|foundation|root|essence)\b"
    r"|the (?:best|most|only|main|primary|right|same|latest|ideal|perfect)\b"
)
"""Praise and blame tell nothing of what a thing is."""
_NO_GENUS = vocab.words("example examples instance exception case reason problem issue point matter mistake idea trick")
_MEANS = frozenset({"mean", "denote", "signify", "represent"})


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Definitions of one sentence."""
    clause = sentence.clause
    if (
        sentence.lead
        or clause.negated
        or clause.imperative
        or clause.modal
        or clause.group[0].lower() in ("was", "were")
    ):
        return
    if _JUDGES.match(clause.body) or _is_person(clause) or (clause.copula and _is_unnamed(clause.body)):
        return
    if (
        clause.copula
        and (_CLASSED.match(clause.body) or _is_explained(clause))
        and _term(clause.subject, sentence)
        and len(clause.body.split()) >= 3
    ):
        be = "are" if clause.plural else "is"
        yield Draft(
            asked("what", be, lowered(clause.subject, around)), sentence.text, "definition", sentence.clues, 0.9
        )
    elif clause.passive:
        return
    elif clause.base in _MEANS and _term(clause.subject, sentence) and len(clause.body.split()) >= 2:
        does = clause.do
        yield Draft(
            asked("what", does, lowered(clause.subject, around), clause.base),
            sentence.text,
            "definition",
            sentence.clues,
            0.85,
        )
    elif clause.base == "refer" and clause.body.startswith("to ") and _term(clause.subject, sentence):
        does = clause.do
        yield Draft(
            asked("what", does, lowered(clause.subject, around), "refer to"),
            sentence.text,
            "definition",
            sentence.clues,
            0.85,
        )


def judges(body: str) -> bool:
    """Whether what is said of a thing praises or blames it and does not say what it is."""
    return _JUDGES.match(body) is not None


def _is_explained(clause: Clause) -> bool:
    """A bare term with its genus: "Zero drift is the change of ...", "Service modes are states in which ..."."""
    first = clause.subject.split()[0].lower()
    if first in vocab.DETERMINERS or any(c.isdigit() for c in clause.subject):
        return False
    return bool((_GENUS_MANY if clause.plural else _GENUS).match(f"{clause.body} {clause.tail}"))


def _is_unnamed(body: str) -> bool:
    """Whether what a thing is said to be names no kind of thing: "a classic example"."""
    head, *more = re.split(r",| (?=(?:of|that|which|who|for|in|on|used|with|to|from|where)\b)", body, maxsplit=1)
    last = head.split()[-1].lower() if head.split() else ""
    return last in _NO_GENUS or (last in vocab.GENERIC_HEADS and not more)


def _is_person(clause: Clause) -> bool:
    words = clause.body.lower().split()
    if any(map(vocab.is_somebody, clause.subject.split()[:-2])):
        return True  # "Korean economist Hoesung Lee"
    role = any(map(vocab.is_somebody, words))
    return bool(_PERSON.fullmatch(clause.subject)) and (role or not all(map(classes, clause.subject.split())))


def _term(subject: str, sentence: Sentence) -> bool:
    words = subject.split()
    if (
        not words
        or len(words) > 7
        or not specific(subject)
        or is_verb(words[0], "VBG")
        or words[0].lower() in vocab.PRONOUNS | vocab.words("all some most many any no")
    ):
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
        yield expansion(acronym.short, acronym.long, (clue,))


def expansion(short: str, long: str, clues: tuple[Clue, ...]) -> Draft:
    """The draft that spells out a short form."""
    if short.endswith("s") and short[:-1].isupper():
        *words, last = long.split()
        short, long = short[:-1], " ".join([*words, _single(last)])
    return Draft(asked("what does", short, "stand for"), f"{short} stands for {long}.", "definition", clues, 0.92)


def _single(word: str) -> str:
    """The singular of a noun, with the capital letter that it has."""
    one = singular(word)
    return one.capitalize() if word[:1].isupper() and one[:1].islower() else one
