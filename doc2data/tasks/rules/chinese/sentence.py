"""Chinese sentences that may be asked about: whole, speaking of the world, and not leaning on the text before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import split
from doc2data.records import Clue

_LEANS = re.compile(
    r"^(?:这|那|它|其|该|此|本(?:指南|手册|文|章|节|书|表|图|页|文档|规程|报告)|上述|以上|以下|下面|前者|后者|两者|因此|所以|于是|从而"
    r"|但|而|并|且|同时|另外|此外|例如|比如|牠|然后|接着|否则|不过|然而|相反|总之|首先|其次|最后|最糟|也|还|又|即|我|你|您|他|她|如：)"
)
_POINTS = re.compile(
    r"[参详]见|参阅|参考|参照|见(?:第|表|图|附录)|[如按据](?:[上下]?[图表]|第|附录)|[上下][图表文]|所示|如下|上述|前述|前文|下列|附录|第\s?\d+\s?[章节页]"
    r"|本(?:指南|手册|文档|规程|章|节)"
    r"|这(?:类|种|些|个|里|次|样|两|几|一|方面)|此(?:类|种|时|处|刻|次)|(?<!应)该(?!怎|如何|不该)(?=[\u4e00-\u9fff]{1,4}(?:的|是|应|会|将|能|可|在|被|，))"
)
_JUNK = re.compile(r"https?:|www\.|[<>{}=\\|]|\.{3}|…|_{2,}| {2,}|[?？：:]|我们|咱们|(?:由于|因为)(?:这|此|其|它)|牠")
MIN_CHARACTERS = 8
MAX_CHARACTERS = 110


def sentences(clue: Clue) -> Iterator[str]:
    """The sentences of a clue that stand alone, without the blanks that line breaks leave in Chinese."""
    for start, end in split(clue.quote, "zh"):
        text = tidy(clue.quote[start:end])
        if askable(text):
            yield text


def tidy(text: str) -> str:
    """White space put in order: none between Chinese characters."""
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])", "", " ".join(text.split()))


def askable(text: str) -> bool:
    """Whether a sentence is whole and stands alone."""
    if not MIN_CHARACTERS <= len(text) <= MAX_CHARACTERS or not text.endswith(("。", "！", "；")):
        return False
    if any(text.count(left) != text.count(right) for left, right in ("（）", "“”", "《》", "()")):
        return False
    if "。" in text[:-1] or re.search(r"[（(]\s*[）)]", text):
        return False
    return not any(pattern.search(text) for pattern in (_LEANS, _POINTS, _JUNK))
