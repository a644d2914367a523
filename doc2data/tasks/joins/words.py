"""The words of a text that carry its meaning, for telling whether one text holds what another asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-z0-9]+)*|\d+(?:[.,]\d+)*|[㐀-鿿]+")
_HAN = re.compile(r"[㐀-鿿]")
_FUNCTION_WORDS = """
a an the this that these those it its they them their there here he she his her we our you your i
is are was were be been being has have had do does did can could may might must shall should will would
of in on at to for from by with without into onto through during under over between among within after before
against about as and or but nor not no if when while because although whether than so such which who whose whom
what where why how much many often long also only then very more most up out off
per each every all any some one once twice again always never
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_FUNCTION_HAN = frozenset(
    "的了在是和与或及并而为被把将对从到由于以其此该这那哪什么多少几如何怎么吗呢有个一不应须可能会时后前中内上下"
)


def content(text: str) -> frozenset[str]:
    """Stems of the content words; Chinese as overlapping pairs of characters."""
    return frozenset(_stems(text))


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of `part` is in `whole`, 0 to 1; 1 where there is nothing to look for."""
    return len(part & whole) / len(part) if part else 1.0


def _stems(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text.lower()):
        if _HAN.match(token):
            pairs = [token[at : at + 2] for at in range(len(token) - 1)]
            yield from (pair for pair in pairs if not set(pair) & _FUNCTION_HAN)
        elif token not in _FUNCTION:
            yield _stem(token)


def _stem(word: str) -> str:
    if not word.isalpha() or len(word) < 4:
        return word
    for ending in ("ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls" else stem.rstrip("e")
    return word.rstrip("e")
