"""Questions about what many things have, so that the thing asked about must be known: numbers, contents, measures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.tasks.joins.thing import Thing, mention
from doc2data.tasks.rules.english.attributes import answer_with, question_for, tidy
from doc2data.tasks.rules.english.clause import Clause, is_plural, parse
from doc2data.tasks.rules.english.lexicon import is_verb

SLOT = "{thing}"
"""Stands where the thing is named."""
_NUMBER = re.compile(
    r"(?:\((?P<name>(?:part|order|article) number) (?P<inside>[A-Z0-9][\w-]*)\)"
    r"|\b(?:under|has the|with the) (?P<said>(?:part|order|article) number) (?P<outside>[A-Z0-9][\w-]*\w))"
)
_MEASURE = re.compile(
    r"\b(?:with|has|have|a) an? (?P<name>(?:[a-z-]+ ){0,2}?[a-z]+|pH) of (?P<value>(?:up to |about |at least )?[±−-]?\d"
    r"[^,;]*?)(?=$|[,;]| and | which | that )"
)
_END = re.compile(r"(?<=[^\W_][.])\s+(?=[A-Z])")
_REMARKS = re.compile(
    r"^(?:description|designation|name|title|remarks?|notes?|comments?|form|see|reference)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with a slot for the thing, and the answer that names it."""

    question: str
    answer: str
    attribute: str = ""
    """What is asked of the thing, where it is something that other things have too: "part number"."""


def of_sentence(text: str, thing: Thing) -> Iterator[Asked]:
    """What a plain sentence says of its subject in terms that fit other things too."""
    text = _END.split(text, maxsplit=1)[0]
    number = _NUMBER.search(text)
    clause = parse(re.sub(r" \((?:part|order|article) number [^)]*\)", "", text))
    if clause is None or not mention(thing).fullmatch(clause.subject) or clause.negated:
        return
    if number:
        name, code = (number["name"] or number["said"]), (number["inside"] or number["outside"])
        yield Asked(f"What is the {name} of {SLOT}?", f"The {name} of {thing.name} is {code}.", name)
    yield from _measures(clause, thing)
    yield from _contents(clause, thing, text)


def of_cell(attribute: str, value: str, unit: str, thing: Thing) -> Iterator[Asked]:
    """What a table's cell says of a thing."""
    name = attribute if attribute[1:2].isupper() else attribute[:1].lower() + attribute[1:]
    counted = not unit and re.fullmatch(r"\d+", value.strip()) and is_plural(attribute)
    told = value.strip().endswith(".") or is_verb(value.split(maxsplit=1)[0].lower(), "VBZ")
    if _REMARKS.match(attribute.strip()) or len(value.split()) > 12 or counted or told:
        return
    question = question_for(f"{name} in {unit}" if unit else name, SLOT)
    if question:
        yield Asked(question, answer_with(name, thing.name, tidy(value, unit)), attribute)


def _measures(clause: Clause, thing: Thing) -> Iterator[Asked]:
    if clause.base not in ("be", "have") or clause.passive:
        return
    match = _MEASURE.search(f"{clause.group[-1]} {clause.body}")
    if match:
        name, value = match["name"], match["value"].rstrip(".")
        yield Asked(f"What is the {name} of {SLOT}?", f"The {name} of {thing.name} is {value}.", name)


def _contents(clause: Clause, thing: Thing, text: str) -> Iterator[Asked]:
    """What a whole is made up of; the things in it must be more than one."""
    several = ", " in clause.body or " and " in clause.body
    if clause.passive or not several or clause.tail:
        return
    if clause.base == "consist" and clause.body.startswith("of "):
        yield Asked(f"What does {SLOT} consist of?", text, "consist")
    elif clause.base in ("contain", "include"):
        yield Asked(f"What does {SLOT} {clause.base}?", text, clause.base)
