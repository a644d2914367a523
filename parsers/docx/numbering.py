"""The numbers and bullets Word shows before paragraphs, computed as Word computes them.

A paragraph names an instance (`w:num`) and a level; the instance points to an abstract list, may override levels and
may restart them. Counters belong to the abstract list, so that two instances of it continue one another.
ECMA-376 part 1, 17.9.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.docx.names import VAL, W
from parsers.docx.numerals import numeral
from parsers.docx.styles import Styles, is_set
from parsers.docx.symbols import symbol

LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str
    text: str
    start: int
    restart: int | None
    """The level (from 1) whose items restart this one; 0 never; None for every level above."""
    legal: bool
    """Every number in the text is decimal."""
    style: str | None
    font: str
    element: Element


@dataclass(slots=True)
class _Instance:
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]
    """Levels that begin anew, with their first number, when the instance is first used."""
    used: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Numbering:
    """The lists of a document and where their counting stands."""

    instances: dict[str, _Instance] = field(default_factory=dict)
    _counters: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def level_of_style(self, number_id: str, style_id: str | None) -> int:
        """The level that an instance ties to a paragraph style; 0 where it ties none."""
        instance = self.instances.get(number_id)
        for index, level in instance.levels.items() if instance else ():
            if style_id is not None and level.style == style_id:
                return index
        return 0

    def level(self, number_id: str, index: int) -> Level | None:
        """The definition of one level of an instance."""
        instance = self.instances.get(number_id)
        return instance.levels.get(index) if instance else None

    def next_marker(self, number_id: str, index: int) -> str | None:
        """Count one more paragraph of this list and level; its marker, or None where Word shows none."""
        instance = self.instances.get(number_id)
        level = instance.levels.get(index) if instance else None
        if instance is None or level is None:
            return None
        counts = self._count(instance, index, level)
        if level.format == "bullet":
            return symbol(level.text[:1], level.font) or None if level.text else None
        return _marker(instance, level, counts) or None

    def _count(self, instance: _Instance, index: int, level: Level) -> dict[int, int]:
        counts = self._counters[instance.abstract]
        start = level.start
        if index in instance.starts and index not in instance.used:
            counts.pop(index, None)
            start = instance.starts[index]
        elif index in instance.starts:
            start = instance.starts[index]
        instance.used.add(index)
        counts[index] = counts[index] + 1 if index in counts else start
        for deeper in [key for key in counts if key > index and _restarts(instance.levels.get(key), index)]:
            del counts[deeper]
        for above in range(index):
            if above not in counts:
                definition = instance.levels.get(above)
                counts[above] = instance.starts.get(above, definition.start if definition else 1)
        return counts


def _restarts(level: Level | None, index: int) -> bool:
    if level is None or level.restart is None:
        return True
    return level.restart != 0 and index < level.restart


def _marker(instance: _Instance, level: Level, counts: dict[int, int]) -> str:
    def shown(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        definition = instance.levels.get(index)
        kind = definition.format if definition and not level.legal else "decimal"
        return numeral(counts.get(index, 1), kind)

    return " ".join(_PLACEHOLDER.sub(shown, level.text).split())


def read_numbering(root: Element | None, styles: Styles) -> Numbering:
    """The lists of `word/numbering.xml`; none where the part is missing."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstracts = {item.get(f"{W}abstractNumId", ""): item for item in root.iterchildren(f"{W}abstractNum")}
    targets = {item.get(f"{W}numId", ""): item for item in root.iterchildren(f"{W}num")}
    for number_id, element in targets.items():
        abstract_id = _value(element.find(f"{W}abstractNumId"))
        abstract_id = _linked(abstract_id, abstracts, targets, styles)
        levels = _levels(abstracts.get(abstract_id))
        numbering.instances[number_id] = _instance(element, abstract_id, levels)
    return numbering


def _linked(abstract_id: str, abstracts: dict[str, Element], targets: dict[str, Element], styles: Styles) -> str:
    """Follow an abstract list that only points to a numbering style."""
    abstract = abstracts.get(abstract_id)
    link = abstract.find(f"{W}numStyleLink") if abstract is not None else None
    if link is None:
        return abstract_id
    number = styles.paragraph_property(link.get(VAL), "numPr")
    target = targets.get(_value(number.find(f"{W}numId"))) if number is not None else None
    return _value(target.find(f"{W}abstractNumId")) if target is not None else abstract_id


def _levels(abstract: Element | None) -> dict[int, Level]:
    found = abstract.iterchildren(f"{W}lvl") if abstract is not None else ()
    return {_integer(item.get(f"{W}ilvl"), 0): _level(item) for item in found}


def _level(element: Element) -> Level:
    restart = element.find(f"{W}lvlRestart")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    return Level(
        format=_format(element),
        text=_value(element.find(f"{W}lvlText")),
        start=_integer(_value(element.find(f"{W}start")), 0 if element.find(f"{W}start") is None else 1),
        restart=_integer(restart.get(VAL), 0) if restart is not None else None,
        legal=is_set(element.find(f"{W}isLgl")),
        style=_value(element.find(f"{W}pStyle")) or None,
        font=fonts.get(f"{W}ascii", "") if fonts is not None else "",
        element=element,
    )


def _format(element: Element) -> str:
    formats = [item for item in element.iter(f"{W}numFmt")]
    if not formats:
        return "decimal"
    chosen = formats[0]
    return chosen.get(f"{W}format", "") if chosen.get(VAL) == "custom" else chosen.get(VAL, "decimal")


def _instance(element: Element, abstract_id: str, levels: dict[int, Level]) -> _Instance:
    starts: dict[int, int] = {}
    levels = dict(levels)
    for override in element.iterchildren(f"{W}lvlOverride"):
        index = _integer(override.get(f"{W}ilvl"), 0)
        replaced = override.find(f"{W}lvl")
        if replaced is not None:
            levels[index] = _level(replaced)
        start = override.find(f"{W}startOverride")
        if start is not None:
            starts[index] = _integer(start.get(VAL), 1)
    return _Instance(abstract_id, levels, starts)


def _value(element: Element | None) -> str:
    return element.get(VAL, "") if element is not None else ""


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value or "")
    except ValueError:
        return default
