"""Words as the checks compare them: folded, stemmed, without those that carry no content.

Chinese and Japanese have no blanks; their overlapping pairs of characters stand in for words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from doc2data.checks.vocabulary import languages, vocabulary

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ELIDED = re.compile(
    r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|presqu|dell|nell|all|dall|sull|un)['’](?=[^\W\d_]{2})"
)
"""An article or a preposition that has lost its vowel: l'eau."""
_RUN = re.compile(rf"[{_IDEOGRAPHS}]+|[^\W_{_IDEOGRAPHS}]+(?:['’][^\W\d_]+)?")
_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPHS}]")
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=\S)|(?<=[。！？；])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|fig|sec|dr|mr|mrs|ms|st|inc|ltd|z\.b|bzw|ca|max|min)\."
    r"|(?<![/·])(?<!\d)(?<!\d )\b[a-z]\.)$",
    re.IGNORECASE,
)

_STEMMERS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip


def normal(text: str) -> str:
    """Text for comparing: compatibility forms and case folded, blanks made one."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def is_ideographic(text: str) -> bool:
    """Whether text is mostly Chinese or Japanese."""
    letters = sum(c.isalpha() for c in text)
    return letters > 0 and len(_IDEOGRAPH.findall(text)) > 0.3 * letters


def words(text: str) -> list[str]:
    """Folded words in order, function words among them; ideographs as overlapping pairs."""
    found: list[str] = []
    for run in _RUN.findall(_ELIDED.sub(" ", normal(text))):
        if _IDEOGRAPH.match(run):
            found += [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run.replace("’", "'"))
    return found


def length(text: str) -> int:
    """Words of a text; each ideograph counts as one."""
    return sum(len(run) if _IDEOGRAPH.match(run) else 1 for run in _RUN.findall(text))


def content_words(text: str, language: str) -> list[str]:
    """Stems of the words that carry content, in order, repeats kept."""
    stem, function, ideographs = stemmer(language), function_words(language), function_words("zh")
    return [
        stem(word)
        for word in words(text)
        if word not in function
        and not (_IDEOGRAPH.match(word) and (len(word) == 1 or any(c in ideographs for c in word)))
    ]


def unknown_runs(text: str, ground: str) -> Iterator[str]:
    """Runs of ideographs that share no pair with `ground` and are no common words.

    Args:
        text: any text.
        ground: normalised text.
    """
    common, function = vocabulary("zh").common, function_words("zh")
    for run in re.findall(rf"[{_IDEOGRAPHS}]{{2,}}", normal(text)):
        known = [False] * len(run)
        for size, here in ((4, common), (3, common), (2, common), (2, ground)):
            for i in range(len(run) - size + 1):
                if run[i : i + size] in here:
                    known[i : i + size] = [True] * size
        unknown = "".join("  " if k or c in function else c for k, c in zip(known, run, strict=True))
        # One unknown character may join two words; one that the source has nowhere may well be part of a name.
        # So may a verb of the source with what completes it: 换掉 tells 更换.
        yield from (part for part in unknown.split() if not all(c in ground or c in common for c in part))


@cache
def function_words(language: str) -> frozenset[str]:
    """Words without content, negations among them; English ones where the language has no vocabulary."""
    own = vocabulary(language if language in languages() else "en")
    return own.function_words | frozenset(own.negations)


@lru_cache(maxsize=10_000)
def carries_content(word: str, language: str) -> bool:
    """Whether any part of a word as written is more than a function word."""
    return bool(content_words(word, language))


def sentences(text: str) -> list[str]:
    """A text's sentences and lines, without the blanks around them."""
    found: list[str] = []
    for part in _SENTENCE_END.split(text):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += " " + part
        elif part.strip():
            found.append(part.strip())
    return found


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Word to stem; words of a language without a stemmer stay as they are."""
    name = _STEMMERS.get(language)
    if name is None:
        return str
    return lru_cache(maxsize=10_000)(lambda word: str(_snowball(name).stemWord(word.removesuffix("'s"))))


@cache
def _snowball(name: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(name)
