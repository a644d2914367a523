"""Arithmetic over quantities, executed: every result is exact or refused, with the expression that gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pint

MOST_DECIMALS = 3
MOST_DECIMALS_OF_RATIO = 2
_PINT_NAMES = {
    "min": "minute", "minutes": "minute", "分钟": "minute", "h": "hour", "hr": "hour", "hours": "hour", "小时": "hour",
    "s": "second", "sec": "second", "seconds": "second", "秒": "second", "d": "day", "days": "day", "天": "day",
    "weeks": "week", "months": "month", "个月": "month", "years": "year", "年": "year",
    "mL": "milliliter", "ml": "milliliter", "L": "liter", "l": "liter", "g": "gram", "kg": "kilogram",
    "L/h": "liter/hour", "L/min": "liter/minute", "mL/min": "milliliter/minute",
    "bar": "bar", "mbar": "millibar", "kPa": "kilopascal", "Pa": "pascal",
    "µm": "micrometer", "mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer",
    "W": "watt", "watts": "watt", "kW": "kilowatt", "mA": "milliampere", "A": "ampere",
    "mV": "millivolt", "V": "volt", "kV": "kilovolt", "°C": "degC", "℃": "degC", "°F": "degF",
}  # fmt: skip
_TARGETS = {
    "min": ("h",), "s": ("min",), "h": ("min", "days"), "days": ("weeks",), "months": ("years",),
    "hours": ("minutes",), "minutes": ("hours",), "小时": ("分钟",), "分钟": ("秒",),
    "g": ("kg",), "kg": ("g",), "mL": ("L",), "L": ("mL",), "L/h": ("L/min", "mL/min"), "bar": ("kPa",),
    "mm": ("cm",), "m": ("cm",), "W": ("kW",), "watts": ("kW",), "mA": ("A",), "V": ("mV",),
    "°C": ("°F",), "℃": ("°F",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Executed:
    """A result with how it came about."""

    expression: str
    """As a person writes it: "36 − 12 = 24"."""
    result: Decimal


def difference(larger: Decimal, smaller: Decimal) -> Executed:
    """`larger` minus `smaller`."""
    return _executed((larger, smaller), "−", larger - smaller)


def total(numbers: Sequence[Decimal]) -> Executed:
    """The sum of the numbers."""
    return _executed(numbers, "+", sum(numbers, Decimal(0)))


def ratio(whole: Decimal, part: Decimal) -> Executed | None:
    """`whole` divided by `part`; None where that has no end within the decimals allowed."""
    if part == 0:
        return None
    result = whole / part
    return _executed((whole, part), "÷", result) if _is_short(result, MOST_DECIMALS_OF_RATIO) else None


def targets(unit: str) -> tuple[str, ...]:
    """Units that a quantity in `unit` may be asked for in."""
    return _TARGETS.get(unit, ())


def converted(number: Decimal, unit: str, target: str) -> Executed | None:
    """The number in another unit, by pint; None where the result has no end within the decimals allowed."""
    registry = _registry()
    quantity = registry.Quantity(number, _PINT_NAMES[unit]).to(_PINT_NAMES[target])
    result = round(Decimal(quantity.magnitude), 9)
    if not _is_short(result, MOST_DECIMALS):
        return None
    return Executed(f"{written(number)} {unit} = {written(result)} {target}", result)


def written(number: Decimal) -> str:
    """The number in plain digits, without needless zeros."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text


def _executed(numbers: Sequence[Decimal], sign: str, result: Decimal) -> Executed:
    return Executed(f"{f' {sign} '.join(map(written, numbers))} = {written(result)}", result)


def _is_short(number: Decimal, decimals: int) -> bool:
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -decimals


@cache
def _registry() -> pint.UnitRegistry[Decimal]:
    import pint

    return pint.UnitRegistry(non_int_type=Decimal)
