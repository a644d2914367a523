"""The question can be understood by someone who has not got the source in front of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from doc2data.checks.antecedents import Question
from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.families import nouns
from doc2data.checks.retrievability import opening
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, is_ideographic, words
from doc2data.records import TEXT_TASKS, Sample, Verdict

NAME = "selfcontained"
NAMELESS = "the question does not name what it is about"
_MARKED = re.compile(r"\b\w*\d\w*\b|[\"“„«][^\"”“»]+[\"”“»]|\b[A-Z]{2,}\b")
"""Numbers, codes, and what stands in quotation marks."""
_CODE = re.compile(r"\b(?=\w*\d)\w*[^\W\d]\w*|[\"“„«]")
_NAME = re.compile(r"(?<=[a-záéíóúñç] )[A-ZÁÉÍÓÚÑ][\w-]+")

_STATED = (
    "possible|necessary|required|recommended|allowed|permitted|safe|important|advisable|mandatory|legal|likely|true|"
    "determined|decided|known|believed|thought|shown|proposed|argued|agreed|suggested|called|said|meant|estimated|best"
)
_EXPLETIVE = re.compile(
    rf"\bit(?:'s| is| was| be|s)?\s+(?:\w+ly )?(?:{_STATED}|mean|means)\b|"
    rf"\b(?:is|was) it (?:\w+ly )?(?:that|{_STATED})\b|"
    r"\bhow (?:long|much|many)\b.{0,40}\bit (?:take|takes|took|cost|costs)\b|"
    r"\b(?:does|did|do|will|would|can|could|should|must|may) it (?:mean|matter|make sense|take)\b|"
    r"\b(?:is|was|be|been) it (?:\w+ly )?(?:\w+(?: up| out)? that|(?!\w+(?:ed|en)\b)\w+ (?:to|for|if|whether))\b|"
    r"\bit(?:'s| is| was| be|s)? (?:\w+ly )?\w+ that\b",
    re.IGNORECASE,
)
"""`it` that stands for nothing."""
_CHINESE_PRONOUN = re.compile(
    r"^(?:请问)?(?:它|他|她|其|此|这|那|该)(?!次|外|实|中|他|不勒)|它们?|他们|她们|"
    r"(?<=^谁)[^，,的]{1,5}[它他她]们?(?=[？?]?$)|(?<=^什么)[^，,的]{1,5}[它他她]们?(?=[？?]?$)|"
    r"该(?:设备|产品|装置|系统|步骤|操作|项|参数|公司|人|部件|零件)"
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
    return _dangling_english(question) if language == "en" else _dangling_elsewhere(question, language)


def _dangling_chinese(question: str) -> str:
    if found := _CHINESE_PRONOUN.search(question):
        before = _GENERIC_CHINESE.sub("", question[: found.start()])
        if len(before) < 2:
            return f"nothing in the question says what {found.group()!r} stands for"
    left = _GENERIC_CHINESE.sub("", question)
    return "" if len(left) >= 2 else NAMELESS


def _dangling_english(question: str) -> str:
    if not _specific(question):
        return NAMELESS
    if left := Question(_EXPLETIVE.sub(lambda m: "-" * len(m.group()), question), GENERIC).dangling():
        return f"nothing in the question says what {left!r} stands for"
    read = Question(question, GENERIC | _unnamed("en"))
    return _which(question, "en", alone=not read.names_a_thing())


def _dangling_elsewhere(question: str, language: str) -> str:
    """The same by fewer means: nouns are told by capitals or articles, what is asked for by the words that ask."""
    if not content_words(question, language):
        return NAMELESS
    own = vocabulary(language)
    for found in _standing_in(language).finditer(question) if own.standing_in else ():
        before = _compiled(own.asked_about).sub(" ", question[: found.start()])
        if found.group() not in own.owning:
            before = _compiled(own.asked_for).sub(" ", before)
        if not _named(before, language):
            return f"nothing before it in the question says what {found.group()!r} stands for"
    return _which(question, language, alone=not set(_named(question, language)) - _unnamed(language))


def _named(text: str, language: str) -> list[str]:
    """What a text names, and its numbers and codes."""
    names = [] if language == "de" else _NAME.findall(text)
    return [*nouns(text, language), *_MARKED.findall(text), *names]


def _which(question: str, language: str, *, alone: bool) -> str:
    """What a question speaks of as if its reader knew which: `Who founded the company?`."""
    own = vocabulary(language)
    heads = _unnamed(language) if alone else own.unnamed
    if not heads or (not alone and (language == "de" or _NAME.search(question) or _CODE.search(question))):
        return ""  # in German every noun looks like a name
    for found in _definite(language, heads).finditer(question):
        if words(question).count(found["thing"].casefold()) == 1:
            return f"nothing in the question says which {found['thing']!r} is meant"
    return ""


def _unnamed(language: str) -> frozenset[str]:
    return vocabulary(language).unnamed | vocabulary(language).unnamed_alone


def _specific(text: str) -> list[str]:
    """Words that tell what a text is about."""
    return [w for w in words(text) if content_words(w, "en") and w not in GENERIC and (len(w) > 1 or w.isdigit())]


@cache
def _pointing(language: str) -> tuple[re.Pattern[str], ...]:
    """What points at a source, in the words of a language; English where it has none of its own."""
    own = vocabulary(language).pointing or vocabulary("en").pointing
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in own)


@cache
def _definite(language: str, heads: frozenset[str]) -> re.Pattern[str]:
    """One of some nouns that name no certain thing, behind an article and without what tells which."""
    own = vocabulary(language)
    articles, things = "|".join(own.definite), "|".join(sorted(heads, key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?:{articles})\s|l['’])(?P<thing>{things})\b(?!\s?,?\s(?:{own.telling_which})\b)", re.IGNORECASE
    )


@cache
def _standing_in(language: str) -> re.Pattern[str]:
    # With a capital it is a name, or speaks to the reader: Sie, Ihre.
    return re.compile(rf"(?<![\w'’])(?:{'|'.join(vocabulary(language).standing_in)})(?![\w'’])")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
