"""Facts of an answer that its ground does not hold: dates, identifiers, numbers with their units, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from doc2data.checks.facts import Facts, facts_of, folded_code, name_is_known, series_of
from doc2data.checks.ground import Ground
from doc2data.checks.quantities import Quantity
from doc2data.checks.reckoning import is_count, reckoned
from doc2data.checks.units import dimension
from doc2data.checks.words import normal


def unfounded(said: Facts, ground: Ground) -> str:
    """The first fact of a sentence that its ground does not bear out, in words; empty where there is none."""
    found = (_dates(said, ground), _codes(said, ground), _quantities(said, ground), _names(said, ground))
    return next((problem for problems in found for problem in problems), "")


def _dates(said: Facts, ground: Ground) -> Iterator[str]:
    known = ground.facts
    for date in said.dates:
        if any(date.within(other) for other in known.dates):
            continue
        numbers = {value for q in known.quantities for value in q.values}
        parts = {float(part) for part in (date.year, date.day) if part is not None}
        if not (parts <= numbers and any(date.month == other.month for other in known.dates)):
            yield f"the date {date.written!r} is neither in the evidence nor in the question"


def _codes(said: Facts, ground: Ground) -> Iterator[str]:
    there = {folded_code(code) for code in ground.facts.codes}
    told = {folded_code(code): code for code in ground.told.codes}
    squeezed = folded_code(ground.plain)
    mine = {folded_code(code) for code in said.codes}
    for code in said.codes:
        folded = folded_code(code)
        split = len(folded) > 3 and folded in squeezed and not there
        alone = rf"(?<![a-z0-9]){re.escape(normal(code))}(?![a-z0-9])"
        if folded not in there and not split and not re.search(alone, ground.plain):
            yield f"the identifier {code!r} is neither in the evidence nor in the question"
        elif folded in there and folded not in told:
            # Only a heading names it: RM-400 over a table of RM-410 and RM-420 is no third model.
            kin = [own for key, own in told.items() if series_of(key) == series_of(folded)]
            if kin and not mine & told.keys():
                yield f"says {code!r}, which only a heading names, where the question or the evidence says {kin[0]!r}"


def _quantities(said: Facts, ground: Ground) -> Iterator[str]:
    known = ground.facts
    steps = ground.worked_out.quantities if facts_of(ground.claim.steps, ground.language).quantities else ()
    for quantity in said.quantities:
        counted = ground.claim.derives and is_count(quantity, ground.claim)
        if counted or _in_date_or_code(quantity, ground):
            continue
        if steps and not any(quantity.equals(other) for other in steps):
            yield f"says {quantity.written!r}, which the reasoning does not come to"
        if _stands(quantity, known) or any(quantity.unit and quantity.equals(one) for one in ground.single):
            continue
        if ground.claim.derives and reckoned(quantity, known.quantities, known.units, given=bool(steps)):
            continue
        same = next((q for q in known.quantities if q.values & quantity.values and q.unit != quantity.unit), None)
        if same and quantity.unit:
            yield f"says {quantity.written!r} where the evidence says {same.written!r}"
        else:
            yield f"the number {quantity.written!r} is neither in the evidence nor in the question"


def _stands(quantity: Quantity, known: Facts) -> bool:
    """Whether a number stands in the source: with its unit, under a header that names it, or without any."""
    equal = [other for other in known.quantities if quantity.equals(other)]
    if not quantity.unit:
        return bool(equal)
    if any(other.unit for other in equal) or any(map(quantity.equals, _under_headers(quantity, known))):
        return True
    return bool(equal) and not _other_unit(quantity, known)


def _under_headers(quantity: Quantity, known: Facts) -> Iterator[Quantity]:
    """Numbers of the source without a unit, in the units that its headers name: 55 under `Mass (g)` is 55 g."""
    kindred = sorted(unit for unit in known.units if dimension(unit) == dimension(quantity.unit))
    yield from (replace(bare, unit=unit) for bare in known.quantities if not bare.unit for unit in kindred)


def _other_unit(quantity: Quantity, known: Facts) -> bool:
    """Whether the source gives a bare number another unit of the same dimension: in a header, or elsewhere."""
    beside = {other.unit for other in known.quantities if other.unit and other.values & quantity.values}
    return any(dimension(unit) == dimension(quantity.unit) for unit in known.units | beside)


def _in_date_or_code(quantity: Quantity, ground: Ground) -> bool:
    """A year or a day said alone, or a part of a code, stands in the source inside something longer."""
    known = ground.facts
    for unit, field in (("year", "year"), ("month", "month"), ("day", "day")):
        if quantity.unit in ("", unit) and any(getattr(d, field) in quantity.values for d in known.dates):
            return True
    if quantity.unit:
        return False
    inside = {part for code in known.codes for part in re.findall(r"\d+", code)}
    digits = re.sub(r"\D", "", quantity.written)
    alone = rf"(?<![\da-z.,]){re.escape(quantity.written)}(?!\d|[.,]\d)"
    return digits in inside or bool(re.search(alone, ground.plain))


def _names(said: Facts, ground: Ground) -> Iterator[str]:
    for name in said.names:
        if not name_is_known(name, ground.text, ground.stems, ground.language):
            yield f"the name {name!r} is neither in the evidence nor in the question"
