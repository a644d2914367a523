"""Units by one name for all their spellings: written out, as symbols, with prefixes, and joined (kN·m, L/min)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from doc2data.checks.vocabulary import vocabulary

if TYPE_CHECKING:
    import pint

_JOINT = re.compile(r"([·⋅*/])")
_ATOM = re.compile(r"(?P<symbol>\D+?)\^?(?P<power>[23])?")
_NO_UNITS = ("pm", "pH")
_PREFIXES = ("k", "M", "G", "m", "µ", "μ", "u", "n", "p")
_DIVISORS = frozenset(
    {"[time]+1", "[time]+2", "[length]+1", "[length]+2", "[length]+3", "[mass]+1", "[substance]+1", "[temperature]+1"}
)
"""What a joined unit may be told per; N/A and L/N are no units."""


@cache
def registry() -> pint.UnitRegistry[float]:
    """The registry of units; made once, since that takes half a second."""
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


@lru_cache(maxsize=20_000)
def known_unit(word: str, language: str) -> str:
    """The name of the unit that a word or symbol spells, in one form for all spellings; empty where it spells none."""
    if label := labels().get(word.lower()):
        return label
    name = vocabulary(language).units.get(word.lower()) or _symbol(word) or _joined(word)
    return str(registry().Unit(name)) if name else ""


def is_label(unit: str) -> bool:
    """Whether a unit has no dimension and is compared by its name alone: %, $, NTU."""
    return unit in tables()["labels"]


@cache
def dimension(unit: str) -> str:
    """The physical dimension of a unit; the unit itself where it has none."""
    if is_label(unit):
        return unit
    found = registry().Quantity(1, unit).dimensionality
    return " ".join(f"{name}{power:+g}" for name, power in sorted(found.items()))


@lru_cache(maxsize=20_000)
def in_base(value: float, unit: str) -> float:
    """A value in the base unit of its dimension."""
    return value if is_label(unit) else float(registry().Quantity(value, unit).to_base_units().magnitude)


def per(unit: str, other: str) -> str:
    """The unit of so much per so much; empty where one of them has no dimension."""
    return "" if is_label(unit) or is_label(other) else str(registry().Unit(f"({unit})/({other})"))


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """Spellings of units, labels and words of scale, as the file gives them."""
    return tomllib.loads((resources.files("doc2data.checks") / "units.toml").read_text(encoding="utf-8"))


@cache
def labels() -> Mapping[str, str]:
    """Units without a dimension: spelling in lower case to the one name for it."""
    return {word: name for name, words in tables()["labels"].items() for word in words.split()}


def _symbol(word: str) -> str:
    """A unit without joints, as the registry names it."""
    # A short unit is another one in other case (mm, Mm), a long one is not.
    name = _spellings().get(word) or (_spellings().get(word.lower()) if len(word) > 3 else "")
    if name:
        return str(name)
    prefixed = word not in _NO_UNITS and word[1:] in _prefixed() and word.startswith(_PREFIXES)
    return f"{word[0]}{_prefixed()[word[1:]]}" if prefixed else ""


def _joined(word: str) -> str:
    """A product or quotient of units, or a power: kN·m, µS/cm, mm3."""
    parts = _JOINT.split(word)
    names = [_power(part) for part in parts[::2]]
    if not all(names):
        return ""
    divided = [name for joint, name in zip(parts[1::2], names[1:], strict=True) if joint == "/"]
    if any(dimension(name) not in _DIVISORS for name in divided):
        return ""
    joints = ["/" if joint == "/" else "*" for joint in parts[1::2]]
    return names[0] + "".join(f"{joint}({name})" for joint, name in zip(joints, names[1:], strict=True))


def _power(part: str) -> str:
    found = _ATOM.fullmatch(part)
    name = _symbol(found["symbol"]) if found else ""
    return f"({name})**{found['power']}" if found and name and found["power"] else name


@cache
def _spellings() -> Mapping[str, str]:
    return {word: name for name, words in tables()["units"].items() for word in _listed(words)}


@cache
def _prefixed() -> Mapping[str, str]:
    return {word: name for name, words in tables()["prefixed"].items() for word in words.split()}


def _listed(words: str) -> list[str]:
    """Entries set apart by commas where one holds a blank, else by blanks."""
    return words.split(", ") if "," in words else words.split()
