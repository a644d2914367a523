"""Numbers as values: digits and words, thousands and decimal marks, units made one by their dimension.

0.5 MPa is 500 kPa, "three hours" is 3 h, 三万 is 30000.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from doc2data.checks.vocabulary import vocabulary

if TYPE_CHECKING:
    import pint

TOLERANCE = 1e-3
"""Relative difference up to which two converted values are one."""

_DECIMAL_COMMA = frozenset({"de", "fr", "es", "it", "nl", "pt", "da", "sv", "no", "fi", "ru", "pl", "cs"})

_BEFORE = r"(?<![A-Za-z\d_])(?<!\d[.,])"
_NUMBER = re.compile(rf"(?:(?<![\w.])[-−–+±]\s?|{_BEFORE})\d+(?:[.,' ]\d+)*")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_NAMED_UNIT = re.compile(r"(?:[\[(（/,]\s?|\|\s*)([^\s()\[\]（）,;|]{1,12})(?=\s?[\])）]|\s*\|)")
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


def dimension(unit: str) -> str:
    """The physical dimension of a unit; the unit itself where it has none."""
    if unit in _tables()["labels"]:
        return unit
    return str(registry().Quantity(1, unit).dimensionality)


def units_named(text: str, language: str) -> set[str]:
    """Units that a text names without a number, as headers and cells do: `Pressure (MPa)`, `Mass | kg | 5.8`."""
    found = {_known_unit(match.group(1), language) for match in _NAMED_UNIT.finditer(text)}
    return found - {""}


@cache
def registry() -> pint.UnitRegistry[float]:
    """The registry of units; made once, since that takes half a second."""
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


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
        unit = _labels().get(text[max(0, span[0] - 1) : span[0]], "")
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
        if factor := _tables()["scales"].get(word):
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
        if unit := _known_unit(candidate, language):
            return unit, start + size
    return _unit_behind_word(text, start, language) or ("", end)


def _unit_behind_word(text: str, start: int, language: str) -> tuple[str, int] | None:
    """A unit written out behind one more word: 4000 operating hours."""
    found = re.match(r"[^\W\d_]{3,}\s([^\W\d_]{4,})\b", text[start : start + 40])
    unit = _known_unit(found.group(1), language) if found else ""
    return (unit, start + found.end()) if found and unit else None


@lru_cache(maxsize=20_000)
def _known_unit(word: str, language: str) -> str:
    """The name of the unit that a word spells, in one form for all spellings; empty where it spells none."""
    if label := _labels().get(word.lower()):
        return label
    own: Mapping[str, str] = vocabulary(language).units
    # A short unit is another one in other case (mm, Mm), a long one is not.
    name = own.get(word.lower()) or _spellings().get(word) or (_spellings().get(word.lower()) if len(word) > 3 else "")
    return str(registry().Unit(name)) if name else ""


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((resources.files("doc2data.checks") / "units.toml").read_text(encoding="utf-8"))


@cache
def _spellings() -> Mapping[str, str]:
    return {word: name for name, words in _tables()["units"].items() for word in _listed(words)}


def _listed(words: str) -> list[str]:
    """Entries set apart by commas where one holds a blank, else by blanks."""
    return words.split(", ") if "," in words else words.split()


@cache
def _labels() -> Mapping[str, str]:
    """Units without a dimension: spelling in lower case to the one name for it."""
    return {word: name for name, words in _tables()["labels"].items() for word in words.split()}


def _base(quantity: Quantity) -> frozenset[float]:
    if quantity.unit in _tables()["labels"]:
        return quantity.values
    found = registry().Quantity
    return frozenset(float(found(value, quantity.unit).to_base_units().magnitude) for value in quantity.values)


def _close(a: frozenset[float], b: frozenset[float]) -> bool:
    return any(math.isclose(x, y, rel_tol=TOLERANCE if x != int(x) or y != int(y) else 1e-9) for x in a for y in b)
