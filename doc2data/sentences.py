"""Sentences with exact offsets: sentencex finds the boundaries, a few guards take back the wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:approx|ca|cf|e\.g|i\.e|eg|ie|vs|viz|resp|incl|excl|fig|figs|no|nos|eq|eqs|sec|sect|ch|chap|vol"
    r"|pp|art|para|ref|dept|est|max|min|st|dr|mr|mrs|prof|z\.B|d\.h|bzw|Nr|Abb|env)\.$",
    re.IGNORECASE,
)
_ENDS_OF_SENTENCES = re.compile(r"[.!?。！？；…]['\"”’」』)）\]]*\s*$")
_MISSED_END = re.compile(
    r"(?:(?<=[a-z][a-zA-Z])|(?<=\d)|(?<=\d [a-zA-Z%°])|(?<=Appendix [A-Z])|(?<=Annex [A-Z])|(?<=[)\]]))"
    r"\.\s+(?=(?:[A-Z][a-z]+,? [a-z\d]|[A-Z][a-z]+ [A-Z0-9]|A [a-z]))"
)
_INITIAL = re.compile(r"[A-Za-z0-9](?![a-z])")
_MAX_PARENTHESIS = 200


def split(text: str, language: str) -> list[tuple[int, int]]:
    """Half-open ranges of the sentences of `text`, without the white space around them.

    Args:
        text: any text; a blank line always ends a sentence.
        language: ISO 639-1 code, or "und", for which English rules are used.
    """
    from sentencex import get_sentence_boundaries

    code = "en" if language == "und" else language
    found = get_sentence_boundaries(code, text) if text.strip() else []
    raw = [part for b in found for part in _missed(text, b["start_index"], b["end_index"])]
    joined: list[tuple[int, int]] = []
    for start, end in raw:
        if joined and _belongs_together(text[slice(*joined[-1])], text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [trimmed for start, end in joined if (trimmed := trim(text, start, end)) is not None]


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The range without white space at its ends, or None where nothing else is in it."""
    body = text[start:end]
    stripped = body.strip()
    if not stripped:
        return None
    lead = len(body) - len(body.lstrip())
    return start + lead, start + lead + len(stripped)


def _missed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a range, cut where sentencex took an end for an abbreviation: "for 30 s. The", "the pH. A"."""
    for match in _MISSED_END.finditer(text, start, end):
        if not _ABBREVIATION.search(text[start : match.start() + 1]):
            yield start, match.end()
            start = match.end()
    yield start, end


def _belongs_together(left: str, right: str) -> bool:
    if "\n\n" in left[len(left.rstrip()) :]:
        return False
    head, tail = left.rstrip(), right.lstrip()
    if not tail:
        return True
    if _ABBREVIATION.search(head) and not (head.lower().endswith((" min.", " no.")) and tail[0].isupper()):
        return True
    if head == left and tail == right and head.endswith(".") and _INITIAL.match(tail):
        return True  # "pythonX.Y": one name
    if _open_parenthesis(head) and 0 <= tail.find(")") < _MAX_PARENTHESIS:
        return True
    return not _ENDS_OF_SENTENCES.search(left) and tail[0].islower()


def _open_parenthesis(text: str) -> bool:
    return text.count("(") > text.count(")")
