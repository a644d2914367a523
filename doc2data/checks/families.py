"""Words that say the same in another form, words that any other wording may bring in, and words that name things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import function_words, stemmer, words
from doc2data.tasks.rules.english.lexicon import classes

BEGINNING = 6
"""Letters at the head of a word by which it is known for one of its family: replacement, replace."""
STEM = 5
"""Letters of a stem behind which an ending of so many letters as `ENDING` makes no other word: mould, mouldy."""
ENDING = 3
LONGEST = 3
"""Words of a noun phrase behind a code."""
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no"})
"""Languages that write several words as one."""
_PUT_IN = re.compile(
    r"(?P<before>ab|an|auf|aus|bei|durch|ein|fest|her|hin|los|mit|nach|um|vor|weg|zu|zuruck|zusammen)?(?:ge|zu)(?=[^\W\d_]{4})"
)
"""What stands before the ge of a participle, or the zu of an infinitive, in a stem; stems have no umlauts."""
_AUXILIARY = re.compile(r"(?:is|are|was|were|has|have|had|can|could|may|might|must|shall|should|will|would|does)")
_ABSTRACT = re.compile(
    r"(?:tions?|sions?|ness(?:es)?|it(?:y|ies)|[ae]nc(?:es?|y|ies)|ac(?:y|ies)|ships?|hood|isms?|heit|keit|tät|schaft|té|dad)$"
)
"""Endings of words for what a thing is or does, which another wording makes of its verbs and adjectives."""
_VOWELS = re.compile(r"[aeiouyäöü]+")
_CAPITAL = re.compile(r"(?<=[^\s.!?:;–\"„“»«(\d][\s-])\d*[A-ZÄÖÜ][^\W\d_]{2,}")
"""A word with a capital inside a German sentence."""


@cache
def light_stems(language: str) -> frozenset[str]:
    """Stems of the words that any other wording may bring in, and of yes and no."""
    own, stem = vocabulary(language), stemmer(language)
    return frozenset(map(stem, own.common)) | own.answers


@lru_cache(maxsize=50_000)
def kindred(word: str, other: str, language: str) -> bool:
    """Whether two stems are of one family."""
    if language == "de" and _conjugated(word, other):
        return True
    if not (word[0].isascii() and word[0].isalpha()) or min(len(word), len(other)) < STEM:
        return False
    short, long = sorted((word, other), key=len)
    if other.startswith(word[:BEGINNING]) or (long.startswith(short) and len(long) - len(short) <= ENDING):
        return True
    return language in _COMPOUNDING and (long.endswith(short) or long.startswith(short))


def _conjugated(word: str, other: str) -> bool:
    """Whether one is a participle or an infinitive of the other: abgeschaltet, abschalten; geschlossen, schließen."""
    mine, theirs = _bare(word), _bare(other)
    if (mine, theirs) == (word, other):
        return False
    bones = _VOWELS.sub("", mine)
    return mine == theirs or (len(bones) > ENDING and bones == _VOWELS.sub("", theirs))


def _bare(word: str) -> str:
    """A stem without the ge of a participle and its ending, or the zu of an infinitive."""
    found = _PUT_IN.match(word)
    return f"{found['before'] or ''}{word[found.end() :]}".removesuffix("t") if found else word


def things_named(text: str, language: str) -> Iterator[str]:
    """Nouns of a text that are no words for what a thing is or does."""
    yield from (word for word in nouns(text, language) if not _ABSTRACT.search(word))


def nouns(text: str, language: str) -> Iterator[str]:
    """Nouns of a text, as far as its language shows them: by dictionary, by capitals, by articles."""
    if language == "en":
        yield from _english(words(text))
    elif language == "de":
        yield from (match.group().casefold() for match in _CAPITAL.finditer(text))
    elif vocabulary(language).articles:
        yield from (match.group(1).casefold() for match in _behind_article(language).finditer(text))


def description(text: str, language: str) -> Iterator[str]:
    """The words at the head of a text that belong to one noun phrase."""
    function = function_words(language)
    for word in words(text)[:LONGEST]:
        goes_on = language != "en" or word.endswith("ing") or classes(word) & {"NOUN", "ADJ"}
        if word in function or not goes_on:
            return
        yield word


def _english(found: list[str]) -> Iterator[str]:
    """Nouns at the end of what they are joined to, the thing itself: of a chlorine sensor, the sensor.

    What may be a verb as well is one where an article stands before it or an auxiliary verb behind.
    """
    articles, function = vocabulary("en").articles, function_words("en")
    for before, word, behind in zip(["", *found], found, [*found[1:], ""], strict=False):
        kinds = classes(word)
        if word in function or "NOUN" not in kinds or classes(behind) == {"NOUN"}:
            continue
        if len(kinds) == 1 or before in articles or _AUXILIARY.fullmatch(behind):
            yield word


@cache
def _behind_article(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:(?:{'|'.join(vocabulary(language).articles)})\s|[ld]['’])([^\W\d_]{{4,}})", re.IGNORECASE)
