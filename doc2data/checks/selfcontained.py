"""The question can be understood by someone who has not got the source in front of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.retrievability import opening
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, is_ideographic, words
from doc2data.records import TEXT_TASKS, Sample, Verdict

NAME = "selfcontained"

_DEMONSTRATIVE = re.compile(r"\b(?:this|these|those)\b(?:\s+([a-z-]+))?", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|itself|themselves)\b", re.IGNORECASE)
_STATED = (
    "possible|necessary|required|recommended|allowed|permitted|safe|important|advisable|mandatory|legal|likely|true|"
    "determined|decided|known|believed|thought|shown|proposed|argued|agreed|suggested|called|said|meant|estimated|best"
)
_EXPLETIVE = re.compile(
    rf"\bit(?:'s| is| was| be|s)?\s+(?:\w+ly )?(?:{_STATED}|mean|means)\b|"
    rf"\b(?:is|was) it (?:\w+ly )?(?:that|{_STATED})\b|"
    r"\bhow (?:long|much|many)\b.{0,40}\bit (?:take|takes|took|cost|costs)\b|"
    r"\b(?:does|did|do|will|would|can|could|should|must|may) it (?:mean|matter|make sense|take to)\b",
    re.IGNORECASE,
)
"""`it` that stands for nothing."""
_FRONTED = re.compile(
    r"^(?:and |so |but )?(?:(?:in|on|at|to|for|by|with|from|of|under|during) )?"
    r"(?:what|which|who|whom|when|where|why|how)\b"
    r"(?:(?!\b(?:if|when|while|after|before|that|of)\b)[^,;:]){0,40}?"
    r"\b(?:is|are|was|were|do|does|did|can|could|should|must|may|might|will|would|has|have|had)\s+"
    r"(?P<subject>it|they|he|she)\b",
    re.IGNORECASE,
)
"""A pronoun as the subject: what is asked for, in front of it, cannot be what it stands for."""
_POSSESSED = re.compile(
    r"(?:^(?=the\b)|\b(?:is|are|was|were|do|does|did|has|have|had)\s+)(?:(?:the|an?)\s)?"
    r"(?:(?!(?:of|and|or|that|which|who|when|if|while|before|after)\b)[\w-]+\s){1,5}"
    r"(?:of|for|by|about)\s(?P<thing>it|them|him|her)\b(?!\s(?:self|own))",
    re.IGNORECASE,
)
"""A pronoun behind the noun that is asked for, as in `the purpose of it`: that noun cannot be what it stands for."""
_CHINESE_PRONOUN = re.compile(
    r"^(?:请问)?(?:它|他|她|其|此|这|那|该)(?!次|外|实|中|他)|它们?|他们|她们|"
    r"该(?:设备|产品|装置|系统|步骤|操作|项|参数|公司|人|部件|零件)"
)

_OPENING = re.compile(
    r"^(?:what|which|who|how|why|when|where)(?:\s(?:kind|sort|type|much|many|long|often)(?:\sof)?)?", re.IGNORECASE
)

GENERIC = frozenset(
    """
    purpose step value requirement meant thing information procedure important name number type kind way reason example
    item
    part point main following use used using mean definition function feature amount time date place person people year
    happen make made do did say describe explain list give tell state mention include call called need required many
    much long often first last next different new good one two three result effect role goal aim maximum minimum limit
    condition case action operation process method detail describes explains
    """.split()  # noqa: SIM905
)
"""Words that a question about anything may hold."""
_GENERIC_CHINESE = re.compile(
    r"什么|哪些|哪个|哪里|如何|怎样|怎么|多少|为何|为什么|请问|请|说明|解释|描述|列出|目的|作用|步骤|要求|数值|名称|数量|"
    r"类型|方法|原因|例子|内容|主要|时间|条件|过程|功能|意思|含义|定义|应该|需要|进行|使用|操作|注意|事项|规定|情况|[的了是在有和吗呢？?，。、]"
)


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Look for what points outside the question; in a dialogue only its opening has to stand alone."""
    brought = passed(NAME, "the text that the question is about stands in it")
    return [brought if s.kind in TEXT_TASKS else _verdict(opening(s), s.language) for s in samples]


def _verdict(question: str, language: str) -> Verdict:
    problem = dangling(question, language)
    return failed(NAME, problem) if problem else passed(NAME, "the question can be understood alone")


def dangling(question: str, language: str) -> str:
    """What a reader of the question alone would miss, in words; empty where nothing is missing."""
    for pattern in _pointing("zh" if is_ideographic(question) else language):
        if found := pattern.search(question):
            return f"the question points at its source: {found.group().strip()!r}"
    if is_ideographic(question):
        return _dangling_chinese(question)
    if language == "en":
        return _dangling_english(question)
    return "" if content_words(question, language) else "the question does not name what it is about"


def _dangling_chinese(question: str) -> str:
    if found := _CHINESE_PRONOUN.search(question):
        before = _GENERIC_CHINESE.sub("", question[: found.start()])
        if len(before) < 2:
            return f"nothing in the question says what {found.group()!r} stands for"
    left = _GENERIC_CHINESE.sub("", question)
    return "" if len(left) >= 2 else "the question does not name what it is about"


def _dangling_english(question: str) -> str:
    if not _specific(question):
        return "the question does not name what it is about"
    for found in _DEMONSTRATIVE.finditer(question):
        if not _introduced(found.group(1) or "", question[: found.start()]):
            return f"nothing in the question says what {found.group()!r} stands for"
    plain = _EXPLETIVE.sub(lambda m: "-" * len(m.group()), question)
    if fronted := _FRONTED.search(plain):
        return f"nothing before it in the question says what {fronted.group('subject')!r} stands for"
    if (possessed := _POSSESSED.search(plain)) and not _specific(re.sub(_OPENING, "", plain[: possessed.start()])):
        return f"nothing before it in the question says what {possessed.group('thing')!r} stands for"
    pronoun = _PRONOUN.search(plain)
    if pronoun and not _specific(question[: pronoun.start()]):
        return f"nothing before it in the question says what {pronoun.group()!r} stands for"
    return ""


def _introduced(noun: str, before: str) -> bool:
    """Whether what a demonstrative names was named before it: the same noun, or for a bare one any."""
    if noun.lower() in ("who", "that", "of", "which", "with", "whose", "in"):
        return True
    return bool(_specific(before))


def _specific(text: str) -> list[str]:
    """Words that tell what a text is about."""
    return [w for w in words(text) if content_words(w, "en") and w not in GENERIC and (len(w) > 1 or w.isdigit())]


@cache
def _pointing(language: str) -> tuple[re.Pattern[str], ...]:
    """What points at a source, in the words of a language; English where it has none of its own."""
    own = vocabulary(language).pointing or vocabulary("en").pointing
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in own)
