"""Question, answer and evidence are in one language, which is the one that the sample names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.vocabulary import languages
from doc2data.checks.words import function_words, words
from doc2data.records import Sample, Verdict
from parsers.language import UNDETERMINED, language_of

NAME = "language"
IDEOGRAPHIC = frozenset({"zh", "ja", "ko"})
LETTERS = 60
"""Letters from which the language is told by words; what is shorter is judged by its script."""
IDEOGRAPHIC_SHARE = 0.15


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Tell the language of each part by script, and by words where it is long enough."""
    return [_verdict(sample) for sample in samples]


def _verdict(sample: Sample) -> Verdict:
    for part, text in _parts(sample):
        told = _other_language(text, sample.language)
        if told:
            return failed(NAME, f"{part} is in {told!r}, the sample says {sample.language!r}")
    return passed(NAME, f"all in {sample.language!r}")


def _parts(sample: Sample) -> Iterator[tuple[str, str]]:
    names = {"user": "the question", "assistant": "the answer"}
    yield from ((names[m.role], m.content) for m in sample.messages if m.role in names)
    if sample.reasoning:
        yield "the reasoning", " ".join(step.text for step in sample.reasoning)
    if sample.evidence:
        yield "the evidence", " ".join(e.quote for e in sample.evidence)


def _other_language(text: str, expected: str) -> str | None:
    """The language of a text where it clearly is not the expected one."""
    letters = [c for c in text if c.isalpha()]
    ideographs = sum("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in letters)
    if len(letters) < 4 or expected == UNDETERMINED:
        return None
    if expected not in IDEOGRAPHIC and ideographs > 0.5 * len(letters):
        return language_of(text)
    if expected in IDEOGRAPHIC:
        return _foreign_sentence(text) if ideographs < IDEOGRAPHIC_SHARE * len(letters) else None
    return _by_words(text, expected) if len(letters) >= LETTERS else None


def _foreign_sentence(text: str) -> str | None:
    """The language of a text without ideographs, if it is a sentence; a name or a code belongs to any language."""
    common = {code: _function_words(text, code) for code in languages() if code not in IDEOGRAPHIC}
    code = max(common, key=lambda c: common[c])
    return code if common[code] >= 3 else None


def _by_words(text: str, expected: str) -> str | None:
    told = language_of(text)
    if told in (expected, UNDETERMINED) or not {told, expected} <= set(languages()):
        return None
    # The n-gram model errs on tables and on lists of names; function words have to agree with it.
    return told if _function_words(text, told) > 2 * _function_words(text, expected) else None


def _function_words(text: str, language: str) -> int:
    return sum(word in function_words(language) for word in words(text))
