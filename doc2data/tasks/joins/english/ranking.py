"""Where a thing stands among those of its table, in English: which it is by rank, how many surpass it, sums of two."""

from __future__ import annotations

from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.english.degrees import comparative, superlative
from doc2data.tasks.joins.english.figures import article, be, listed, plural
from doc2data.tasks.joins.ranking import Placed
from doc2data.tasks.rules.english.clause import is_plural

ANYTHING = "item"
"""What things are called that have no kind in common."""
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def standing_out(placed: Placed, *, highest: bool) -> str:
    """The thing by its rank: "the fluid with the longest shelf life"."""
    extent = superlative(placed.attribute, is_time=placed.is_time, most=highest)
    return f"the {placed.kind} with the {extent} {placed.attribute}"


def surpassed(placed: Placed, more: tuple[tuple[str, str], ...]) -> Asked:
    """How many things of the table have more; `more` are their names with their values."""
    degree = comparative(placed.attribute, is_time=placed.is_time)
    kinds, have = plural(placed.kind), f"{article(placed.attribute, degree)}{degree} {placed.attribute}"
    question = f"How many other {kinds} have {have} than {SLOT}?"
    verb, told = ("has", placed.kind) if len(more) == 1 else ("have", kinds)
    found = listed([f"{name} with {value}" for name, value in more])
    answer = f"{_NUMBERS[len(more)]} other {told} {verb} {have} than {placed.thing} with {placed.value}: {found}."
    return Asked(question, answer, placed.attribute)


def together(placed: Placed, other: str, value: str, result: str) -> Asked:
    """The sum of what two things have."""
    name = placed.attribute
    question = f"What {be(name)} the total {name} of {other} and {SLOT}?"
    answer = f"The total {name} of {placed.thing} and {other} {be(name)} {result}: {placed.value} and {value}."
    return Asked(question, answer, name)


def apart(placed: Placed, other: str, value: str, result: str, *, larger: bool) -> Asked:
    """By how much what one thing has exceeds what another has."""
    name = placed.attribute
    that, does, exceeds = ("those", "do", "exceed") if is_plural(name) else ("that", "does", "exceeds")
    one, two = (placed.thing, other) if larger else (other, placed.thing)
    asked, than = (SLOT, other) if larger else (other, SLOT)
    values = f"{placed.value} against {value}" if larger else f"{value} against {placed.value}"
    question = f"By how much {does} the {name} of {asked} exceed {that} of {than}?"
    return Asked(question, f"The {name} of {one} {exceeds} {that} of {two} by {result}: {values}.", name)


def compared(attribute: str, sides: tuple[str, str], *, is_time: bool) -> str:
    """Which of two things has more."""
    degree = comparative(attribute, is_time=is_time)
    return f"Which has the {degree} {attribute}, {sides[0]} or {sides[1]}?"


def decided(attribute: str, names: tuple[str, str], values: tuple[str, str], *, is_time: bool) -> str:
    """The answer: the one with more first."""
    degree = comparative(attribute, is_time=is_time)
    told = f"{names[0]} has the {degree} {attribute}: {values[0]}, against {values[1]} for {names[1]}."
    return told[:1].upper() + told[1:]


def crossed(head: str, clauses: tuple[str, str]) -> str:
    """Which thing has two properties at once."""
    return f"Which {head} is the one {clauses[0]} and {clauses[1]}?"


def met(head: str, clauses: tuple[str, str], name: str) -> str:
    """The answer to `crossed`."""
    return f"The {head} {clauses[0]} and {clauses[1]} is {name}."


def having(attribute: str, value: str) -> str:
    """A property as a relative clause."""
    return f"whose {attribute} {be(attribute)} {value}"


def clause_of(description: str, head: str) -> str:
    """The relative clause of a description, for instance "that is kept dry"; "" where it has none."""
    lead = f"the {head} "
    rest = description.removeprefix(lead)
    return rest if rest != description else ""


def is_one_of(name: str, clause: str, head: str) -> str:
    """What one clue tells of the thing in an intersection."""
    told = f"{name} is {'an' if head[:1] in 'aeio' else 'a'} {head} {clause}."
    return told[:1].upper() + told[1:]


def reading(attribute: str, thing: str, value: str) -> str:
    """What one cell or sentence tells."""
    return f"The {attribute} of {thing} {be(attribute)} {value}."
