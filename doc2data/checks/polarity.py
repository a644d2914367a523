"""Whether a text says yes where its source says no: negation, modality, opposites, each at the word that it governs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    return (
        _changed_cue(said, known)
        or _dropped_cue(said, known)
        or _opposite(answer, sentences, language)
        or _prefixed(said, known, language)
    )


def _changed_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation or modality in the answer that its source has at none of the same words."""
    for group in _groups(said):
        if pair := _clash(group, [word for sentence in known for word in sentence]):
            return f"{_told(pair[0])} of {pair[0].stem!r} where the source {_told(pair[1])}"
    return ""


def _dropped_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation in the source that the answer leaves out though it repeats what is negated."""
    everything = [word for sentence in known for word in sentence]
    for sentence in known:
        for group in _groups([word for word in sentence if word.negated]):
            pair = _clash(group, said)
            if pair and not any(_agree(pair[1], other) for other in everything if other.stem == pair[1].stem):
                return f"leaves out the negation of {pair[0].stem!r}"
    return ""


def _clash(group: Sequence[Word], others: Sequence[Word]) -> tuple[Word, Word] | None:
    """The first word of a group with its like among others, where nowhere both stand under the same cue."""
    pairs = [(word, other) for word in group for other in others if other.stem == word.stem]
    return pairs[0] if pairs and not any(_agree(word, other) for word, other in pairs) else None


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
    """Content words with the cues whose scope they are in; a scope ends at punctuation and where a clause begins."""
    own, stem = vocabulary(language), stemmer(language)
    clauses: list[list[Word]] = [[]]
    first = 0
    negated, modality, left = False, "", 0
    tokens = _tokens(sentence, own)
    for i, (token, is_name) in enumerate(tokens):
        if not token[0].isalnum() or token in own.clause_starts:
            clauses.append([])
            first = first if token[0].isalnum() else len(clauses) - 1
            negated, modality, left = False, "", 0
            continue
        cue = "" if is_name else _cue([word for word, _ in tokens[i : i + 2]], own)
        if cue == "prohibition":
            clauses[first] = [replace(word, negated=True, modality="") for word in clauses[first]]
        if cue in ("negation", "prohibition"):
            negated, left = True, SCOPE
        elif cue:
            modality, left = cue, SCOPE
        elif not token.isdigit() and carries_content(token, language):
            clauses[-1].append(Word(stem(token), negated and left > 0, modality if left > 0 else ""))
            left -= 1
    return [word for clause in clauses for word in clause]


def _tokens(sentence: str, own: Vocabulary) -> list[tuple[str, bool]]:
    """Words and marks, folded, each with whether a capital inside the sentence makes it part of a name.

    The band Never Shout Never denies nothing; neither does the No that answers a question.
    """
    written = _TOKEN.findall(unicodedata.normalize("NFKC", sentence))
    if len(written) > 1 and written[0].casefold() in own.answers and not written[1][0].isalnum():
        written = written[1:]
    return [
        (token.casefold(), i > 0 and written[i - 1][0].isalnum() and token.istitle()) for i, token in enumerate(written)
    ]


def _cue(tokens: Sequence[str], own: Vocabulary) -> str:
    """What the first of two words says of the words around it; "not allowed" denies as "forbidden" does."""
    token, pair = tokens[0], " ".join(tokens)
    negation = token in own.negations or token.endswith(("n't", "n’t"))
    if token in own.prohibitions or (negation and tokens[-1] in own.permitted):
        return "prohibition"
    if negation:
        return "negation"
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


def _prefixed(said: Sequence[Word], known: Sequence[Sequence[Word]], language: str) -> str:
    """A word of the answer that the source has with, or without, a beginning that turns it round: unpaid, paid."""
    mine, theirs = {word.stem for word in said}, {word.stem for sentence in known for word in sentence}
    for prefix in vocabulary(language).negative_prefixes:
        for a, b in ((mine, theirs), (theirs, mine)):
            for stem in sorted(a - b):
                base = stem.removeprefix(prefix).removeprefix("-")
                if base != stem and len(base) > 3 and base in b - a:
                    said_word, source_word = (stem, base) if a is mine else (base, stem)
                    return f"says {said_word!r} where the source says {source_word!r}"
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
