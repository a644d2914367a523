"""Problems over table cells in Chinese words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from doc2data.tasks.joins.cells import Cell, Problem, Told


def tell(problem: Problem) -> Told:
    """Question, steps and answer of a problem."""
    question, answer = _OPERATIONS[problem.operation](problem)
    return Told(
        question, tuple(f"{_named(cell)}是{cell.value}。" for cell in problem.cells), _reckoning(problem), answer
    )


def listed(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence."""
    return parts[0] if len(parts) == 1 else f"{'、'.join(parts[:-1])}和{parts[-1]}"


def _difference(p: Problem) -> tuple[str, str]:
    larger, smaller = p.cells
    pair = f"{_named(larger)}比{_at(smaller)}{smaller.thing}"
    return f"{pair}的高多少？", f"{pair}的高{p.result}：前者是{larger.value}，后者是{smaller.value}。"


def _ratio(p: Problem) -> tuple[str, str]:
    larger, smaller = p.cells
    pair = f"{_named(larger)}是{_at(smaller)}{smaller.thing}的"
    return f"{pair}多少倍？", f"{pair}{p.result}倍：前者是{larger.value}，后者是{smaller.value}。"


def _sum(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    whole = f"{listed([f'“{cell.condition}”' for cell in p.cells])}时{first.thing}的{first.attribute}合计"
    return f"{whole}是多少？", f"{whole}是{p.result}，即{listed([cell.value for cell in p.cells])}之和。"


def _conversion(p: Problem) -> tuple[str, str]:
    (cell,) = p.cells
    return f"{_named(cell)}换算成{p.target}是多少？", f"{_named(cell)}是{cell.value}，即{p.result}。"


def _threshold(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    found = listed([f"{p.cells[at].thing}（{p.cells[at].value}）" for at in p.chosen])
    question = f"{_things(p)}中，哪些的{first.attribute}不低于{p.threshold}？"
    return question, f"{first.attribute}不低于{p.threshold}的有{found}。"


def _count(p: Problem) -> tuple[str, str]:
    first = p.cells[0]
    found = listed([f"{p.cells[at].thing}（{p.cells[at].value}）" for at in p.chosen])
    question = f"{_things(p)}中，有几个的{first.attribute}不低于{p.threshold}？"
    return question, f"有{len(p.chosen)}个的{first.attribute}不低于{p.threshold}：{found}。"


def _extreme(p: Problem) -> tuple[str, str]:
    (at,) = p.chosen
    cell, extent = p.cells[at], _extent(p)
    question = f"{_things(p)}中，哪一个的{cell.attribute}{extent}？"
    return question, f"{cell.thing}的{cell.attribute}{extent}，是{cell.value}。"


_OPERATIONS: dict[str, Callable[[Problem], tuple[str, str]]] = {
    "difference": _difference,
    "ratio": _ratio,
    "sum": _sum,
    "conversion": _conversion,
    "threshold": _threshold,
    "count": _count,
    "extreme": _extreme,
}


def _reckoning(p: Problem) -> str:
    if p.expression:
        return f"{p.expression}。"
    if p.operation == "extreme":
        return f"{_extent(p)}的是{p.cells[p.chosen[0]].value}。"
    found = listed([f"{p.cells[at].thing}（{p.cells[at].value}）" for at in p.chosen])
    return f"不低于{p.threshold}的有{found}。"


def _named(cell: Cell) -> str:
    place = f"“{cell.condition}”时" if cell.condition else ""
    return f"{place}{_at(cell)}{cell.thing}{'时' if cell.at else ''}的{cell.attribute}"


def _at(cell: Cell) -> str:
    return "在" if cell.at else ""


def _things(p: Problem) -> str:
    return listed([cell.thing for cell in p.cells])


def _extent(p: Problem) -> str:
    if p.is_time:
        return "最长" if p.highest else "最短"
    return "最高" if p.highest else "最低"
