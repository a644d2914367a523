"""What a document is about, in the words that a question can name it by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from doc2data.clues import entities
from doc2data.records import Clue
from parsers.document import Document

_GENRE = re.compile(
    r"\b(?:(?:installation|operating|operation|operator'?s?|owner'?s?|user'?s?|users?'?|service|maintenance"
    r"|quick|start|getting "
    r"started|reference|technical|product|programmer'?s?|administrator'?s?|safety|instruction|training"
    r"|requirements?|procedure|"
    r"standard)\s+)*(?:and\s+)?(?:manual|guide|handbook|instructions?|documentation|data ?sheet|specifications?"
    r"|reference|tutorial|"
    r"overview|introduction|brochure|document|faq|procedure|notes?|knowledge base)\b",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^[\s:–—|,.-]+|[\s:–—|,.-]+$")
_LEADING = re.compile(r"^(?:the|of|for|to|and|introduction to|about|using)\s+", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:pdf|docx?|html?|md|txt)$", re.IGNORECASE)
_MIXED_CASE = re.compile(r"[A-Z]+[a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]\w+")
_NO_PRODUCT = re.compile(
    r"\b(?:alarm|error|code|fault|message|parameter|warning|bulletin|procedure|standard|version|chapter|form"
    r"|part|rev|no\.?)\s*$",
    re.IGNORECASE,
)
_CHINESE_KIND = re.compile(
    r"^(?:系列|型)?[\u4e00-\u9fff]{0,10}?(?=安装|操作|使用|维护|用户|产品|技术|说明|手册|指南|规程|保养|$|[，,：:\s])"
)
_CODE = r"[A-Z][A-Za-z]{0,9}-?\d+[A-Za-z0-9-]*"
_STATED = re.compile(
    rf"\b(?:of|for|on) (?P<en>the {_CODE}(?: (?:series|system|unit|range|family|[a-z]+er|[a-z]+or))?)\b"
    rf"|(?P<zh>{_CODE}系列)"
)
"""A title that says outright what it is about: "Annual service of the RM-400 series"."""
MAX_TITLE_WORDS = 14
OPENING = 8
"""Blocks in which a document says what it is about."""
_OFTEN = 3
_WITH_ARTICLE = 0.3
"""From this share of "the" before a code on, it is spoken of with the article; software mostly is not."""


def subject(document: Document, clues: Sequence[Clue]) -> str:
    """What the document is about, with its article in English ("the RM-400 series", "SQLite"); "" where unsure.

    A title names the product by a code that the text goes on using (a document's own number it uses hardly ever), or
    by a name in mixed case; else one code must stand out in the text and be named where it opens.
    """
    titles = [document.title, *(block.text for block in document.blocks[:6] if block.kind == "heading")]
    for title in (" ".join(title.split()) for title in titles):
        name = _product(title, document) or _mixed_case_name(title)
        if name:
            return name
    return _most_named(document, clues)


def _product(title: str, document: Document) -> str:
    stated = _STATED.search(title)
    if stated:
        return stated["zh"] or stated["en"]
    counts = {code: _uses(code, document.text) for code in entities.codes(title) if _is_product(code, title)}
    code = max(counts, key=lambda each: counts[each], default="")
    if not code or counts[code] < _OFTEN or _FILE_NAME.search(title):
        return ""
    if document.language == "zh":
        kind = _CHINESE_KIND.match(title[title.index(code) + len(code) :])
        return code + (kind.group() if kind else "")
    return _as_spoken(code, document.text)


def _is_product(code: str, text: str) -> bool:
    at = text.index(code)
    return code[0].isalpha() and not _NO_PRODUCT.search(text[:at])


def _uses(code: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text))


def _as_spoken(code: str, text: str) -> str:
    """The code with the noun that most often follows it: "the RM-400 series", "the AQ-200 controller"."""
    after = Counter(
        match.group(1)
        for match in re.finditer(
            rf"\b[Tt]he {re.escape(code)} ([a-z]{{3,}}(?: (?:valve|pump|unit|module|sensor))?)\b", text
        )
    )
    for noun, count in after.most_common(1):
        if count >= _OFTEN and noun.endswith(("series", "unit", "system", "range", "family")):
            return f"the {code} {noun}"
    return f"the {code}" if text.count(f"the {code}") >= _WITH_ARTICLE * _uses(code, text) else code


def _mixed_case_name(title: str) -> str:
    """A product whose name alone is the title once words such as "manual" are gone: "SQLite", "EpaNet"."""
    if _FILE_NAME.search(title) or len(title.split()) > MAX_TITLE_WORDS:
        return ""
    for part in re.split(r"\s*[:–—|,(]\s*|\s-\s", title):
        name = _EDGE.sub("", _GENRE.sub("", part))
        while _LEADING.match(name):
            name = _LEADING.sub("", name)
        if _MIXED_CASE.fullmatch(name):
            return name
    return ""


def _most_named(document: Document, clues: Sequence[Clue]) -> str:
    counts = Counter(
        code for clue in clues for code in set(entities.codes(clue.quote)) if _is_product(code, clue.quote)
    )
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 2 * _OFTEN or (len(ranked) > 1 and ranked[0][1] < 3 * ranked[1][1]):
        return ""
    code = ranked[0][0]
    if not any(_uses(code, block.text) for block in document.blocks[:OPENING]):
        return ""  # a form or a part that the text mentions often is not what it is about
    return code if document.language == "zh" else _as_spoken(code, document.text)
