"""Right answers made wrong on purpose: the operators, by the name that a preference pair gives as its proof.

An operator only proposes; whether its answer is wrong in fact is for the check that it names to say.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from doc2data.tasks.corruptions import facts, parts, turns
from doc2data.tasks.corruptions.ground import Elsewhere, Ground, Wrong

__all__ = ["EDITS", "OPERATORS", "SENTENCES", "STRUCTURAL", "Elsewhere", "Ground", "Operator", "Wrong"]

Operator = Callable[[Ground, random.Random], Iterator[Wrong]]
"""Proposals for one right answer, the likeliest to deceive first."""

OPERATORS: Mapping[str, Operator] = {
    "number": facts.number,
    "unit": facts.unit,
    "identifier": facts.identifier,
    "entity": facts.entity,
    "negation": turns.negation,
    "condition": turns.condition,
    "step order": parts.step_order,
    "step left out": parts.step_left_out,
    "warning left out": parts.warning_left_out,
    "neighbour": parts.neighbour,
    "addition": parts.addition,
}
STRUCTURAL = ("step order", "step left out", "warning left out")
"""Operators for answers that tell steps, which few answers do: tried first where they apply."""
EDITS = ("number", "unit", "identifier", "entity", "negation", "condition")
"""Operators that change a word or two."""
SENTENCES = ("neighbour", "addition")
"""Operators that bring in other sentences, which nearly every answer allows."""
