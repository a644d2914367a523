"""How alike two short texts are, by the words that they have in common in the same order (ROUGE-L, Lin, 2004)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import LCSseq

_TOKEN = re.compile(r"[㐀-鿿぀-ヿ]|[^\W㐀-鿿぀-ヿ]+")


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """Words, folded; ideographs one by one."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))


def nearest(text: str, others: Iterable[str], least: float) -> str | None:
    """The first of some texts whose ROUGE-L with a text is `least` or more, or None."""
    mine = tokens(text)
    for other in others:
        theirs = tokens(other)
        # With lengths as different as this, not even a part in full could reach it.
        if 2 * min(len(mine), len(theirs)) >= least * (len(mine) + len(theirs)) and _alike(mine, theirs) >= least:
            return other
    return None


def _alike(a: Sequence[str], b: Sequence[str]) -> float:
    """F-measure of the longest common subsequence, 0 to 1."""
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a and b else 0.0
