"""Where a thing stands among those of its table, in Chinese; arguments as in the English twin."""

from __future__ import annotations

from doc2data.tasks.joins.chinese.figures import listed
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.ranking import Placed

ANYTHING = "物品"
"""What things are called that have no kind in common."""


def standing_out(placed: Placed, *, highest: bool) -> str:
    """The thing by its rank."""
    return f"{placed.attribute}最{_degree(placed.is_time, highest)}的{placed.kind}"


def surpassed(placed: Placed, more: tuple[tuple[str, str], ...]) -> Asked:
    """How many things of the table have more."""
    degree = _degree(placed.is_time, more=True)
    found = listed([f"{name}（{value}）" for name, value in more])
    question = f"有几种其他{placed.kind}的{placed.attribute}比{SLOT}的更{degree}？"
    answer = f"有{len(more)}种：{found}；{placed.thing}的{placed.attribute}是{placed.value}。"
    return Asked(question, answer, placed.attribute)


def together(placed: Placed, other: str, value: str, result: str) -> Asked:
    """The sum of what two things have."""
    question = f"{other}和{SLOT}的{placed.attribute}合计是多少？"
    answer = f"{placed.thing}和{other}的{placed.attribute}合计是{result}，即{placed.value}与{value}之和。"
    return Asked(question, answer, placed.attribute)


def apart(placed: Placed, other: str, value: str, result: str, *, larger: bool) -> Asked:
    """By how much what one thing has exceeds what another has."""
    name, degree = placed.attribute, _degree(placed.is_time, more=True)
    one, two = (placed.thing, other) if larger else (other, placed.thing)
    asked, than = (SLOT, other) if larger else (other, SLOT)
    values = (placed.value, value) if larger else (value, placed.value)
    question = f"{asked}的{name}比{than}的{degree}多少？"
    return Asked(question, f"{one}的{name}比{two}的{degree}{result}：前者是{values[0]}，后者是{values[1]}。", name)


def compared(attribute: str, sides: tuple[str, str], *, is_time: bool) -> str:
    """Which of two things has more."""
    return f"{sides[0]}和{sides[1]}相比，哪一个的{attribute}更{_degree(is_time, more=True)}？"


def decided(attribute: str, names: tuple[str, str], values: tuple[str, str], *, is_time: bool) -> str:
    """The answer: the one with more first."""
    more = _degree(is_time, more=True)
    return f"{names[0]}的{attribute}更{more}，是{values[0]}；{names[1]}的{attribute}是{values[1]}。"


def crossed(head: str, clauses: tuple[str, str]) -> str:
    """Which thing has two properties at once."""
    return f"哪一种{head}既是{clauses[0]}，又是{clauses[1]}？"


def met(head: str, clauses: tuple[str, str], name: str) -> str:
    """The answer to `crossed`."""
    return f"既是{clauses[0]}，又是{clauses[1]}的{head}是{name}。"


def having(attribute: str, value: str) -> str:
    """A property as an attributive clause."""
    return f"{attribute}为{value}的"


def clause_of(description: str, head: str) -> str:
    """The attributive clause of a description."""
    return description.removesuffix(head) if description.endswith(f"的{head}") else ""


def is_one_of(name: str, clause: str, head: str) -> str:
    """What one clue tells of the thing in an intersection."""
    return f"{name}是{clause}{head}。"


def reading(attribute: str, thing: str, value: str) -> str:
    """What one cell or sentence tells."""
    return f"{thing}的{attribute}是{value}。"


def _degree(is_time: bool, more: bool) -> str:
    if is_time:
        return "长" if more else "短"
    return "高" if more else "低"
