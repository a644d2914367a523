"""What can be reckoned from tables: pairs and groups of cells that measure the same, with the operation to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from doc2data.graph import Fact, Quantity, TableView, numeric_columns
from doc2data.records import content_id
from doc2data.tasks.joins.arithmetic import Executed, converted, difference, ratio, targets, total

Operation = Literal["difference", "ratio", "sum", "conversion", "threshold", "count", "extreme"]
_NOT_COMPARED = re.compile(r"default|setting|value|limit|address|number|code|year|默认|设定|编号|地址", re.IGNORECASE)
"""Attributes whose values measure something else in each row."""
_SUPERLATIVE = re.compile(r"highest|lowest|maximum|minimum|largest|smallest|longest|shortest|最|limit", re.IGNORECASE)
PER_TABLE = 8
LEAST_CONVERTED, MOST_CONVERTED = Decimal("0.1"), Decimal(1000)
"""Results of a conversion that one would write: nobody gives an elevation as 10000 cm."""
MOST_ROWS = 6
"""A question over a whole column is asked of short columns only, because all of its rows are its evidence."""
_ADDITIVE_UNITS = """
s min h hr hours minutes days weeks months years g kg t mL L l m³ mm cm m km USD EUR $ € pcs
元 分钟 小时 天 秒 克 千克 公斤 毫升 升 毫米 厘米 米 公里 个 件
"""
_ADDITIVE = frozenset(_ADDITIVE_UNITS.split())
_ADDS_UP = re.compile(
    r"\b(?:mass|weight|(?:working|cleaning|labou?r|travel|assembly) time|time (?:needed|required|taken)|duration|effort"
    r"|volume|contents?|quantity|amount|count|price|costs?|fee|length|distance)\b"
    r"|质量|重量|工时|用时|所需时间|体积|容量|数量|用量|价格|费用|成本|长度|距离",
    re.IGNORECASE,
)
"""Attributes of which the sum over two rows of one thing measures something."""
_BOUND = re.compile(r"limit|range|maximum|minimum|highest|lowest|最[高低大小多少]|至[多少]", re.IGNORECASE)
"""What bounds a value does not add up, whatever it bounds."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One calculation over cells of one table."""

    operation: Operation
    facts: tuple[Fact, ...]
    """Cells it stands on: for a difference or a ratio the larger first, else in the order of the rows."""
    executed: Executed | None
    """None for those that compare without reckoning."""
    target: str = ""
    """Unit to convert into."""
    threshold: Decimal = Decimal(0)
    answer: tuple[Fact, ...] = ()
    """Facts that the answer names: those above the threshold, or the extreme one."""
    highest: bool = True
    """For an extreme: the highest or the lowest."""

    @property
    def name(self) -> str:
        """Tells figures of one table apart, whatever order they were found in."""
        return content_id(
            "figure", self.operation, [(f.clue.id, f.attribute, f.thing, f.condition) for f in self.facts],
            self.target, str(self.threshold), self.highest,
        )  # fmt: skip


def figures(table: TableView, seed: int) -> list[Figure]:
    """The figures to ask about in a table: a few, of as many operations as it offers, chosen by the seed."""
    offered: dict[Operation, list[Figure]] = {}
    for figure in _offered(table):
        offered.setdefault(figure.operation, []).append(figure)
    columns = [sorted(found, key=lambda f: content_id(seed, f.name)) for found in offered.values()]
    turns = [(turn, at, figure) for at, found in enumerate(columns) for turn, figure in enumerate(found)]
    return [figure for _, _, figure in sorted(turns, key=lambda t: t[:2])][:PER_TABLE]


def _offered(table: TableView) -> Iterator[Figure]:
    if table.columns_are_things:
        yield from _down_the_rows(table)
    for facts in numeric_columns(table.facts).values():
        yield from _conversions(facts)
        if _NOT_COMPARED.search(facts[0].attribute) or not _quantity(facts[0]).unit:
            continue
        yield from _pairs(facts)
        if 2 < len(facts) <= MOST_ROWS:
            yield from _over_all(facts)


def _pairs(facts: Sequence[Fact]) -> Iterator[Figure]:
    for one, other in combinations(facts, 2):
        larger, smaller = sorted((one, other), key=lambda f: -_number(f))
        if _number(larger) == _number(smaller):
            continue
        if _number(smaller):  # nothing to reckon where one of them is zero
            yield Figure("difference", (larger, smaller), difference(_number(larger), _number(smaller)))
        quotient = ratio(_number(larger), _number(smaller)) if _is_ratio_scale(larger) else None
        if quotient is not None:
            yield Figure("ratio", (larger, smaller), quotient)


def _conversions(facts: Sequence[Fact]) -> Iterator[Figure]:
    for fact in facts:
        quantity = _quantity(fact)
        for target in targets(quantity.unit):
            executed = converted(quantity.number, quantity.unit, target)
            if executed is not None and LEAST_CONVERTED <= abs(executed.result) < MOST_CONVERTED:
                yield Figure("conversion", (fact,), executed, target=target)


def _over_all(facts: Sequence[Fact]) -> Iterator[Figure]:
    """Questions over a whole column or row: its extremes, and what lies above a value that parts it."""
    ordered = sorted(facts, key=_number)
    for highest, fact, rival in ((True, ordered[-1], ordered[-2]), (False, ordered[0], ordered[1])):
        if _number(fact) != _number(rival) and not _SUPERLATIVE.search(fact.attribute):
            yield Figure("extreme", tuple(facts), None, answer=(fact,), highest=highest)
    if _SUPERLATIVE.search(facts[0].attribute) or facts[0].attribute.endswith(("needed", "required", "taken")):
        return
    middle = _number(ordered[len(ordered) // 2])
    above = tuple(fact for fact in facts if _number(fact) >= middle)
    if 1 < len(above) < len(facts):
        yield Figure("threshold", tuple(facts), None, threshold=middle, answer=above)
        yield Figure("count", tuple(facts), None, threshold=middle, answer=above)


def _down_the_rows(table: TableView) -> Iterator[Figure]:
    """Sums over two rows of one thing, where its rows add up: times, masses, amounts."""
    for thing in dict.fromkeys(fact.thing for fact in table.facts):
        own = [fact for fact in table.facts if fact.thing == thing and fact.condition and fact.quantity is not None]
        for one, other in combinations(own, 2):
            if _add_up(one, other):
                yield Figure("sum", (one, other), total((_number(one), _number(other))))


def _add_up(one: Fact, other: Fact) -> bool:
    """Whether the sum of two cells measures something: amounts of the same, in the same unit, neither of them zero."""
    measured, unit = one.attribute, _quantity(one).unit
    same = (measured, unit) == (other.attribute, _quantity(other).unit) and min(_number(one), _number(other)) > 0
    return same and adds_up(measured, unit)


def adds_up(attribute: str, unit: str) -> bool:
    """Whether the sum of such values of two things measures something."""
    return unit in _ADDITIVE and bool(_ADDS_UP.search(attribute)) and not _BOUND.search(attribute)


def is_compared(attribute: str) -> bool:
    """Whether the values of different things under an attribute can be set against each other."""
    return not _NOT_COMPARED.search(attribute)


def is_superlative(attribute: str) -> bool:
    """Whether the attribute is an extreme itself: "highest temperature"."""
    return bool(_SUPERLATIVE.search(attribute))


def _is_ratio_scale(fact: Fact) -> bool:
    """Whether "three times as much" means something: not for temperatures, pH or counts from a chosen zero."""
    unit = _quantity(fact).unit
    return bool(unit) and unit not in ("°C", "℃", "°F", "%") and _number(fact) > 0


def _number(fact: Fact) -> Decimal:
    return _quantity(fact).number


def _quantity(fact: Fact) -> Quantity:
    quantity = fact.quantity
    assert quantity is not None, "figures are made of exact numbers only"
    return quantity
