"""Questions from the set phrases of Chinese technical prose; each pattern takes a whole first clause or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.chinese.procedures import VERBS
from doc2data.tasks.rules.draft import Draft

Asked = tuple[str, str, float]
"""Question, kind, confidence."""

_X = r"(?P<x>[^，。；：、的]{2,24}?)"
_NOT_SUBJECT = re.compile(
    r"^(?:如果|当|若|由于|因为|为了|除|在|对|对于|根据|按照|通过|从|将|把|使用|每|有的|有些|一些|许多|很多|大多|任何|只|都|不|可|各"
    r"|尽管|虽然|即使|目前|现在|随着|至|以|由|与|和|及|一旦|要|且|并|但|而|还|曾|已|正|会|能|可以|主要|一般|通常|最终|经常|真正|到了?|牠|它|其|他|她|本|该|此|这|那)|[或并且了]|如果|要求|以及|允许|有|(?:是|也|还|则|又|一个|程度)$"
)
_MUST = r"(?:必须|应当|应该|应|须|需要|需|不得|不应|不能|不可|严禁|禁止|切勿|请勿|请先?)"
_TIME = r"(?:分钟|小时|秒钟|秒|天|日|周|个月|个星期|年)"
_DEFINED = re.compile(rf"^{_X}(?P<is>是指|指的是|是一种|是一个|是一款|是一类|是由)(?P<y>.{{4,}})。$")
_VALUE = re.compile(
    r"^(?P<x>[^，。；：]{2,30}?)的(?P<a>[^，。；：的]{2,14}?)(?P<v>应为|约为|为|是|应保持在|保持在|不得超过|不应超过|不宜超过|不超过|不得低于|不应低于"
    r"|不得小于|不宜小于|不小于|不低于|应不小于|应不大于|可达|达到)(?P<q>(?:约|至少|最多)?[±+\-−]?\d[^，。；]*)[，。；]"
)
_BECAUSE = re.compile(r"^(?P<s>[^，。；]{4,40}(?:，[^，。；]{2,20})?)，(?:这是)?因为(?P<r>[^。；]{4,})[。；]")
_OTHERWISE = re.compile(
    rf"^(?P<s>[^，。；]*{_MUST}[^，。；]{{2,40}})，(?:否则|以免|以防|以防止|以避免|避免|防止)(?P<r>[^。；]{{3,}})[。；]"
)
_SINCE = re.compile(r"^(?:由于|因为)(?P<r>[^，。；]{4,40})，(?:因此|所以|故)?(?P<s>[^。；，]{5,45})[。；]")
_IF = re.compile(r"^(?:如果|若|如(?!果)|当|一旦)(?P<c>[^，。；]{4,40}?)(?P<t>时|的话|后)?，(?P<y>[^。]{3,})。$")
_NOT_MAIN = re.compile(r"^(?:如果|由于|因为|当|若|虽然|所以|因此)")
_PREDICATE = re.compile(r".{2}(?:是|有|应|必须|须|不|会|被|需|要|能|可|已|禁止)")
"""A main clause with a subject before its verb."""
_GOES_ON = re.compile(r"，(?:而|故|所以|因此|便|就|于是|从而|可归)")
"""The cause belongs to what comes after it."""
_AMOUNT = re.compile(
    r"(?:[率量度数值压温期长宽高重限力角径址号价费额比距深厚速龄程]|大小|电流|面积|容积|寿命|时间|间隔|阻|孔径)$"
)
_JOINS = re.compile(r"^(?:或者?|并且?|而且?|以及|且|但)")
_TOLD = re.compile(
    rf"^(?:则|就)?(?:{VERBS})|必须|应当|应该|(?<![适相反响对供])应(?!用|对|答|急|力)|须(?!要)|不得|请(?!求|问|假)|切勿|严禁|禁止"
)
_HAPPENS = re.compile(r"会(?!议|员|话|计)|将(?!来|军)|自动|显示|发出|返回|停止|导致|失效|报警")
_WHEN = re.compile(rf"^(?P<c>[^，。；]{{2,26}}?)(?P<t>之前|之后|前|后|时)，?(?P<m>{_MUST})(?P<y>[^。]{{2,}})。$")
_BY_WHOM = re.compile(
    r"^(?P<s>[^，。；]{2,24}?)(?P<m>必须|应当|应|须|只能)由(?P<y>[^，。；]{2,}?)(?P<v>完成|进行|负责|操作|执行|实施)。$"
)
_OFTEN = re.compile(
    rf"^(?P<pre>(?:[^。；]*，)?)(?P<s>[^，。；]{{2,26}}?)(?P<m>{_MUST})?每(?:隔)?\s?(?:[\d一二三四五六七八九十两半]+\s?)?(?:{_TIME}"
    rf"|季度|班次|月|班)"
    r"(?P<m2>应当|应|须|必须|需要|需)?(?P<v>[^，。；\d]{1,12}?)一次(?P<o>[^，。；]{0,16})[，。；]"
)
_HOW_LONG = re.compile(
    rf"^(?P<a>[^，。；]{{2,30}}?(?:等待|运行|浸泡|冲洗|静置|预热|持续|保持|搅拌|加热|冷却|晾干|保修|保存|充电))(?P<q>(?:约)?\s?\d[\d.]*\s?{_TIME})"
    r"(?P<b>[^，。；]{0,24})[，。；]"
)
_WITHIN = re.compile(rf"^(?P<a>[^。；]{{3,30}}?在)\s?\d+\s?{_TIME}(?P<b>内[^，。；]{{2,24}})[，。；]")
_PLACE = re.compile(
    rf"^{_X}(?P<v>(?:应|须|必须|可|需)?(?:安装|位于|设置|放置|存放|固定|装|保存|连接)(?:在|于))(?P<y>[^，。；]{{2,}})[，。；]"
)
_RELATIONS: tuple[tuple[re.Pattern[str], str, float], ...] = tuple(
    (re.compile(rf"^{_X}{verb}(?P<y>[^。；]{{3,}})。$"), ask, weight)
    for verb, ask, weight in (
        ("(?:主要)?适用于", "适用于哪些情况", 0.8),
        ("(?:主要)?用于", "用于什么", 0.88),
        ("由(?=[^。]*(?:组成|构成))", "由什么组成", 0.88),
        ("(?:主要)?包括", "包括哪些内容", 0.85),
        ("取决于", "取决于什么", 0.88),
        ("采用", "采用什么", 0.8),
        ("配有", "配有什么", 0.85),
        ("负责", "负责什么", 0.85),
        ("支持", "支持什么", 0.8),
        ("又称为?|也称为?|简称为?", "又称什么", 0.85),
    )
)
_PURPOSE = re.compile(
    r"^(?P<x>[^，。；：]{2,24}?)的(?P<a>作用|目的|用途|功能|目标|任务|职责|优点|缺点)(?:是|在于)(?P<y>[^。；]{3,})。$"
)


def drafts(text: str, clue: Clue) -> Iterator[Draft]:
    """Drafts of one sentence, by every pattern that fits it."""
    for rule in _RULES:
        for question, kind, confidence in rule(text):
            yield Draft(question, text, kind, (clue,), confidence)


def _names(subject: str) -> bool:
    paired = all(subject.count(left) == subject.count(right) for left, right in ("（）", "()"))
    return paired and not _NOT_SUBJECT.search(subject)


def _defined(text: str) -> Iterator[Asked]:
    match = _DEFINED.match(text)
    if match and _names(match["x"]) and match["is"] != "是由":
        yield (f"{match['x']}是指什么？" if "指" in match["is"] else f"什么是{match['x']}？"), "definition", 0.9


def _value(text: str) -> Iterator[Asked]:
    match = _VALUE.match(text)
    if match and _names(match["x"]) and _AMOUNT.search(match["a"]):
        verb = "是" if match["v"] in ("为", "是", "约为") else match["v"]
        yield f"{match['x']}的{match['a']}{verb}多少？", "numeric", 0.9


def _reason(text: str) -> Iterator[Asked]:
    match = _BECAUSE.match(text) or _OTHERWISE.match(text) or _SINCE.match(text)
    if match and not _NOT_MAIN.match(match["s"]) and _PREDICATE.search(match["s"]) and not _GOES_ON.search(match["r"]):
        yield f"为什么{match['s']}？", "reason", 0.9


def _outcome(main: str) -> str:
    """What to ask about the main clause of a condition: what to do, what happens, or nothing where unsure."""
    if _JOINS.match(main):
        return ""
    if _TOLD.search(main):
        return "应该怎么做"
    return "会发生什么" if _HAPPENS.search(main) else ""


def _condition(text: str) -> Iterator[Asked]:
    match = _IF.match(text)
    if match:
        condition = f"如果{match['c']}" if not match["t"] else f"{match['c']}{match['t'].replace('的话', '时')}"
        ask = _outcome(match["y"])
        if ask:
            yield f"{condition}，{ask}？", "condition", 0.86
        return
    match = _WHEN.match(text)
    if match and not re.search(r"[之其此]$|^(?:同|届|何|及|曾|并|且|还)", match["c"]) and len(match["c"]) >= 2:
        ask = (
            "不能做什么"
            if match["m"] in ("不得", "不应", "不能", "不可", "严禁", "禁止", "切勿", "请勿")
            else "应该做什么"
        )
        yield f"{match['c']}{match['t']}{ask}？", "condition", 0.86


def _by_whom(text: str) -> Iterator[Asked]:
    match = _BY_WHOM.match(text)
    if match and _names(match["s"]):
        yield f"{match['s']}{match['m']}由谁{match['v']}？", "fact", 0.9


def _often(text: str) -> Iterator[Asked]:
    match = _OFTEN.match(text)
    if match and _names(match["s"]):
        must = match["m"] or match["m2"] or ""
        yield f"{match['s']}{must}多久{match['v']}一次{match['o']}？", "numeric", 0.9


def _how_long(text: str) -> Iterator[Asked]:
    match = _HOW_LONG.match(text)
    if match and not re.match(r"^(?:后|前|内)?$", match["b"].strip()[:1] or "x"):
        yield f"{match['a']}多长时间{match['b']}？", "numeric", 0.86
    within = _WITHIN.match(text)
    if within:
        yield f"{within['a']}多长时间{within['b']}？", "numeric", 0.88


def _place(text: str) -> Iterator[Asked]:
    match = _PLACE.match(text)
    if match and _names(match["x"]):
        yield f"{match['x']}{match['v']}哪里？", "fact", 0.87


def _relation(text: str) -> Iterator[Asked]:
    for pattern, ask, confidence in _RELATIONS:
        match = pattern.match(text)
        if match and _names(match["x"]) and re.search(r"[A-Za-z]|.{3}", match["x"]):
            yield f"{match['x']}{ask}？", "fact", confidence
    match = _PURPOSE.match(text)
    if match and _names(match["x"]):
        yield f"{match['x']}的{match['a']}是什么？", "fact", 0.9


_RULES: tuple[Callable[[str], Iterator[Asked]], ...] = (
    _defined, _value, _reason, _condition, _by_whom, _often, _how_long, _place, _relation,
)  # fmt: skip
