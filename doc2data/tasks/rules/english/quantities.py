"""How long, how often, how many, to what torque: asked by taking the quantity out of the clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import adjuncts
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause, is_plural
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific
from doc2data.tasks.rules.english.questions import asked, inverted

_ABOUT = r"(?:(?:at least|at most|about|approximately|another|up to|only|more than|less than|no more than) )?"
_WAIT = re.compile(rf"(?:for )?{_ABOUT}[\w.,–-]+ (?:seconds?|minutes?|min|s|hours?|days?)")
_LASTS = re.compile(rf"{_ABOUT}(?:\d[\d.,]*|[a-z]+) (?:seconds?|minutes?|min|s|hours?|h|days?|weeks?|months?|years?)\b")
_MEASURE = re.compile(
    rf"^{_ABOUT}(?:\d[\d.,]*|[a-z]+) (?:m?L|litres?|liters?|k?g|[kMG]B|[kMG]bytes?|tonnes?|gallons?) of "
    rf"(?P<what>[a-z][\w -]+)$"
)
_COUNT = re.compile(
    r"^(?:\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?P<what>(?:[a-z-]+ ){0,2}[a-z-]+s(?: of (?!the\b|an?\b|its\b|their\b|each\b)[a-z-]+)?)\b(?P<more>.*)$"
)
_HAS_THE = re.compile(
    r"^(?:the|an?) (?P<name>(?:[a-z-]+ ){0,2}(?:number|code|name|address|rating|class)) (?P<value>\S*\d\S*)$"
)
_LIMIT = re.compile(r"^(?P<way>at least|at most|no more than|not more than|no less than|up to) (?P<value>\d.*)$")
_PURE = re.compile(rf"{_ABOUT}\d[\d.,]* (?:m?L|litres?|liters?|[km]?g|tonnes?|gallons?|[kMG]?W|[kMG]B)")
_UNIT = r"[^\s\d,;]+(?: (?:AC|DC))?"
_RANGE = re.compile(rf"^(?P<value>\d[\d.,]* {_UNIT}(?: (?:to|and|or) \d[\d.,]* {_UNIT})?)(?P<rest>.*)$")
_HAS_A = re.compile(r"^an? (?P<name>(?:[a-z-]+ ){0,3}[a-z-]+) of (?P<value>[^,;]*\d[^,;]*)$")
_DIMENSIONS = (
    (re.compile(r"\d ?[mk]?V\b"), "voltage"), (re.compile(r"\d ?m?A\b"), "current"),
    (re.compile(r"\d ?[kM]?Hz\b"), "frequency"), (re.compile(r"\d ?(?:m?bar|[kM]?Pa|psi)\b"), "pressure"),
    (re.compile(r"\d ?°\s?[CF]\b"), "temperature"), (re.compile(r"\d ?[kM]?W\b"), "power"),
)  # fmt: skip
_CLASSED = re.compile(r"an? ")
"""What says what a thing is: the quantity in it belongs to the kind, and is not what happens."""
_TORN = re.compile(
    r"(?:^|\s)(?:and|or|of|for|to|with|by|at|in|on|long|than|about|approximately|roughly|around|nearly|almost|virtually|practically|only|just"
    r"|least|most|every|than)(?:$| (?:between|to|and|or|by|from|for|of)\b)"
)
"""What is left of a quantity that was not taken out whole."""
_NO_TASK = vocab.words("be see note allow remember")


def questions(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    """(question, kind, confidence) for the quantity that a clause states."""
    if clause.imperative:
        yield from _imperative(clause, around)
    elif specific(clause.subject):
        yield from _lasting(clause, around)
        yield from _adjunct(clause, around)
        if clause.copula:
            yield from _limit(clause)
        elif not clause.passive and not clause.tail.startswith(("when", "if", "unless", "while")):
            yield from _amount(clause, around)


def _imperative(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    if clause.base == "wait":
        if _WAIT.fullmatch(clause.body) and clause.tail.split(" ")[0] in ("before", "after", "until", "so"):
            yield asked("how long should you wait", clause.tail), "numeric", 0.9
    elif clause.base not in _NO_TASK:
        yield from _adjunct(clause, around)


def _lasting(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    if clause.base in ("last", "take") and _LASTS.match(clause.body):
        task = re.search(r" (to [a-z]+(?: .+)?)$", clause.body) if clause.base == "take" else None
        yield asked("how long", inverted(clause, around, task.group(1) if task else "")), "numeric", 0.9


def _adjunct(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    found = adjuncts.find(clause.body)
    if found is None or _TORN.search(found.rest) or (clause.copula and _CLASSED.match(clause.body)):
        return
    if clause.copula and found.rest[:1].isdigit():
        return  # a dose of 500 mg every 8 hours is one amount
    if (clause.imperative and len(found.rest.split()) < 2) or re.search(r"\bby \w+ing\b", found.rest):
        return
    yield asked(found.question, inverted(clause, around, found.rest)), "numeric", 0.85


def _amount(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    measure, has, count = _MEASURE.match(clause.body), _HAS_A.match(clause.body), _COUNT.match(clause.body)
    named = _HAS_THE.match(clause.body)
    if named and clause.base == "have":
        yield asked("what is the", named["name"], "of", lowered(clause.subject, around)), "lookup", 0.9
    elif measure:
        yield asked("how much", measure["what"], inverted(clause, around, "")), "numeric", 0.9
    elif clause.base in ("hold", "weigh", "contain", "need", "consume", "require") and _PURE.fullmatch(clause.body):
        yield asked("how much", inverted(clause, around, "")), "numeric", 0.9
    elif has and clause.base == "have":
        yield asked("what is the", has["name"], "of", lowered(clause.subject, around)), "numeric", 0.92
    elif count and _is_counted(count["what"]):
        more = "" if count["more"].startswith(",") else count["more"]
        yield asked("how many", count["what"], inverted(clause, around, more)), "numeric", 0.85
    elif clause.body[:1].isdigit():
        yield from _dimension(clause, around)


def _limit(clause: Clause) -> Iterator[tuple[str, str, float]]:
    """What is the minimum resistance of X? From "the resistance of X must be at least 100"."""
    limit = _LIMIT.match(clause.body)
    subject = re.match(r"(?i)^the (?P<name>[\w -]+ of .+)$", clause.subject)
    if limit and subject:
        bound = "minimum" if limit["way"] in ("at least", "no less than") else "maximum"
        allowed = "required" if bound == "minimum" else "permitted"
        word = allowed if clause.modal in ("must", "should", "shall") else ""
        yield asked("what is the", bound, word, subject["name"]), "numeric", 0.88


def _dimension(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    match = _RANGE.match(clause.body)
    name = next((name for pattern, name in _DIMENSIONS if match and pattern.search(match["value"])), "")
    if match and name and not match["rest"].startswith((",", " and", " or")):
        yield asked("what", name, inverted(clause, around, match["rest"])), "numeric", 0.85


def _is_counted(what: str) -> bool:
    words = what.split()
    closed = vocab.PREPOSITIONS | vocab.AUXILIARIES | vocab.CONJUNCTIONS
    return is_plural(what) and words[-1] not in vocab.TIME_UNITS and all(word not in closed - {"of"} for word in words)
