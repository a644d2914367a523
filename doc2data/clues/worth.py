"""How much fact a clue bears: what to ask about first, and what coverage counts."""

from __future__ import annotations

import re

from doc2data.records import Clue

_POINTER = re.compile(
    r"\b(?:see|refer to|described in|shown in|listed in|given in|contained in|as (?:described|shown|explained)|"
    r"(?:table|figure|fig\.|section|chapter|appendix|page)\s+[A-Z]?\d+(?:[.-]\d+)*)\b|[参详]见|如[上下]?[图表]|见第",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"©|\(c\) ?\d{4}|copyright|all rights reserved|trademark|table of contents|page \d+ of \d+|\.{5,}|…{2,}|cookie"
    r"|privacy policy|terms of use|click here|was this (?:page|article) helpful|share this|follow us|sign in|log in to"
    r"|subscribe|newsletter|skip to|back to top|last (?:updated|modified|reviewed)|版权所有|保留所有权利|目录",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"^(?:[\dA-Z.]+\s+)?(?:(?:legal )?(?:disclaimers?|notices?)|copyright.*|trademarks?|licen[cs]es?|acknowledge?ments?"
    r"|table of contents|contents|bibliography|references|revision history|change log|contact(?: us)?"
    r"|about (?:us|this .*)"
    r"|how to use this .*|navigation|feedback|免责声明|版权.*|商标|致谢|参考文献|目录|修订记录|联系我们)$",
    re.IGNORECASE,
)
"""Headings over what is about the publication and not about its matter."""
_ABOUT_TEXT = re.compile(
    r"^(?:this|the following|in this|the next|the previous) (?:document|manual|guide|chapter|section|page|table|figure"
    r"|appendix|handbook|article|list)|^本(?:文|手册|章|节|指南|文档)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"^(?:it|they|this|these|that|those|he|she|such|here|there|however|also|then|thus|therefore|but|and|or|so)\b"
    r"|^(?:它|它们|这|那|其|此|该|因此|但|而且|另外)",
    re.IGNORECASE,
)
_BASE = {
    "sentence": 0.5,
    "definition": 0.75,
    "key_value": 0.7,
    "table_row": 0.75,
    "step": 0.5,
    "procedure": 0.85,
    "warning": 0.65,
}
_MIN_WORDS = 4
_MAX_WORDS = 60
_TOLD_WORDS = 8
"""Words from which a sentence in a cell states something though no header says what the cell is."""


def worth(clue: Clue) -> float:
    """How fact-bearing a clue is, from 0 (navigation, boilerplate) to 1."""
    text = clue.quote
    if _BOILERPLATE.search(text) or (clue.section and _LEGAL.match(clue.section[-1].strip())):
        return 0.0
    if clue.kind in ("table_row", "key_value", "procedure"):
        return _structured(clue)
    words = _length(text)
    if words < _MIN_WORDS or text.rstrip().endswith(("?", "？", ":", "：")):
        return 0.05
    score = _BASE[clue.kind]
    score += 0.15 * bool(re.search(r"\d", text)) + 0.15 * bool(clue.entities)
    score -= 0.4 * bool(_POINTER.search(text)) + 0.35 * bool(_ABOUT_TEXT.search(text))
    score -= 0.2 * bool(_DANGLING.search(text)) + 0.2 * (words > _MAX_WORDS)
    score -= 0.25 * (not text.rstrip().endswith((".", "。", "!", "！", ";", "；", ")", "）")))
    return round(min(1.0, max(0.0, score)), 3)


def _structured(clue: Clue) -> float:
    if clue.kind == "table_row":
        filled = sum(1 for header, text in clue.cells if header and text)
        told = any(_length(text) >= _TOLD_WORDS and text.endswith((".", "。")) for _, text in clue.cells)
        return _BASE["table_row"] if filled > 1 else _BASE["sentence"] if told else 0.1 if clue.cells else 0.0
    if clue.kind == "key_value" and not clue.value:
        return 0.0
    return _BASE[clue.kind]


def _length(text: str) -> int:
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    return chinese // 2 + len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", text))
