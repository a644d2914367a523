"""Questions about what a plain sentence states: its object, its complement, its place, its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import adjuncts
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause, is_plural
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.questions import asked, imperative_phrase, inverted, joined, predicate
from doc2data.tasks.rules.english.sentence import Sentence, lowered
from doc2data.tasks.rules.english.tokens import Token, tokens

_STRANDED = vocab.words("by with from of for to on into")
"""Prepositions that end a question well: "What is the cell machined from?"."""
_PLACES = vocab.words(
    "install installed mount mounted locate located store stored keep kept fit fitted place placed fix fixed position "
    "positioned find found print printed attach attached situate situated connect insert inserted"
)
_PLACE_PREPOSITIONS = vocab.words("in on at inside under behind above below beside near between within beneath")
_PAIRS = frozenset(
    {
        ("depend", "on"), ("rely", "on"), ("consist", "of"), ("belong", "to"), ("refer", "to"), ("apply", "to"),
        ("lead", "to"), ("result", "in"), ("correspond", "to"), ("differ", "from"), ("respond", "to"),
        ("contribute", "to"), ("point", "to"), ("serve", "as"), ("stand", "for"), ("focus", "on"), ("rest", "on"),
        ("derive", "from"), ("run", "on"), ("connect", "to"), ("react", "to"), ("range", "from"),
    }
)  # fmt: skip
_VAGUE_OBJECTS = vocab.words("part place role way effect care use sure account precedence sense advantage")
_LIGHT = vocab.words(
    "be have do make take get let go come keep become seem appear remain mean say show describe cover "
    "provide give see allow add leave let render set bring put cause find help want like"
)
_TO_PERSONS = vocab.words(
    "report send give submit hand show present pay offer deliver assign grant award make say know see"
)
_DIMENSIONS = (
    (re.compile(r"\d ?[mk]?V\b"), "voltage"), (re.compile(r"\d ?m?A\b"), "current"),
    (re.compile(r"\d ?[kM]?Hz\b"), "frequency"), (re.compile(r"\d ?(?:m?bar|[kM]?Pa|psi)\b"), "pressure"),
    (re.compile(r"\d ?°\s?[CF]\b"), "temperature"), (re.compile(r"\d ?[kM]?W\b"), "power"),
)  # fmt: skip
_MEASURE = re.compile(
    r"^(?P<about>(?:at least|at most|about|approximately|up to|only|more than|less than|no more than) )?"
    r"(?P<number>\d[\d.,]*|[a-z]+) (?P<unit>(?:m?L|litres?|liters?|k?g|[kMG]B|[kMG]bytes?|tonnes?|gallons?)) of "
    r"(?P<what>[a-z][\w -]+)$"
)
_COUNT = re.compile(
    r"^(?P<number>\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?P<what>(?:[a-z-]+ ){0,2}[a-z-]+s)\b"
    r"(?P<more>.*)$"
)
_HAS_A = re.compile(r"^an? (?P<name>(?:[a-z-]+ ){0,3}[a-z-]+) of (?P<value>[^,;]*\d[^,;]*)$")


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Facts of one sentence, the most telling question first."""
    clause = sentence.clause
    if sentence.lead or clause.negated:
        return
    for question, kind, confidence in _questions(clause, around):
        yield Draft(question, sentence.text, kind, sentence.clues, confidence)


def _questions(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    yield from quantity(clause, around)
    if clause.imperative or not specific(clause.subject):
        return
    yield from _counts(clause, around)
    if clause.passive:
        yield from _passive(clause, around)
    elif clause.copula:
        yield from _property(clause, around)
    else:
        yield from _active(clause, around)


def quantity(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    """How long, how often, to what torque ...: asked by taking the quantity out of the clause."""
    if clause.imperative and clause.base == "wait":
        match = re.fullmatch(
            r"(?:for )?(?:at least |about |another |up to )?[\w.,–-]+ (?:seconds?|minutes?|min|s|hours?|days?)",
            clause.body,
        )
        if match and clause.tail.split(" ")[0] in ("before", "after", "until", "so"):
            yield asked("how long should you wait", clause.tail), "numeric", 0.9
        return
    if (
        not clause.imperative
        and clause.base in ("last", "take")
        and re.match(r"(?:about |up to |at least )?\d[\d.,]* \w+$", clause.body)
    ):
        yield asked("how long", inverted(clause, around, "")), "numeric", 0.9
        return
    found = adjuncts.find(clause.body)
    if found is None or (not clause.imperative and not specific(clause.subject)):
        return
    if clause.imperative and (len(found.rest.split()) < 2 or clause.base in ("be", "see", "note", "allow")):
        return
    if re.search(r"\b(?:and|or|of|for|to|with|by|at|in)$", found.rest):
        return
    yield asked(found.question, inverted(clause, around, found.rest)), "numeric", 0.85


def specific(subject: str) -> bool:
    """Whether a subject names something without the text around it."""
    parts = [token for token in tokens(subject) if token.is_word]
    if not parts or len(parts) > 14 or parts[0].low in vocab.PRONOUNS:
        return False
    content = [
        p for p in parts if p.low not in vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.ADVERBS | vocab.CONJUNCTIONS
    ]
    named = any(
        any(c.isdigit() for c in p.text) or p.text[1:] != p.text[1:].lower() or (p.text[:1].isupper() and at)
        for at, p in enumerate(parts)
    )
    if named:
        return True
    head = next((p for at, p in enumerate(content) if _ends_phrase(parts, p)), content[-1]) if content else None
    if head is None or (head.low in vocab.GENERIC_HEADS and " of " not in subject):
        return False
    return len(content) > 1 or parts[0].low not in ("this", "that", "these", "those")


def _ends_phrase(parts: Sequence[Token], token: Token) -> bool:
    at = parts.index(token)
    return at + 1 == len(parts) or parts[at + 1].low in vocab.PREPOSITIONS


def _counts(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    if clause.passive or clause.copula or clause.tail:
        return
    measure = _MEASURE.match(clause.body)
    if measure:
        yield asked("how much", measure["what"], inverted(clause, around, "")), "numeric", 0.9
        return
    has = _HAS_A.match(clause.body)
    if has and clause.base == "have":
        yield asked("what is the", has["name"], "of", lowered(clause.subject, around)), "numeric", 0.92
        return
    count = _COUNT.match(clause.body)
    if count and _is_counted(count["what"]) and not count["more"].startswith(","):
        yield asked("how many", count["what"], inverted(clause, around, count["more"])), "numeric", 0.85


def _is_counted(what: str) -> bool:
    words = what.split()
    return (
        is_plural(what)
        and words[-1] not in vocab.TIME_UNITS
        and all(word not in vocab.PREPOSITIONS | vocab.AUXILIARIES for word in words)
    )


def _passive(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    words = clause.body.split()
    if len(words) < 2 or "," in clause.body[:1]:
        return
    preposition, after = words[0].lower(), words[1]
    if preposition in _PLACE_PREPOSITIONS and clause.group[-1].lower() in _PLACES:
        yield asked("where", inverted(clause, around, "")), "fact", 0.88
    elif preposition == "by" and (
        is_verb(after, "VBG") or clause.body.startswith("by means of") or not _names_agent(after)
    ):
        yield asked("how", inverted(clause, around, "")), "fact", 0.88
    elif preposition == "to" and is_verb(after, "VB") and "NOUN" not in classes(after):
        if clause.base in ("use", "design", "intend", "build", "make", "configure"):
            yield asked("what", inverted(clause, around, "for" if clause.base == "use" else "to do")), "fact", 0.9
    elif preposition in _STRANDED and _is_noun_phrase(" ".join(words[1:])) and clause.base not in _TO_PERSONS:
        yield asked("what", inverted(clause, around, preposition)), "fact", 0.85


def _names_agent(word: str) -> bool:
    return word.lower() in vocab.DETERMINERS | vocab.NUMBER_WORDS or word != word.lower()


def _is_noun_phrase(text: str) -> bool:
    first = text.split()[0].lower() if text else ""
    if (
        not first
        or first in vocab.PRONOUNS - vocab.words("this that these those such")
        or "," in text
        and " and " not in text
    ):
        return False
    return (
        first in vocab.ARTICLES | vocab.NUMBER_WORDS
        or first not in vocab.ADVERBS | vocab.PREPOSITIONS | vocab.SUBORDINATORS
    )


def _property(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    """ "The N of X is Y": what is the N of X?"""
    match = re.match(r"(?i)^the (?P<name>[\w -]+?) (?:of|for|between) (?P<of>.+)$", clause.subject)
    body = clause.body.split()
    if not match or not body or clause.modal or clause.tail:
        return
    value = body[0].lower() in vocab.ARTICLES | {"to", "that"} or any(c.isdigit() for c in body[0])
    if value and len(match["name"].split()) <= 4 and specific("the " + match["of"]):
        be = "are" if clause.plural else "is"
        yield asked("what", be, lowered(clause.subject, around)), "fact", 0.88


def _active(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    words = clause.body.split()
    if not words:
        return
    first = words[0].lower()
    if (clause.base, first) in _PAIRS and len(words) > 1:
        yield asked("what", inverted(clause, around, first)), "fact", 0.88
        return
    if clause.base in ("include", "comprise", "contain") and len(words) > 1 and not clause.modal:
        yield asked("what", inverted(clause, around, "")), "list" if " and " in clause.body else "fact", 0.85
        return
    split = _object(clause.body)
    if split is None or clause.base in _LIGHT or clause.group[0].lower() in ("would", "might", "could"):
        return
    thing, rest = split
    for pattern, name in _DIMENSIONS:
        if pattern.search(thing) and thing[:1].isdigit():
            yield asked("what", name, inverted(clause, around, rest)), "numeric", 0.85
            return
    if any(c.isdigit() for c in thing[:2]):
        return
    yield asked("what", inverted(clause, around, rest)), "fact", 0.8
    if (
        len(predicate(clause).split()) >= 4
        and not re.search(r"\b(?:its|their|it|them)\b", clause.body)
        and not clause.plural
    ):
        yield from _subject(clause)


def _subject(clause: Clause) -> Iterator[tuple[str, str, float]]:
    if re.search(r"[A-Z0-9]", clause.body):
        head = re.split(r"\s(?:of|in|for|with)\s", clause.subject)[0].split()[-1].lower()
        yield asked("who" if head in vocab.PEOPLE else "what", predicate(clause)), "fact", 0.75


def _object(body: str) -> tuple[str, str] | None:
    """(object, what follows it) where the object is a plain noun phrase; None where its end is not certain."""
    parts = tokens(body)
    first = parts[0]
    article = first.low in vocab.ARTICLES | vocab.NUMBER_WORDS or first.low in (
        "all",
        "any",
        "each",
        "every",
        "both",
        "no",
    )
    if first.low in vocab.PRONOUNS | vocab.PREPOSITIONS | vocab.SUBORDINATORS | vocab.ADVERBS - {"both", "no"}:
        return None
    if not article and classes(first.text) and not classes(first.text) & {"NOUN", "ADJ"}:
        return None
    end = len(body)
    for at, token in enumerate(parts[1:], 1):
        if token.low in vocab.PREPOSITIONS - {"of", "like"}:
            end = token.start
            break
        if is_verb(token.text, "VBN") and at + 1 < len(parts) and parts[at + 1].low in vocab.PREPOSITIONS:
            return body, ""
        if token.low in vocab.ADVERBS | {"to"} or token.low.endswith("ly"):
            end = token.start
            break
    thing, rest = body[:end].strip(), body[end:].strip()
    head = thing.split()[-1].lower() if thing else ""
    if not thing or head in _VAGUE_OBJECTS or thing.lower() in vocab.ARTICLES or thing.endswith(","):
        return None
    if rest.startswith("with "):
        rest = ""
    if rest.startswith(("to ", "by ")) or re.search(r"\b(?:it|its|their|them|this|these|there)\b", rest):
        return None
    return thing, rest
