"""Numbers that an answer reckons from those of its evidence: by what operation, in which unit, and whether rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import permutations

from doc2data.checks.claims import Claim
from doc2data.checks.facts import facts_of
from doc2data.checks.quantities import Quantity, quantities
from doc2data.checks.units import dimension, in_base, is_label

MOST = 40
"""Numbers that are tried with each other."""
_RELATIVE = 0.01
"""Rounding that a result may show at most, relative to it."""
_OPERATOR = {
    "+": "+",
    "-": "-",
    "−": "-",
    "–": "-",
    "×": "*",
    "x": "*",
    "*": "*",
    "·": "*",
    "÷": "/",
    "/": "/",
    ":": "/",
}
_TERM = r"\d[\d.,]*\d|\d"
_SUM = re.compile(
    rf"(?P<terms>(?:{_TERM})(?:\s?[^\s\d+×*÷=()-]{{1,6}})?(?:\s?[-+−–×x*·÷/:]\s?(?:{_TERM})(?:\s?[^\s\d+×*÷=()-]{{1,6}})?)+)"
    rf"\s?=\s?(?P<result>[-−–]?\s?(?:{_TERM}))"
)
_STEP = re.compile(rf"(?P<operator>[-+−–×x*·÷/:])?\s?(?P<number>{_TERM})")
_COUNTING = re.compile(
    r"\bhow many\b|\bnumber of\b|\bwie ?viele?\b|\bcombien\b|\bcuánt[oa]s\b|\bquant[ie]\b|\bquant[oa]s\b|\bhoeveel\b"
    r"|几|幾|多少|数量|數量",
    re.IGNORECASE,
)


def sums(text: str, language: str) -> tuple[str, str]:
    """What is wrong in the arithmetic that a text writes out, and the text without right results.

    Operands stay where they stood, set apart, so that they can be looked for in the source.
    """
    problem = ""

    def checked(found: re.Match[str]) -> str:
        nonlocal problem
        value, result = _evaluated(found["terms"], language), _number(found["result"], language)
        if value is None or result is None:
            return found.group()
        if abs(value - result) > _tolerance(found["result"], value):
            problem = problem or f"reckons {found.group()!r}, which is {value:g}"
        return f"({') ('.join(step['number'] for step in _STEP.finditer(found['terms']))})"

    plain = _SUM.sub(checked, text)
    return problem, plain


def reckoned(said: Quantity, known: Sequence[Quantity], headers: AbstractSet[str], *, given: bool = False) -> bool:
    """Whether a number is reckoned from numbers of the source: total, difference, share, multiple, or rate.

    Args:
        said: the number of the answer.
        known: those of the source.
        headers: units that the source names without a number, which its bare numbers may be in.
        given: whether the value was worked out before, so that only its unit is in question: that of what it adds up.
    """
    if given:
        known = [q for q in known if q.unit == said.unit or (not q.unit and said.unit in headers)]
        headers = {said.unit}
    written = re.sub(r"[^\d.,]", "", said.written)
    return any(
        abs(abs(value) - abs(result)) <= _tolerance(written, result)
        for value in said.values
        for result in (_added if given else _results)(said, known[:MOST], headers)
    )


def is_count(said: Quantity, claim: Claim) -> bool:
    """Whether a number may count what the evidence lists: asked for as such, whole, and not more than it could list."""
    if said.unit or not _COUNTING.search(claim.question):
        return False
    text = "\n".join(claim.quotes)
    lines = sum(bool(line.strip()) for line in text.splitlines())
    things = max(lines, len(set(facts_of(text, claim.language).codes)), text.count(",") + 2, text.count("、") + 1)
    return any(value.is_integer() and 0 <= value <= things for value in said.values)


def _results(said: Quantity, known: Sequence[Quantity], headers: AbstractSet[str]) -> Iterator[float]:
    """What can be reckoned in the unit of a number, in that unit."""
    pure = [value for q in known if q.unit in ("", "times") for value in q.values]
    shares = [value / 100 for q in known if q.unit == "%" for value in q.values]
    amounts = _amounts(said, known, headers)
    yield from _added(said, known, headers)
    if said.unit:
        yield from (a * factor for a in amounts for factor in pure)
        yield from (a / divisor for a in amounts for divisor in pure if divisor)
    yield from (a * factor for a in amounts for share in shares for factor in (share, 1 + share, 1 - share))
    if said.unit in ("", "times", "%"):
        yield from _ratios(known, 100.0 if said.unit == "%" else 1.0)
    elif not is_label(said.unit):
        yield from _rates(said.unit, known)


def _added(said: Quantity, known: Sequence[Quantity], headers: AbstractSet[str]) -> Iterator[float]:
    """Sums and differences of two, and the total of a few."""
    amounts = _amounts(said, known, headers)
    for a, b in permutations(amounts, 2):
        yield from (a + b, a - b)
    if 2 < len(amounts) <= 12:
        yield sum(amounts)


def _amounts(said: Quantity, known: Sequence[Quantity], headers: AbstractSet[str]) -> list[float]:
    """The numbers of the source that can be added to one another for a result, in its unit."""
    if not said.unit:
        return [value for q in known if not q.unit for value in q.values]
    kindred = sorted(unit for unit in headers if dimension(unit) == dimension(said.unit)) or [said.unit]
    found = []
    for q in known:
        units = kindred if not q.unit else [q.unit] if dimension(q.unit) == dimension(said.unit) else []
        found += [_converted(value, unit, said.unit) for unit in units for value in q.values]
    return found


def _ratios(known: Sequence[Quantity], scale: float) -> Iterator[float]:
    """How many times one number of the source another one of its kind is, and by what share it differs."""
    for a, b in permutations(known, 2):
        if bool(a.unit) != bool(b.unit) or (a.unit and dimension(a.unit) != dimension(b.unit)):
            continue
        for x in a.values:
            for y in b.values:
                upper, lower = (x, y) if a.unit == b.unit else (in_base(x, a.unit), in_base(y, b.unit))
                if lower:
                    yield from (scale * upper / lower, scale * (upper - lower) / lower)


def _rates(unit: str, known: Sequence[Quantity]) -> Iterator[float]:
    """Products and quotients of numbers of other dimensions that come out in a unit: flow by time is volume."""
    with_units = [q for q in known if q.unit and not is_label(q.unit) and dimension(q.unit) != "[temperature]+1"]
    for a, b in permutations(with_units, 2):
        for joint in ("*", "/"):
            whole = f"({a.unit}){joint}({b.unit})"
            if a.unit != unit and dimension(whole) == dimension(unit):
                for x in a.values:
                    yield from (_converted(x * y if joint == "*" else x / y, whole, unit) for y in b.values if y)


def _converted(value: float, unit: str, other: str) -> float:
    """A value in another unit; of temperatures, as a difference of degrees."""
    if unit == other or is_label(unit):
        return value
    return value * (in_base(2.0, unit) - in_base(1.0, unit)) / (in_base(2.0, other) - in_base(1.0, other))


def _tolerance(written: str, value: float) -> float:
    """How far a rounded number may be from what it rounds: half its last digit, and no more than a hundredth."""
    _, _, fraction = written.replace(",", ".").rpartition(".") if re.search(r"[.,]", written) else ("", "", "")
    return min(0.5 * 10.0 ** -len(fraction), _RELATIVE * abs(value)) + 1e-9


def _evaluated(terms: str, language: str) -> float | None:
    """The value of terms joined by signs of one rank, from the left; None where ranks are mixed or unreadable."""
    steps = list(_STEP.finditer(terms))
    signs = [_OPERATOR.get(step["operator"] or "", "") for step in steps[1:]]
    values = [_number(step["number"], language) for step in steps]
    if None in values or not (set(signs) <= {"+", "-"} or set(signs) <= {"*", "/"}):
        return None
    total = values[0] or 0.0
    for sign, value in zip(signs, values[1:], strict=True):
        assert value is not None
        if sign == "/" and not value:
            return None
        total = {"+": total + value, "-": total - value, "*": total * value}[sign] if sign != "/" else total / value
    return total


def _number(written: str, language: str) -> float | None:
    found = list(quantities(written.strip(), language))
    return min(found[0].values) if len(found) == 1 else None
