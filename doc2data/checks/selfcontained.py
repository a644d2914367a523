"""The question can be understood by someone who has not got the source in front of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.retrievability import opening
from doc2data.checks.words import content_words, is_ideographic, words
from doc2data.records import Sample, Verdict

NAME = "selfcontained"

_SOURCE = r"(?:passage|text|document|section|paragraph|excerpt|context|article|chapter|table|figure|list|page|sentence|snippet|quote|above|following)"  # noqa: E501
_POINTING = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:according to|based on|as (?:stated|described|mentioned|shown|noted|given) (?:in|by)|per) (?:the|this|that) (?:\w+ )?{_SOURCE}\b(?! of\b)",  # noqa: E501
        rf"\b(?:in|from|by|of|does|is|do|under) (?:the|this) (?:above|following|given|provided|preceding|previous|present|current) {_SOURCE}?\b",  # noqa: E501
        rf"\bthis {_SOURCE}\b",
        r"\b(?:in|from|does|do|by) the (?:passage|text|excerpt|snippet|paragraph|context|quote)\b(?! of\b)",
        r"\b(?:mentioned|described|shown|listed|given|stated|discussed|outlined|noted) (?:above|below|here|earlier|previously)\b",  # noqa: E501
        r"\bthe (?:(?:above|aforementioned|said)\b(?! (?:ground|sea|water))|(?:former|latter)\b(?=\s*(?:[?,;]|$|is\b|was\b|are\b|were\b|do\b|does\b|did\b|ha[sd]\b|have\b)))",
        r"\b(?:the|which) author(?:s)? (?:say|state|mention|describe|argue|suggest|claim)s?\b",
        r"\b(?:im|in dem|laut dem|nach dem|gemäß dem) (?:obigen |vorliegenden |folgenden )?(?:text|abschnitt|absatz|auszug)\b",  # noqa: E501
        r"\b(?:selon|d'après|dans) (?:le|ce|cet|cette|la) (?:texte|passage|document|extrait|paragraphe|section)\b(?! d)",
        r"(?:上述|上面的?|上文|下述|下文|以上|以下|如上|如下|前述|前文|(?<![英中外日法德俄国國古论論正语語])文中|本文|本节|本段|本章|本页|本表|该文|该段|该节|该表|此表|此文|此段|这段|这篇|这节|这张表|这份文档|这个文档)",
        r"(?:根据|依据|按照|结合|阅读)(?:该|本|此|这|给定的?|提供的?|所给的?)?(?:文档|文章|段落|文本|材料|原文|表格|资料|上下文)(?!《|“)",
        r"(?:文档|文章|段落|原文|材料|作者)(?:中|里|内)?(?:提到|说|指出|描述|提及|所述|认为)",
    )
)

_DEMONSTRATIVE = re.compile(r"\b(?:this|these|those)\b(?:\s+([a-z-]+))?", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|itself|themselves)\b", re.IGNORECASE)
_EXPLETIVE = re.compile(
    r"\bit(?:'s| is| was| be|s)?\s+(?:\w+ly )?(?:possible|necessary|required|recommended|allowed|permitted|safe|important|"
    r"advisable|mandatory|legal|likely|true|determined|decided|known|believed|thought|shown|proposed|argued|agreed|suggested|take|takes|mean|cost|costs)\b|"
    r"\b(?:does|did|do|will|would|can|could|should|must|may) it (?:take|mean|cost|matter|make sense)\b|\bis it\b",
    re.IGNORECASE,
)
_CHINESE_PRONOUN = re.compile(r"^(?:请问)?(?:它|他|她|其|此|这|那|该)(?!次|外|实|中|他)|(?:它们?|他们|她们|该(?:设备|产品|装置|系统|步骤|操作|项|参数|公司|人|部件|零件))")  # fmt: skip

GENERIC = frozenset(
    """
    purpose step value requirement thing information procedure important name number type kind way reason example item
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
    return [_verdict(opening(sample), sample.language) for sample in samples]


def _verdict(question: str, language: str) -> Verdict:
    problem = dangling(question, language)
    return failed(NAME, problem) if problem else passed(NAME, "the question can be understood alone")


def dangling(question: str, language: str) -> str:
    """What a reader of the question alone would miss, in words; empty where nothing is missing."""
    for pattern in _POINTING:
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
    pronoun = _PRONOUN.search(_EXPLETIVE.sub(lambda m: "-" * len(m.group()), question))
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
