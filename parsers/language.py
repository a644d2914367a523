"""The language of a text, as an ISO 639-1 code."""

from __future__ import annotations

import re

UNDETERMINED = "und"
SAMPLE_CHARACTERS = 20_000
MIN_LETTERS = 20
MIN_LETTERS_CJK = 4

MIN_WORDS = 60
ENGLISH_SHARE = 0.15
ARTICLE_SHARE = 0.05

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    ("the", "of", "and", "to", "that", "with", "are", "this", "from", "by", "or", "as", "which", "not", "be")
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> str:
    """Tell the language of most of `text`; "und" where there is too little text.

    Chinese, Japanese and Korean are told by their scripts, which needs only a few characters, and plain English by
    its commonest words, which spares half a second of loading; every other language by the n-gram model of py3langid.
    """
    sample = _sample(text)
    letters = len(_LETTER.findall(sample))
    script = _east_asian(sample, letters)
    if script:
        return script
    if letters < MIN_LETTERS:
        return UNDETERMINED
    if _is_plain_english(sample):
        return "en"
    from py3langid import classify

    code, _ = classify(sample)
    return str(code)


def _sample(text: str) -> str:
    """The middle of a long text, where front matter weighs less."""
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    start = (len(text) - SAMPLE_CHARACTERS) // 2
    return text[start : start + SAMPLE_CHARACTERS]


def _is_plain_english(sample: str) -> bool:
    """Whether words that only English has are as common here as they are in English prose."""
    words = _WORD.findall(sample.lower())
    if len(words) < MIN_WORDS:
        return False
    common = sum(word in _ENGLISH for word in words)
    articles = sum(word in {"the", "and"} for word in words)
    return common > len(words) * ENGLISH_SHARE and articles > len(words) * ARTICLE_SHARE


def _east_asian(sample: str, letters: int) -> str | None:
    han, kana, hangul = (len(script.findall(sample)) for script in (_HAN, _KANA, _HANGUL))
    if han + kana + hangul < max(MIN_LETTERS_CJK, letters * 0.2):
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if kana * 10 > han else "zh"
