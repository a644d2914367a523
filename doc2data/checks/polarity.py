"""Whether a text says yes where its source says no: negation, modality, opposites, each at the word that it governs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from doc2data.checks.vocabulary import Vocabulary, vocabulary
from doc2data.checks.words import carries_content, content_words, normal, stemmer

SCOPE = 3
"""Content words behind a cue that it governs."""
ALIGNED = 0.7
"""Share of the best sentence's common words that makes another sentence count as the source too."""
RETOLD = 0.5
"""Share of an answer sentence's content words that a sentence of the source must have to be what it retells."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|[,;:.!?()|]")


@dataclass(frozen=True, slots=True)
class Word:
    """One content word with what is said of it."""

    stem: str
    negated: bool
    modality: str
    """obligation, recommendation, permission, or empty."""


def contradiction(answer: str, ground: Sequence[str], language: str) -> str:
    """How an answer sentence contradicts its source, in words; empty where it does not.

    Args:
        answer: one sentence.
        ground: the sentences of the evidence.
        language: ISO 639-1 code of all of them.
    """
    if language in ("zh", "ja"):
        from doc2data.checks.polarity_zh import contradiction_chinese

        return contradiction_chinese(answer, ground)
    said = _read(answer, language)
    read = [_read(sentence, language) for sentence in ground]
    near = _aligned(said, read)
    known, sentences = [read[i] for i in near], [ground[i] for i in near]
    return _changed_cue(said, known) or _dropped_cue(said, known) or _opposite(answer, sentences, language)


def _changed_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation or modality in the answer that its source has not got at the same word."""
    for group in _groups(said):
        anchor, there = _first_common(group, [word for sentence in known for word in sentence])
        if there and not any(_agree(anchor, word) for word in there):
            return f"{_told(anchor)} of {anchor.stem!r} where the source {_told(there[0])}"
    return ""


def _dropped_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation in the source that the answer leaves out though it repeats what is negated."""
    everything = [word for sentence in known for word in sentence]
    for sentence in known:
        for group in _groups([word for word in sentence if word.negated]):
            anchor, repeated = _first_common(group, said)
            others = [word for word in everything if word.stem == anchor.stem]
            if repeated and not any(_agree(mine, other) for mine in repeated for other in others):
                return f"leaves out the negation of {anchor.stem!r}"
    return ""


def _first_common(group: Sequence[Word], others: Sequence[Word]) -> tuple[Word, list[Word]]:
    """The first word of a group that stands among others, and where it stands there; else an empty list."""
    for word in group:
        if there := [other for other in others if other.stem == word.stem]:
            return word, there
    return group[0], []


def _aligned(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> list[int]:
    """The sentences of the source that an answer sentence says over again, by number.

    Where none shares half of its words, the answer draws a conclusion or joins several sentences, and there is nothing
    that it could be held against word by word.
    """
    stems = {word.stem for word in said}
    shared = [len(stems & {word.stem for word in sentence}) for sentence in known]
    least = max(1.0, ALIGNED * max(shared, default=0), RETOLD * len(stems))
    return [i for i, n in enumerate(shared) if n >= least]


def _agree(a: Word, b: Word) -> bool:
    if a.negated != b.negated:
        return False
    return not a.modality or not b.modality or a.modality == b.modality


def _told(word: Word) -> str:
    parts = [p for p in ("negation" if word.negated else "", word.modality) if p]
    return "says " + (" and ".join(parts) if parts else "neither negation nor modality")


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs of words under the same cue."""
    run: list[Word] = []
    for word in words:
        if run and (word.negated, word.modality) != (run[0].negated, run[0].modality):
            if run[0].negated or run[0].modality:
                yield run
            run = []
        run.append(word)
    if run and (run[0].negated or run[0].modality):
        yield run


def _read(sentence: str, language: str) -> list[Word]:
    """Content words with the cues whose scope they are in; a scope ends at punctuation."""
    own, stem = vocabulary(language), stemmer(language)
    found: list[Word] = []
    negated, modality, left = False, "", 0
    written = _TOKEN.findall(unicodedata.normalize("NFKC", sentence))
    tokens = [token.casefold() for token in written]
    if len(tokens) > 1 and tokens[0] in own.answers and not tokens[1][0].isalnum():
        written, tokens = written[1:], tokens[1:]  # "No, it must not": the first word answers, it negates nothing
    for i, token in enumerate(tokens):
        if not token[0].isalnum() or token in own.clause_starts:
            negated, modality, left = False, "", 0
            continue
        # A capital inside a sentence begins a name: the band Never Shout Never denies nothing.
        is_name = i > 0 and tokens[i - 1][0].isalnum() and written[i].istitle()
        cue = "" if is_name else _cue(tokens, i, own)
        if cue == "negation":
            negated, left = True, SCOPE
        elif cue:
            modality, left = cue, SCOPE
        elif not token.isdigit() and carries_content(token, language):
            found.append(Word(stem(token), negated and left > 0, modality if left > 0 else ""))
            left -= 1
            if left <= 0:
                negated, modality = False, ""
    return found


def _cue(tokens: Sequence[str], i: int, own: Vocabulary) -> str:
    token = tokens[i]
    if token in own.negations or token.endswith(("n't", "n’t")):
        return "negation"
    pair = " ".join(tokens[i : i + 2])
    return next((name for name, cues in own.modality.items() if token in cues or pair in cues), "")


def _opposite(answer: str, ground: Sequence[str], language: str) -> str:
    """A word of the answer whose opposite the source has in its place."""
    said, known = f" {_spaced(answer)} ", [f" {_spaced(sentence)} " for sentence in ground]
    everything = " ".join(known)
    for group, other in _both_ways(language):
        mine = [w for w in group if f" {w} " in said]
        if not mine or any(f" {w} " in said for w in other):
            continue
        theirs = [w for w in other if f" {w} " in everything]
        if theirs and not any(f" {w} " in everything for w in group):
            return f"says {mine[0]!r} where the source says {theirs[0]!r}"
        if theirs and (place := _swapped(said, known, group, other, language)):
            return f"says {mine[0]!r} of {place!r} where the source says {theirs[0]!r}"
    return ""


def _swapped(said: str, known: Sequence[str], group: Sequence[str], other: Sequence[str], language: str) -> str:
    """The content word behind a word of the answer that only the opposite word stands before in the source."""
    place = _behind(said, group, language)
    if not place:
        return ""
    mine = {_behind(sentence, group, language) for sentence in known}
    theirs = {_behind(sentence, other, language) for sentence in known}
    return place if place in theirs and place not in mine else ""


def _behind(sentence: str, group: Sequence[str], language: str) -> str:
    for word in group:
        _, found, tail = sentence.partition(f" {word} ")
        if found:
            return next(iter(content_words(tail, language)), "")
    return ""


def _spaced(text: str) -> str:
    return " ".join(_TOKEN.findall(normal(text)))


@cache
def _both_ways(language: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    pairs = vocabulary(language).opposites
    return pairs + tuple((b, a) for a, b in pairs)
