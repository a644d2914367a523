"""An answer that tells the steps of its source tells all of them, in their order, and with their warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.facts import without_list_marks
from doc2data.checks.words import content_words, normal, sentences
from doc2data.records import Sample, Verdict

NAME = "completeness"
SAME = 0.6
"""Share of common words (Dice) from which a line of the answer tells a line of the source."""
_LEAD = (":", "：")
_WARNING = re.compile(
    r"^(?:warning|caution|danger|notice|never|do not|don't|must not)\b"
    r"|^(?:警告|注意|危险|小心|当心|严禁|禁止|切勿|请勿|不得)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the source."""

    quote: int
    text: str
    words: frozenset[str]


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Hold each answer that is a numbered list against the lines of its evidence."""
    return [_verdict(sample) for sample in samples]


def _verdict(sample: Sample) -> Verdict:
    items = [without_list_marks(line).strip() for line in sample.answer.splitlines() if _is_item(line)]
    source = _lines(sample)
    told = _told(items, source, sample.language)
    if len(told) < 2 or 2 * len(told) < len(items):
        return passed(NAME, "tells no steps of its evidence")
    problem = next(_problems(told, source, sample.language), "")
    if problem:
        return failed(NAME, problem)
    return passed(NAME, f"tells all {len(told)} steps of its evidence in their order")


def _is_item(line: str) -> bool:
    return without_list_marks(line) != line


def _lines(sample: Sample) -> list[_Line]:
    """Lines of the evidence in reading order, each quote by its number."""
    quotes = sorted(sample.evidence, key=lambda e: (e.document, e.start))
    texts = [(n, without_list_marks(line).strip()) for n, e in enumerate(quotes) for line in e.quote.splitlines()]
    return [_Line(n, text, frozenset(content_words(text, sample.language))) for n, text in texts if text]


def _told(items: Sequence[str], source: Sequence[_Line], language: str) -> list[tuple[int, str]]:
    """(number of the source's line, item) for each item that tells a line; of equal lines the next one."""
    found: list[tuple[int, str]] = []
    for item in items:
        used = {at for at, _ in found}
        own = frozenset(content_words(item, language))
        alike = {at: _alike(item, own, line) for at, line in enumerate(source) if at not in used}
        best = max(alike, key=lambda at: (alike[at], -at), default=None)
        if best is not None and alike[best] >= SAME:
            found.append((best, item))
    return found


def _alike(item: str, own: frozenset[str], line: _Line) -> float:
    if normal(item) == normal(line.text):
        return 1.0
    both = len(own) + len(line.words)
    return 2 * len(own & line.words) / both if both else 0.0


def _problems(told: Sequence[tuple[int, str]], source: Sequence[_Line], language: str) -> Iterator[str]:
    for (before, first), (after, second) in pairwise(told):
        if after < before:
            yield f"puts {_shown(first)} before {_shown(second)}, which comes first in the evidence"
    lines = {at for at, _ in told}
    retold = {source[at].quote for at in lines}
    for at, line in enumerate(source):
        among = sum(source[i].quote == line.quote for i in lines) > 1
        if at not in lines and line.quote in retold and among and not line.text.endswith(_LEAD):
            yield f"leaves out {_shown(line.text)}"
    for at, item in told:
        yield from _warnings_left_out(source[at].text, item, language)


def _warnings_left_out(line: str, item: str, language: str) -> Iterator[str]:
    said = frozenset(content_words(item, language))
    for sentence in sentences(line):
        needed = frozenset(content_words(sentence, language))
        if _WARNING.match(sentence) and len(needed & said) < SAME * len(needed):
            yield f"leaves out the warning {_shown(sentence)}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
