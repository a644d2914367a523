"""Look-ups in Chinese tables and key-value lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.chinese.sentence import tidy
from doc2data.tasks.rules.draft import Around, Draft

_EMPTY = frozenset(["", "-", "–", "—", "/", "无", "是", "否", "有", "√", "×", "N/A"])
_ITEM = re.compile(r"^(?:项目|参数|名称|指标|内容|属性|特性|规格|项)$")
_VALUE_HEADER = re.compile(r"^(?:参数|数值|规格|技术参数|指标|值|内容|要求|参数值|技术要求)$")
_NOTE = re.compile(r"^(?:备注|说明|注|序号|编号|描述)$")
_SYMPTOM = re.compile(r"现象|故障|问题|报警|症状|代码|错误")
_CAUSE = re.compile(r"原因")
_REMEDY = re.compile(r"处理|措施|解决|排除|对策|方法")
_UNIT = re.compile(r"^(?P<name>.+?)\s*[（(](?P<unit>[^（）()\u4e00-\u9fff]{1,10}|天|小时|分钟|年|月|个月|秒)[）)]$")
_NUMBER = re.compile(r"[±+\-−]?\d[\d.,~～\-–]*")
_POINTS_AWAY = re.compile(r"^(?:[参详]?见|参阅|同上)")
_MEASURE = re.compile(
    r"(?:温度|压力|电压|电流|功率|重量|质量|尺寸|长度|宽度|高度|厚度|深度|容量|速度|转速|流量|范围|频率|材料|材质|等级|湿度|时间|寿命|型号"
    r"|编号|代码|颜色|精度|分辨率|体积|地址|负责人|部门|周期|间隔|价格|数量|直径|密度|浓度|状态|默认值|单位|用途|功能|作用|供应商|输出|输入"
    r"|力矩|扭矩|电阻|波特率|保质期|期限|费用|比例|电源|效率|能力|距离|角度|面积|吸程|周期|日期|版本|名称|含义|定义|职责|电话|邮箱)$"
)
MAX_CELL = 60
MAX_LABEL = 18


def row_drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """Questions for the cells of one row."""
    label = tidy(clue.subject)
    at = next((at for at, (_, text) in enumerate(clue.cells) if text == clue.subject), None)
    if at is None or not 1 <= len(label) <= MAX_LABEL or not clue.cells[at][0] or _is_repeated(clue, around):
        return
    head = tidy(clue.cells[at][0])
    cells = [(tidy(h), tidy(t)) for h, t in clue.cells[at + 1 :] if h and _is_readable(t)]
    clues = (*_headers(clue, around), clue)
    if _SYMPTOM.search(head) and any(_CAUSE.search(h) or _REMEDY.search(h) for h, _ in cells):
        yield from _trouble(label, cells, clues)
    elif _NUMBER.fullmatch(label):
        yield from _by_number(head, label, cells, clues)
    else:
        yield from _record(head, label, cells, clues, around)


def pair_drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """The question for one key-value line, if the document's subject is known."""
    key, value = tidy(clue.attribute), tidy(clue.value)
    if around.subject and _is_readable(value) and 2 <= len(key) <= 14 and not _NOTE.match(key):
        yield _of(around.subject, key, value, (clue,))


def _is_repeated(clue: Clue, around: Around) -> bool:
    """Whether another row has the same label, so that a question about it has two answers."""
    return any(other.subject == clue.subject and other.id != clue.id and other.cells for other in around.chunk_clues)


def _is_readable(text: str) -> bool:
    return text.strip() not in _EMPTY and len(text) <= MAX_CELL and not _POINTS_AWAY.match(text)


def _headers(clue: Clue, around: Around) -> tuple[Clue, ...]:
    rows = [
        c
        for c in around.chunk_clues
        if c.kind == "table_row" and c.start < clue.start and c.attribute == clue.attribute
    ]
    return tuple(c for c in rows if not c.cells and c.section == clue.section)[-1:]


def _trouble(label: str, cells: list[tuple[str, str]], clues: tuple[Clue, ...]) -> Iterator[Draft]:
    for header, text in cells:
        answer = text.rstrip("。；") + "。"
        if _CAUSE.search(header):
            yield Draft(f"出现“{label}”的可能原因是什么？", f"可能原因是{answer}", "troubleshooting", clues, 0.88)
        elif _REMEDY.search(header):
            yield Draft(f"出现“{label}”时应如何处理？", answer, "troubleshooting", clues, 0.9)


def _by_number(head: str, label: str, cells: list[tuple[str, str]], clues: tuple[Clue, ...]) -> Iterator[Draft]:
    name, unit = _split_unit(head)
    if not unit:
        return
    for header, text in cells:
        attribute, own = _split_unit(header)
        if not _MEASURE.search(attribute) and not own:
            continue
        given = f"{name}为{label} {unit}时"
        yield Draft(
            f"{given}，{attribute}是多少？", f"{given}，{attribute}是{_with_unit(text, own)}。", "numeric", clues, 0.9
        )


def _record(
    head: str, label: str, cells: list[tuple[str, str]], clues: tuple[Clue, ...], around: Around
) -> Iterator[Draft]:
    for header, text in cells:
        attribute, unit = _split_unit(header)
        value = _with_unit(text, unit)
        if _NOTE.match(attribute):
            continue
        if _ITEM.match(head) and _VALUE_HEADER.match(attribute):
            if around.subject:
                yield _of(around.subject, label, value, clues)
        elif _MEASURE.search(attribute) and len(attribute) <= MAX_LABEL and not re.search(r"[<>＜＞|－]", label):
            yield _of(label, attribute, value, clues)


def _of(owner: str, attribute: str, value: str, clues: tuple[Clue, ...]) -> Draft:
    numeric = bool(re.match(r"^(?:约|不超过|不小于|不低于|不大于|小于|大于|[±<>≤≥+\-−])?\s?\d", value))
    ask = "是多少" if numeric else "是什么"
    value = value.rstrip("。；")
    return Draft(
        f"{owner}的{attribute}{ask}？",
        f"{owner}的{attribute}是{value}。",
        "numeric" if numeric else "lookup",
        clues,
        0.87,
    )


def _split_unit(header: str) -> tuple[str, str]:
    match = _UNIT.match(header)
    return (match["name"], match["unit"]) if match else (header, "")


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit and _NUMBER.fullmatch(text) else text
