"""Names as they are written: codes, part numbers, acronyms, product and proper names, and Chinese titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

CODE = re.compile(
    r"(?<![\w.\-])(?:[A-Z][A-Za-z]{0,9}-\d+(?:[./-]?[A-Za-z0-9]+)*|[A-Z]{1,6}\d+[A-Z0-9]*(?:-[A-Za-z0-9]+)*"
    r"|\d{3,}-\d{2,}(?:-\d+)*|[A-Z]{2,6}-[A-Z]{1,4}\d*)(?![\w-])"
)
"""E-07, AQ-200, RM-440, P14, 4100-331, KB-2043."""
_ACRONYM = re.compile(r"(?<![\w.\-])[A-Z](?:[A-Z&]|[A-Z]s\b){1,7}(?![\w-])")
_MIXED = re.compile(r"(?<![\w.\-])(?:[A-Z]+[a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]\w+|[a-z]+[A-Z]{2,}\w*)(?![\w-])")
"""SQLite, PestPP, OpenAPI."""
_CAPITALISED = re.compile(
    r"(?<![\w.\-])[A-Z][A-Za-z'’]*[a-z](?:[ \u00a0](?:(?:of|for|and)[ \u00a0](?:the[ \u00a0])?)?"
    r"[A-Z][A-Za-z'’]*)+(?![\w-])"
)
_CHINESE_TITLE = re.compile(r"《([^《》\n]{2,40})》")
_CHINESE_QUOTED = re.compile(r"[“「]([^”」\n]{2,12})[”」]")

_NOT_NAMES = frozenset(
    """
    WARNING CAUTION DANGER NOTICE NOTE IMPORTANT ATTENTION TIP AC DC OK NO YES ON OFF AND OR NOT THE A I II
    III IV V VI VII VIII IX X XI XII ALL ANY AM PM VDC VAC IP
    """.split()  # noqa: SIM905 - a list of words reads better as running text
)
_OPENERS = frozenset(
    """
    The A An This That These Those If When While After Before Because Since For In On At To With From By As
    It Its Each Every All Any Some No Do Use See Set Open Close Press Select Click Check Make Note Never
    Always Only Table Figure Section Chapter Appendix Step Where Although However Once Unless Until
    """.split()  # noqa: SIM905 - a list of words reads better as running text
)


def find(text: str) -> tuple[str, ...]:
    """Names in `text`, each once, in the order of their first place. Quantities are not names."""
    found: dict[str, int] = {}
    for start, name in _candidates(text):
        found.setdefault(name, start)
    names = sorted(found, key=lambda name: (found[name], -len(name)))
    return tuple(name for name in names if not _part_of_another(name, names))


def codes(text: str) -> tuple[str, ...]:
    """Only the codes and part numbers of `text`, in order."""
    return tuple(dict.fromkeys(match.group() for match in CODE.finditer(text)))


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    shouting = text.upper() == text
    for match in CODE.finditer(text):
        yield match.start(), match.group()
    for match in _MIXED.finditer(text):
        yield match.start(), match.group()
    for match in () if shouting else _ACRONYM.finditer(text):
        if match.group() not in _NOT_NAMES:
            yield match.start(), match.group()
    for match in _CAPITALISED.finditer(text):
        yield from _proper(match)
    for pattern in (_CHINESE_TITLE, _CHINESE_QUOTED):
        for match in pattern.finditer(text):
            yield match.start(1), match.group(1)


def _proper(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    words = match.group().split()
    while words and words[0] in _OPENERS:
        words = words[1:]
    while words and words[0] in ("of", "for", "and", "the"):
        words = words[1:]
    name = " ".join(words)
    if len(words) > 1 and name.upper() != name:
        yield match.end() - len(name), name


def _part_of_another(name: str, names: list[str]) -> bool:
    """An acronym or word inside a longer name found in the same text; codes always count by themselves."""
    return not CODE.fullmatch(name) and any(
        other != name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", other) for other in names
    )
