"""Numbers as values: digits and words, thousands and decimal marks, units made one by their dimension.

0.5 MPa is 500 kPa, "three hours" is 3 h, 三万 is 30000.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.checks.units import dimension, in_base, known_unit, labels, per, tables

TOLERANCE = 1e-3
"""Relative difference up to which two converted values are one."""

_DECIMAL_COMMA = frozenset({"de", "fr", "es", "it", "nl", "pt", "da", "sv", "no", "fi", "ru", "pl", "cs"})

_BEFORE = r"(?<![A-Za-z\d_])(?<!\d[.,])"
_NUMBER = re.compile(rf"(?:(?<![\w.])[-−–+±]\s?|{_BEFORE})\d+(?:[.,' ]\d+)*")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_NAMED_UNIT = re.compile(r"(?:[\[(（/,]\s?|\|\s*)([^\s()\[\]（）,;|]{1,12})(?=\s?[\])）]|\s*\|)")
_ASKED_UNIT = re.compile(r"\b(?:in|en)\s([^\s()\[\]（）,;|?]{1,12})(?=[\s?,.;]|$)")
_PER = re.compile(r"\s(?:per|pro|par|por)\s([^\s()\[\]（）,;|?.]{1,12})")
_MARKS = ((",", "."), (".", ","), ("'", "."), (" ", "."))
"""Pairs of thousands mark and decimal mark."""
_SIGN = re.compile(r"^[-−–]\s?")
_GROUPED = {mark: re.compile(rf"^\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+$") for mark in ",.' "}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text."""

    written: str
    start: int
    end: int
    values: frozenset[float]
    """What it may mean: "1.000" is one or a thousand where the decimal mark is a comma."""
    unit: str = ""
    """A unit as the registry knows it, a label such as % or $, or empty."""

    def equals(self, other: Quantity) -> bool:
        """Whether both say the same; a number without a unit equals that number with any."""
        if not self.unit or not other.unit or self.unit == other.unit:
            return _close(self.values, other.values)
        return _close(_base(self), _base(other)) and dimension(self.unit) == dimension(other.unit)


def quantities(text: str, language: str) -> Iterator[Quantity]:
    """The numbers of a text in NFKC form, with their units, in order."""
    for found in _NUMBER.finditer(text):
        written = found.group().strip()
        end = found.end()
        if " " in written and not _GROUPED[" "].match(_SIGN.sub("", written).lstrip("+±")):
            yield from _apart(found, text, language)
            continue
        yield _quantity(written, (found.start(), end), text, language)


def units_named(text: str, language: str) -> set[str]:
    """Units that a text names without a number: `Pressure (MPa)`, `Mass | kg | 5.8`, `what is the mass in kg`."""
    named = (match.group(1) for pattern in (_NAMED_UNIT, _ASKED_UNIT) for match in pattern.finditer(text))
    return {known_unit(word, language) for word in named} - {""}


def _apart(found: re.Match[str], text: str, language: str) -> Iterator[Quantity]:
    """Numbers with blanks between that are no groups of three: each its own."""
    for part in re.finditer(r"[-−–+±]?\d+(?:[.,']\d+)*", found.group()):
        start = found.start() + part.start()
        yield _quantity(part.group(), (start, found.start() + part.end()), text, language)


def _quantity(written: str, span: tuple[int, int], text: str, language: str) -> Quantity:
    values = {_signed(written, value) for value in _values(_SIGN.sub("", written).lstrip("+± "), language)}
    factor, end = _scale(text, span[1])
    unit, unit_end = _unit_after(text, end, language)
    if ordinal := _ORDINAL.match(text, span[1]):
        return Quantity(text[span[0] : ordinal.end()], span[0], ordinal.end(), frozenset(values))
    if not unit:
        unit = labels().get(text[max(0, span[0] - 1) : span[0]], "")
        unit_end = end
    scaled = frozenset(value * factor for value in values)
    return Quantity(text[span[0] : unit_end].strip(), span[0], unit_end, scaled, unit)


def _signed(written: str, value: float) -> float:
    return -value if _SIGN.match(written) else value


def _values(digits: str, language: str) -> set[float]:
    """What digits with marks may mean; 1.000 has two readings where the comma is the decimal mark."""
    comma = language in _DECIMAL_COMMA
    found = {value for mark, decimal in _MARKS if (value := _grouped(digits, mark, decimal)) is not None}
    if not comma:
        found -= {value for value in found if _GROUPED["."].match(digits)}
    plain = digits.replace(",", ".") if comma or digits.count(",") == 1 else digits
    if (comma or not found) and re.fullmatch(r"\d+(?:\.\d+)?", plain):
        found.add(float(plain))
    return found or {float(re.sub(r"\D", "", digits) or 0)}


def _grouped(digits: str, mark: str, decimal: str) -> float | None:
    """The value of a number whose thousands are set apart by `mark`, or None where it is not written so."""
    whole, _, fraction = digits.partition(decimal)
    if _GROUPED[mark].match(whole) and (fraction.isdigit() or not fraction):
        return float(f"{whole.replace(mark, '')}.{fraction or 0}")
    return None


def _scale(text: str, end: int) -> tuple[float, int]:
    """The factor that follows a number in words, and where it ends."""
    if found := re.match(
        r"\s?(百万|百萬|万|萬|亿|億|千(?![瓦克米帕伏赫])|兆(?![帕赫瓦]))|\s([A-Za-z]+)\b", text[end : end + 14]
    ):
        word = (found.group(1) or found.group(2)).lower()
        if factor := tables()["scales"].get(word):
            return factor, end + found.end()
    return 1.0, end


def _unit_after(text: str, end: int, language: str) -> tuple[str, int]:
    """The longest unit right behind a number, and where it ends."""
    found = re.match(r"[\s-]?\s?", text[end : end + 2])
    start = end + (found.end() if found else 0)
    for size in range(min(20, len(text) - start), 0, -1):
        candidate = text[start : start + size]
        after = text[start + size : start + size + 1]
        if candidate[-1].isascii() and candidate[-1].isalnum() and after.isascii() and after.isalnum():
            continue
        if unit := known_unit(candidate, language):
            return _with_per(text, unit, start + size, language)
    return _unit_behind_word(text, start, language) or ("", end)


def _with_per(text: str, unit: str, end: int, language: str) -> tuple[str, int]:
    """A unit with what it is told per, and where that ends: 30 litres per hour."""
    found = _PER.match(text[end : end + 20])
    other = known_unit(found.group(1), language) if found else ""
    whole = per(unit, other) if other else ""
    return (whole, end + found.end()) if found and whole else (unit, end)


def _unit_behind_word(text: str, start: int, language: str) -> tuple[str, int] | None:
    """A unit written out behind one more word: 4000 operating hours."""
    found = re.match(r"[^\W\d_]{3,}\s([^\W\d_]{4,})\b", text[start : start + 40])
    unit = known_unit(found.group(1), language) if found else ""
    return (unit, start + found.end()) if found and unit else None


def _base(quantity: Quantity) -> frozenset[float]:
    return frozenset(in_base(value, quantity.unit) for value in quantity.values)


def _close(a: frozenset[float], b: frozenset[float]) -> bool:
    return any(
        math.isclose(x, y, rel_tol=1e-9 if x.is_integer() and y.is_integer() else TOLERANCE) for x in a for y in b
    )
