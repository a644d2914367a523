"""Quantities in a clause, by what they measure: the words to ask for each, and what is left without it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from doc2data.tasks.rules.english import vocabulary as vocab

_NUMBER = (
    r"(?:[±+−-]?\d[\d.,]*(?:\s?(?:to|–|-|or|and|±|x|×)\s?[+−-]?\d[\d.,]*)?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?(?=\s)|an?(?=\s)|a few|several|some)"
)
_ABOUT = (
    r"(?:(?:at least|at most|about|approximately|approx\.|up to|no more than|not more than|more than|less than"
    r"|no less than"
    r"|a minimum of|a maximum of|around|roughly|only|another|a further|the (?:first|last|next)) )?"
)
_TIME = (
    r"(?:seconds?|minutes?|hours?|working days?|business days?|calendar days?|days?|weeks?|months?|years?|s|min"
    r"|ms|h)\b"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_AMOUNT = rf"{_ABOUT}{_NUMBER}(?:[- ](?:full|whole|consecutive))?\s?"


@dataclass(frozen=True, slots=True)
class Adjunct:
    """A stretch of a clause's body that says how much, how long or how often."""

    question: str
    """What asks for it: "how long", "to what torque"."""
    rest: str
    """The body without it."""


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("for how long", re.compile(rf"\bfor {_AMOUNT}{_TIME}(?! of\b)(?! old\b)")),
    ("within what time", re.compile(rf"\b(?:within|in less than) {_AMOUNT}{_TIME}(?: of [^,;]+)?")),
    ("since when", re.compile(rf"\bsince (?:{_MONTH} )?(?:19|20)\d\d\b")),
    (
        "when",
        re.compile(rf"\b(?:in|on) (?:(?:{_MONTH}|\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}},) )?(?:19|20)\d\d\b(?![-–\d])"),
    ),
    # "three hours in a year" says how much a year, not in what time.
    ("in what time", re.compile(rf"\bin (?!an? ){_AMOUNT}{_TIME}(?! of\b)")),
    (
        "when",
        re.compile(rf"\bafter {_AMOUNT}{_TIME} of (?:[a-z]+ )?(?:use|inactivity|operation|storage|idleness|silence)\b"),
    ),
    ("on what port", re.compile(r"\bon (?:TCP |UDP )?port \d+\b")),
    ("after how long", re.compile(rf"\bafter {_AMOUNT}{_TIME}(?! of\b)")),
    (
        "how often",
        re.compile(
            rf"\b(?:at least |at most |usually )?(?:(?:once|twice|(?:three|four|five|six|\d) times) "
            rf"(?:(?:an? |every |per )(?:second|minute|hour|day|week|month|quarter|year|shift)"
            rf"|daily|weekly|monthly|annually|yearly|quarterly)"
            rf"|every (?:{_NUMBER} )?(?:other )?(?:second|minute|hour|day|week|month|year|shift)s?\b|at "
            rf"intervals of {_AMOUNT}{_TIME}"
            r"|(?<!, )(?:daily|weekly|monthly|annually|yearly|quarterly|hourly)(?=$| (?:by|with|in|at|for|to"
            r"|from|before|after)\b))"
        ),
    ),
    (
        "to what torque",
        re.compile(
            rf"\b(?:to|with|to a torque of|with a torque of) {_AMOUNT}(?:N[·.⋅]?m|ft[-·. ]?lbs?|lbf[-·. ]?ft"
            rf"|in[-·. ]?lbs?)(?!\w)"
        ),
    ),
    (
        "at what temperature",
        re.compile(rf"\b(?:at|to) (?:a temperature of )?{_AMOUNT}(?:°\s?[CF]|degrees (?:Celsius|Fahrenheit)|K\b)"),
    ),
    ("at what voltage", re.compile(rf"\bat {_AMOUNT}(?:k|m)?V(?: (?:AC|DC))?(?!\w)")),
    ("at what pressure", re.compile(rf"\bat {_AMOUNT}(?:m?bar|k?Pa|MPa|psi)(?!\w)")),
)
_NAMED = re.compile(
    rf"\b(?P<prep>at|to|with|by|for) an? (?P<name>(?:(?:maximum|minimum|nominal|constant|typical"
    rf"|average)\s)?[a-z]+(?: [a-z]+)?) of "
    rf"{_ABOUT}{_NUMBER}\s?[^\s,;]+(?: (?:per|AC|DC|[a-z]+ per) ?[^\s,;]*)?"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OFTEN = re.compile(r"\b(?:daily|weekly|monthly|annually|yearly|quarterly)\b")
_NAMES = vocab.words(
    "speed rate temperature pressure voltage current frequency torque depth height angle distance concentration "
    "power load flow intensity resolution wavelength length interval"
)


def find(body: str) -> Adjunct | None:
    """The adjunct of quantity in a clause's body that can be asked for; None where there is none or several."""
    named = _NAMED.search(body)
    if named and named["name"].split()[-1] in _NAMES and named["prep"] in ("at", "to"):
        return Adjunct(f"{named['prep']} what {named['name']}", _without(body, named))
    hits = [(question, match) for question, pattern in _PATTERNS if (match := pattern.search(body))]
    if len(hits) != 1 or _is_entangled(*hits[0], body):
        return None
    question, match = hits[0]
    if question == "at what temperature" and match.group().startswith("to"):
        question = "to what temperature"
    return Adjunct(question, _without(body, match))


def _is_entangled(question: str, match: re.Match[str], body: str) -> bool:
    """Whether the quantity is one of several, the end of a range, or belongs to a participle."""
    before, after = body[: match.start()], body[match.end() :]
    if question in ("when", "since when") and (len(_YEAR.findall(body)) > 1 or "," in before):
        return True
    if len(_OFTEN.findall(body)) > 1 or re.match(r",? (?:\d|and \d|or \d)", after):
        return True
    if match.group().startswith("to "):  # "0.4 N·m to 3.0 N·m"
        return bool(re.search(r"(?:^|\s)\d[\d.,]* ?\S{0,4} ?$", before))
    return question in ("when", "since when") and bool(re.search(r"\b\w+(?:ed|ing)\b", before))


def _without(body: str, match: re.Match[str]) -> str:
    left, right = body[: match.start()].rstrip(" ,"), body[match.end() :].lstrip(" ,")
    return f"{left} {right}".strip()
