"""Problems over table cells in English words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from doc2data.tasks.joins.cells import Cell, Problem, Told
from doc2data.tasks.joins.english.degrees import superlative
from doc2data.tasks.rules.english.clause import is_plural

_FOR = ("needed", "required", "allowed", "taken")
"""An attribute that ends so is said to be for a thing."""
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


def tell(problem: Problem) -> Told:
    """Question, steps and answer of a problem."""
    question, answer = _OPERATIONS[problem.operation](problem)
    readings = tuple(_capital(f"{_named(cell)} {_be(cell)} {cell.value}.") for cell in problem.cells)
    return Told(_capital(question), readings, _capital(_reckoning(problem)), _capital(answer))


def listed(parts: Sequence[str], word: str = "and") -> str:
    """The parts as a list in a sentence: with commas, and a word before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _difference(p: Problem) -> tuple[str, str]:
    larger, smaller = p.cells
    do, that = ("do", "those") if is_plural(larger.attribute) else ("does", "that")
    rest = f"{that} {_at(smaller)}{smaller.thing}"
    question = f"by how much {do} {_named(larger)} exceed {rest}?"
    verb = "exceed" if do == "do" else "exceeds"
    return question, f"{_named(larger)} {verb} {rest} by {p.result}: {larger.value} against {smaller.value}."


def _ratio(p: Problem) -> tuple[str, str]:
    larger, smaller = p.cells
    that = "those" if is_plural(larger.attribute) else "that"
    question = f"{_named(larger)} {_be(larger)} how many times {that} {_at(smaller)}{smaller.thing}?"
    said = f"{_named(larger)} {_be(larger)} {p.result} times {that} {_at(smaller)}{smaller.thing}"
    return question, f"{said}: {larger.value} against {smaller.value}."


def _sum(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    labels = listed([f"“{cell.condition}”" for cell in p.cells])
    whole = f"the total {first.attribute} of {first.thing} for the {plural(first.condition_kind)} {labels} together"
    values = listed([cell.value for cell in p.cells])
    return f"what is {whole}?", f"{whole} is {p.result}, the sum of {values}."


def _conversion(p: Problem) -> tuple[str, str]:
    (cell,) = p.cells
    return (
        f"what {_be(cell)} {_named(cell)} in {p.target}?",
        f"{_named(cell)} {_be(cell)} {cell.value}, which is {p.result}.",
    )


def _threshold(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    measure = f"{_a(first)}{first.attribute} of at least {p.threshold}"
    question = f"{_situation(first)}which of {_things(p)} have {measure}?"
    found = listed([f"{p.cells[at].thing} with {p.cells[at].value}" for at in p.chosen])
    return question, f"{found} have {measure}{_place(first)}."


def _count(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    measure = f"{_a(first)}{first.attribute} of at least {p.threshold}"
    found = listed([f"{p.cells[at].thing} with {p.cells[at].value}" for at in p.chosen])
    question = f"{_situation(first)}how many of {_things(p)} have {measure}?"
    return question, f"{_NUMBERS[len(p.chosen)]} of them have {measure}{_place(first)}: {found}."


def _extreme(p: Problem) -> tuple[str, str]:
    (at,) = p.chosen
    cell, measure = p.cells[at], f"the {_extent(p)} {p.cells[at].attribute}"
    question = f"{_situation(cell)}which of {_things(p)} has {measure}?"
    return question, f"{cell.thing} has {measure} of them{_place(cell)}, {cell.value}."


_OPERATIONS: dict[str, Callable[[Problem], tuple[str, str]]] = {
    "difference": _difference,
    "ratio": _ratio,
    "sum": _sum,
    "conversion": _conversion,
    "threshold": _threshold,
    "count": _count,
    "extreme": _extreme,
}


def _reckoning(p: Problem) -> str:
    if p.expression:
        return f"{p.expression}."
    if p.operation == "extreme":
        return f"the {_extent(p)} is {p.cells[p.chosen[0]].value}."
    found = listed([f"{p.cells[at].thing} with {p.cells[at].value}" for at in p.chosen])
    return f"at least {p.threshold}: {found}."


def _named(cell: Cell) -> str:
    return f"the {cell.attribute} {_at(cell)}{cell.thing}{_place(cell)}"


def _at(cell: Cell) -> str:
    if cell.attribute.endswith(_FOR):
        return "for "
    return "at " if cell.at else "of "


def _place(cell: Cell) -> str:
    return f" for the {cell.condition_kind} “{cell.condition}”" if cell.condition else ""


def _situation(cell: Cell) -> str:
    return f"for the {cell.condition_kind} “{cell.condition}”, " if cell.condition else ""


def _things(p: Problem) -> str:
    """The things as a list; the kind that all share is said once: "the tasks “A” and “B”"."""
    kinds = {kind for cell in p.cells if (kind := cell.thing.partition(" “")[0]) != cell.thing}
    if len(kinds) == 1 and all(" “" in cell.thing for cell in p.cells):
        labels = listed([f"“{cell.thing.partition(' “')[2]}" for cell in p.cells])
        return f"{plural(kinds.pop())} {labels}"
    return listed([cell.thing for cell in p.cells])


def _extent(p: Problem) -> str:
    return superlative(p.cells[0].attribute, is_time=p.is_time, most=p.highest)


def be(attribute: str) -> str:
    """The verb that goes with an attribute."""
    return "are" if is_plural(attribute) else "is"


def article(noun: str, first: str) -> str:
    """The article before a noun phrase whose first word is given, with a blank; "" for a plural."""
    if is_plural(noun):
        return ""
    return "an " if first[0].lower() in "aeio" else "a "


def _be(cell: Cell) -> str:
    return be(cell.attribute)


def _a(cell: Cell) -> str:
    return article(cell.attribute, cell.attribute)


def plural(noun: str) -> str:
    """More than one of a noun."""
    match = re.match(r"(.*?\S)( (?:of|under|for|in|on|to|with) .+)", noun)
    if match:
        return plural(match[1]) + match[2]
    return noun if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
