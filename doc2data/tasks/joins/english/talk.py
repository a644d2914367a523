"""What people say in a conversation in English: follow-ups, doubts and plain refusals."""

from __future__ import annotations

import re

from doc2data.tasks.joins.english.asking import SLOT
from doc2data.tasks.joins.english.degrees import comparative
from doc2data.tasks.joins.english.forms import third_person
from doc2data.tasks.rules.english.clause import is_plural

_NOT_MORE = re.compile(r"highest|lowest|maximum|minimum|largest|smallest|longest|shortest|default|setting|limit|number")
_NOT_OWNED = r"(?:and|or|which|that|who|whose|is|are|by|the|must|can) "
_OWNED = re.compile(rf"\bthe ((?:(?!{_NOT_OWNED})[^\s{{}}]+ ){{0,7}}?(?!{_NOT_OWNED})[^\s{{}}]+) of {re.escape(SLOT)}")
_CLUMSY = re.compile(
    r"\b(?:off|out|up|down|away|of|and) it\b|\band its\b|\b[Yy]ou[’']"
    r"|\b(?:do|does|did|is|are|was|must|can) it (?:during|in|on|at|for|from|with|of|by|to|under|within)\b"
)
_TAKEN_UP = re.compile(
    r"\b(?:do|does|did|is|are|was|were|can|could|may|must|should|shall|will|has|have|had|if|when|after|before|once|until)"
    r" its?\b"
)
"""A pronoun in the place of the subject; further back it could mean whatever else the question names."""
_DIRECT = re.compile(
    rf"^(?P<asking>(?:How|What|When|Where|Within|For|To)[^{{}}]*?) (?P<auxiliary>is|must|should|can|does) "
    rf"{re.escape(SLOT)} (?P<rest>.+)\?$"
)


def question(asked: str, thing: str) -> str:
    """The question with the thing named."""
    text = asked.replace(SLOT, thing)
    return text[:1].upper() + text[1:]


def following(asked: str) -> str:
    """The question about what was spoken of just before; "" where a pronoun cannot take the thing's place."""
    owned = _OWNED.sub(r"its \1", asked)
    text = owned if owned != asked else asked.replace(SLOT, "it")
    spoken = "its " in text or " it " in f" {text.rstrip('?')} "
    fine = spoken and SLOT not in text and not _CLUMSY.search(text) and _TAKEN_UP.search(text)
    return f"And {text[0].lower()}{text[1:]}" if fine else ""


def likewise(attribute: str, thing: str) -> str:
    """The same asked of another thing."""
    return f"And {'those' if is_plural(attribute) else 'that'} of {thing}?"


def stated(attribute: str, thing: str, value: str) -> str:
    """The value of an attribute."""
    return f"The {attribute} of {thing} {_be(attribute)} {value}."


def compared(attribute: str, *, is_time: bool) -> str:
    """Which of the two things spoken of has more; "" for attributes of which more cannot be said."""
    if is_plural(attribute) or _NOT_MORE.search(attribute):
        return ""
    return f"Which of the two has the {comparative(attribute, is_time=is_time)} {attribute}?"


def comparison(attribute: str, more: str, values: tuple[str, str], *, is_time: bool) -> str:
    """The answer to `compared`."""
    degree = comparative(attribute, is_time=is_time)
    return f"{_capital(more)} has the {degree} {attribute}: {values[0]} against {values[1]}."


def premise(attribute: str, value: str) -> str:
    """A wrong value said of the thing that was spoken of."""
    return f"So its {attribute} {_be(attribute)} {value}, right?"


def correction(attribute: str, thing: str, values: tuple[str, str], other: str) -> str:
    """What is true instead, and where the wrong value belongs."""
    right, wrong = values
    true = f"the {attribute} of {thing} {_be(attribute)} {right}"
    return f"No, {true}; the {attribute} of {other} {_be(attribute)} {wrong}."


def clarification(term: str) -> str:
    """Asking back what a word of the last answers means."""
    if any(letter.isupper() or letter.isdigit() for letter in term[1:]) and not term.isupper():
        return f"And what is {term}?"
    return f"What exactly is meant by “{term}”?"


def asked_for(attribute: str) -> tuple[str, str]:
    """The question for an attribute and the phrase for what it asks, both with a slot for the thing."""
    return f"What {_be(attribute)} the {attribute} of {SLOT}?", f"the {attribute} of {SLOT}"


def indirect(question: str) -> str:
    """What a question asks as a phrase behind "say": "how long {thing} lasts"; "" where its form is another."""
    match = _DIRECT.match(question)
    if match is None:
        return f"the {match[1]}" if (match := re.match(r"^What (?:is|are) the (.+)\?$", question)) else ""
    asking, auxiliary, rest = match["asking"], match["auxiliary"], match["rest"]
    if auxiliary != "does":
        return f"{asking[0].lower()}{asking[1:]} {SLOT} {auxiliary} {rest}"
    verb, _, more = rest.partition(" ")
    return f"{asking[0].lower()}{asking[1:]} {SLOT} {third_person(verb)} {more}".strip()


def refusal(missing: str) -> str:
    """That the documents do not tell."""
    verb = "state" if missing.startswith("the ") else "say"
    return f"The documents do not {verb} {missing}."


def partial(attribute: str, known: str, value: str, unknown: str, *, is_time: bool) -> tuple[str, str]:
    """A comparison of which one side is missing, and what can be said of it."""
    question = f"Which has the {comparative(attribute, is_time=is_time)} {attribute}, {known} or {unknown}?"
    told = f"The {attribute} of {known} is {value}."
    return question, f"{told} The {attribute} of {unknown} is not stated in the documents, so this cannot be decided."


def _be(attribute: str) -> str:
    return "are" if is_plural(attribute) else "is"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
