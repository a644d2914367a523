"""What a document is about, in the words that a question can name it by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from doc2data.clues import entities
from doc2data.records import Clue
from parsers.document import Document

_GENRE = re.compile(
    r"\b(?:(?:installation|operating|operation|operator'?s?|owner'?s?|user'?s?|users?'?|service|maintenance|quick|start|getting "
    r"started|reference|technical|product|programmer'?s?|administrator'?s?|safety|instruction|training|requirements?|procedure|"
    r"standard)\s+)*(?:and\s+)?(?:manual|guide|handbook|instructions?|documentation|data ?sheet|specifications?|reference|tutorial|"
    r"overview|introduction|brochure|document|faq|procedure|notes?|knowledge base)\b",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^[\s:–—|,.-]+|[\s:–—|,.-]+$")
_LEADING = re.compile(r"^(?:the|for|of|to|and|introduction to|about|using)\s+", re.IGNORECASE)
MAX_WORDS = 6
_OFTEN = 4


def subject(document: Document, clues: Sequence[Clue]) -> str:
    """What the document is about, with its article ("the RM-400 series", "SQLite"); "" where unsure."""
    titles = [document.title, *(block.text for block in document.blocks[:6] if block.kind == "heading")]
    for title in titles:
        name = _named_in(" ".join(title.split()))
        if name:
            return _as_spoken(name, document.text)
    return _most_named(clues)


def _named_in(title: str) -> str:
    """The product that a title names; "" for titles without a code or a name in mixed case."""
    if re.search(r"\.(?:pdf|docx?|html?|md|txt)$", title, re.IGNORECASE) or len(title.split()) > 14:
        return ""
    for part in re.split(r"\s*[:–—|,(]\s*|\s-\s", title):
        name = _EDGE.sub("", _GENRE.sub("", part))
        while _LEADING.match(name):
            name = _LEADING.sub("", name)
        codes = [code for code in entities.codes(name) if re.search(r"[A-Za-z]", code)]
        if codes and len(name.split()) <= MAX_WORDS:
            return "the " + re.sub(r"\b(Series|Models?|Family|Range)$", lambda match: match.group().lower(), name)
        if re.fullmatch(r"[A-Z]+[a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]\w+", name):
            return name
    return ""


def _as_spoken(name: str, text: str) -> str:
    """The shortest tail of the name that holds its code and that the text uses after "the" more often than the whole."""
    words = name.split()
    best, most = name, text.count(name)
    for first in range(2, len(words)):
        tail = " ".join(("the", *words[first:]))
        if not entities.codes(tail):
            break
        if text.count(tail) > most:
            best, most = tail, text.count(tail)
    return best


def _most_named(clues: Sequence[Clue]) -> str:
    counts = Counter(code for clue in clues for code in entities.codes(clue.quote) if code[0].isalpha())
    if not counts:
        return ""
    (code, most), *others = counts.most_common(2)
    clear = most >= _OFTEN and (not others or most >= 3 * others[0][1])
    return f"the {code}" if clear else ""
