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
    r"^(?:如果|当|若|由于|因为|为|向|给|让|使|令|再|先|请|你|您|我|凡|除|在|对|对于|根据|按照|通过|从|将|把|使用|每|有的|有些|一些|许多|很多|大多|任何|只|都|不|可|各"
    r"|尽管|虽然|即使|目前|现在|随着|至|以|由|与|和|及|一旦|要|且|并|但|而|还|曾|已|正|会|能|可以|主要|一般|通常|最终|经常|真正|到了?|牠|它|其|他|她|本|该|此|这|那)|[或并且了]|如果|要求|以及|允许|有|(?:是|也|还|则|又|一个|程度)$"
)
_MUST = r"(?:必须|应当|应该|应|须|需要|需|不得|不应|不能|不可|严禁|禁止|切勿|请勿|请先?)"
_TIME = r"(?:分钟|小时|秒钟|秒|天|日|周|个月|个星期|年)"
_THINGS = "种个款类项条座家部所间支套台件本幅片门颗艘架辆组处"
"""Measure words of things; persons are counted by others."""
_SOMEBODY = re.compile(
    r"^[^，。]*(?:[人者员师星女]|(?<!国)家|歌手|选手|皇帝|皇后|王子|公主|将军|领袖|总统|市长|校长|部长|会长|院长|队长)(?=[，。])"
)
_DONE = (
    "设计|发明|创立|创办|创建|开发|研发|制作|出版|建造|兴建|发行|执导"
    "|撰写|编写|提出|管理|运营|经营|制造|生产|制定|发布|主办|负责|批准"
)
_BEGUN = (
    "成立|建立|创立|创办|创建|建成|落成|竣工|完工|出版|发布|发行|上映|首播|通车"
    "|启用|开业|开放|诞生|出生|逝世|发表|推出|颁布|生效|实施|签署|发生"
)
_DATE = r"(?:1\d{3}|20\d\d)\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?"
_DATED = re.compile(rf"^{_X}(?:在|于){_DATE}(?P<v>[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9 ]{{1,16}})[，。；]")
_BEGAN = re.compile(rf"^{_X}(?P<v>{_BEGUN})[于在]{_DATE}[，。；]")
_MADE_BY = re.compile(rf"^{_X}由(?P<y>[^，。；]{{2,24}}?)(?P<v>{_DONE})(?=[，。；])")
_NO_DEED = re.compile(
    r"^(?:已|就|才|又|再|至|到|间|以|年|后|前|起|时|的|之|和|与|及|代|初|末|中|[春夏秋冬])|[时后前的间中]$|[了过]$|^(?:有|是|为|只|仅)"
)
_DEFINED = re.compile(rf"^{_X}(?P<is>是指|指的是|是一[{_THINGS}]|是由)(?P<y>.{{7,}})。$")
_VALUE = re.compile(
    r"^(?P<x>[^，。；：]{2,30}?)的(?P<a>[^，。；：的]{2,14}?)(?P<v>应为|约为|为|是|应保持在|保持在|不得超过|不应超过|不宜超过|不超过|不得低于|不应低于"
    r"|不得小于|不宜小于|不小于|不低于|应不小于|应不大于|可达|达到)(?P<q>(?:约|至少|最多)?[±+\-−]?\d[^，。；]*)[，。；]"
)
_BECAUSE = re.compile(r"^(?P<s>[^，。；]{4,40}(?:，[^，。；]{2,20})?)，(?:这是)?因为(?P<r>[^。；]{4,})[。；]")
_OTHERWISE = re.compile(
    rf"^(?P<s>[^，。；]*{_MUST}[^，。；]{{2,40}})，(?:否则|以免|以防|以防止|以避免|避免|防止)(?P<r>[^。；]{{3,}})[。；]"
)
_SINCE = re.compile(r"^(?:由于|因为)(?P<r>[^，。；]{4,40})，(?:因此|所以|故)?(?P<s>[^。；，]{5,45})[。；]")
_IF = re.compile(
    r"^(?:如果|若|如(?!果)|当(?![时年天地局前中选代然初事])|一旦)(?P<c>[^，。；]{5,40}?)(?P<t>时|的话|后)?，(?P<y>[^。]{3,})。$"
)
_NOT_MAIN = re.compile(r"^(?:如果|由于|因为|当|若|虽然|所以|因此|除非|只有|即使|尽管|无论|不管)")
_NO_CAUSE = re.compile(r"^(?:是|有|在|被|会|能|可|没|不|要|通过|使用|经)")
"""A cause without a subject of its own."""
_GOES_ON_IF = re.compile(r"^(?:在|而|且|并|或|或者|以及|尤其|特别|例如|比如|同时)")
"""What still belongs to the condition."""
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
_HAPPENS = re.compile(r"会(?!议|员|话|计)|将(?!来|军|是|要|非常|十分|更)|自动|显示|发出|返回|停止|导致|失效|报警")
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


def _is_one(subject: str) -> bool:
    """Whether a subject is one thing by its name, and no plain word that the text around it gives its sense."""
    if re.search(r"是|而|表示|宣布|认为|指出|计划$|由$", subject):
        return False  # there is a verb in it
    named = len(subject) > 2 or bool(re.search(r"[A-Za-z\d]", subject))
    return (
        named
        and _names(subject)
        and not re.search(r"^[两双各]|(?:已|再|曾|又|才|便|就|将|后|同|并|亦|[于在]\S*)$", subject)
    )


def _defined(text: str) -> Iterator[Asked]:
    match = _DEFINED.match(text)
    if match and _names(match["x"]) and match["is"].startswith("是一") and _SOMEBODY.search(match["y"]):
        yield f"{re.sub('（.*?）', '', match['x'])}是谁？", "definition", 0.85
    elif match and _names(match["x"]) and match["is"] != "是由":
        yield (f"{match['x']}是指什么？" if "指" in match["is"] else f"什么是{match['x']}？"), "definition", 0.9


def _value(text: str) -> Iterator[Asked]:
    match = _VALUE.match(text)
    if match and _names(match["x"]) and _AMOUNT.search(match["a"]):
        verb = "是" if match["v"] in ("为", "是", "约为") else match["v"]
        yield f"{match['x']}的{match['a']}{verb}多少？", "numeric", 0.9


def _reason(text: str) -> Iterator[Asked]:
    match = _BECAUSE.match(text) or _OTHERWISE.match(text) or _SINCE.match(text)
    if match and _NO_CAUSE.match(match["r"]) and text.startswith(("由于", "因为")):
        return
    if match and not _NOT_MAIN.match(match["s"]) and _PREDICATE.search(match["s"]) and not _GOES_ON.search(match["r"]):
        yield f"为什么{match['s']}？", "reason", 0.9


def _outcome(main: str) -> str:
    """What to ask about the main clause of a condition: what to do, what happens, or nothing where unsure."""
    if _JOINS.match(main) or _GOES_ON_IF.match(main):
        return ""
    if re.search(r"十分|非常|极其|相当", main):
        return ""  # a judgement, and nothing that happens
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


def _dated(text: str) -> Iterator[Asked]:
    match = _BEGAN.match(text)
    if match and _is_one(match["x"]):
        yield f"{match['x']}是什么时候{match['v']}的？", "numeric", 0.88
        return
    match = _DATED.match(text)
    if match and _is_one(match["x"]) and not _NO_DEED.search(match["v"]):
        yield f"{match['x']}是在什么时候{match['v'].replace('了', '')}的？", "numeric", 0.82


def _made_by(text: str) -> Iterator[Asked]:
    match = _MADE_BY.match(text)
    if match and _is_one(match["x"]):
        yield f"{match['x']}由谁{match['v']}？", "fact", 0.86


def _place(text: str) -> Iterator[Asked]:
    match = _PLACE.match(text)
    if match and _names(match["x"]):
        yield f"{match['x']}{match['v']}哪里？", "fact", 0.87


def _relation(text: str) -> Iterator[Asked]:
    for pattern, ask, confidence in _RELATIONS:
        match = pattern.match(text)
        whole = match and not re.search(r"的[^，。]*是", match["y"])
        if match and whole and _names(match["x"]) and re.search(r"[A-Za-z]|.{3}", match["x"]):
            yield f"{match['x']}{ask}？", "fact", confidence
    match = _PURPOSE.match(text)
    if match and _names(match["x"]):
        yield f"{match['x']}的{match['a']}是什么？", "fact", 0.9


_RULES: tuple[Callable[[str], Iterator[Asked]], ...] = (
    _defined, _value, _reason, _condition, _by_whom, _often, _how_long, _dated, _made_by, _place,
    _relation,
)  # fmt: skip
