"""Negation and modality, each at the words that it governs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from doc2data.checks.vocabulary import Vocabulary, vocabulary
from doc2data.checks.words import carries_content, stemmer

_DENIED = {"obligation": "forbids", "recommendation": "advises against", "permission": "forbids"}
SCOPE = 3
"""Content words behind a cue that it governs."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|[,;:.!?()|]")


@dataclass(frozen=True, slots=True)
class Word:
    """One content word with what is said of it."""

    stem: str
    negated: bool
    modality: str
    """obligation, recommendation, permission, or empty."""
    supposed: bool
    """Whether it stands in a clause that only supposes."""
    written: str
    averted: bool = False
    """Whether something keeps it from happening, as in `avoid damage`."""


def changed_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """How cues of an answer sentence and of the source sentences that it retells differ; empty where they agree."""
    return _changed_cue(said, known) or _dropped_cue(said, known)


def _changed_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation or modality in the answer that its source has at none of the same words."""
    for group in _groups(said):
        if pair := _clash(group, [word for sentence in known for word in sentence]):
            return f"{_told(pair[0])} {pair[0].written!r} where the source {_told(pair[1])} it"
    return ""


def _dropped_cue(said: Sequence[Word], known: Sequence[Sequence[Word]]) -> str:
    """A negation in the source that the answer leaves out though it repeats what is negated.

    That is the word right behind the negation, or most of those that it governs, and outside of a mere supposition.
    """
    stated = {word.stem: word for word in said}
    everything = [word for sentence in known for word in sentence]
    for sentence in known:
        for group in _groups([word for word in sentence if word.negated]):
            repeated = [word for word in group if word.stem in stated]
            if group[0] not in repeated and 2 * len(repeated) <= len(group):
                continue
            pair = _clash([word for word in repeated if stated[word.stem].supposed <= word.supposed], said)
            if pair and not any(_agree(pair[1], other) for other in everything if other.stem == pair[1].stem):
                return f"leaves out the negation of {pair[0].written!r}"
    return ""


def _clash(group: Sequence[Word], others: Sequence[Word]) -> tuple[Word, Word] | None:
    """The first word of a group with its like among others, where nowhere both stand under the same cue."""
    pairs = [(word, other) for word in group for other in others if other.stem == word.stem]
    return pairs[0] if pairs and not any(_agree(word, other) for word, other in pairs) else None


def _agree(a: Word, b: Word) -> bool:
    if a.negated != b.negated and not a.averted and not b.averted:
        return False
    return not a.modality or not b.modality or a.modality == b.modality


def _told(word: Word) -> str:
    """What a sentence does with a word: denies, demands, permits it, or states it as it is."""
    if word.negated:
        return _DENIED.get(word.modality, "denies")
    return {"obligation": "demands", "recommendation": "recommends", "permission": "permits"}.get(
        word.modality, "states"
    )


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


def read(sentence: str, language: str) -> list[Word]:
    """Content words with the cues whose scope they are in; a scope ends at punctuation and where a clause begins."""
    own, stem = vocabulary(language), stemmer(language)
    clauses: list[list[Word]] = [[]]
    first = 0
    negated, modality, left, supposed, averted = False, "", 0, False, 0
    tokens = tokens_of(sentence, own)
    for i, (token, is_name) in enumerate(tokens):
        if not token[0].isalnum() or token in own.clause_starts:
            clauses.append([])
            first = first if token[0].isalnum() else len(clauses) - 1
            negated, modality, left, supposed, averted = False, "", 0, token in own.supposing, 0
            continue
        cue = "" if is_name else cue_of([word for word, _ in tokens[i : i + 2]], own)
        if cue == "prohibition":
            clauses[first] = [replace(word, negated=True, modality="") for word in clauses[first]]
        if cue in ("negation", "prohibition"):
            negated, left = True, SCOPE
        elif cue:
            # A modal that a negation does not stand before opens a predicate of its own.
            negated = negated and left == SCOPE
            modality, left = cue, SCOPE
        elif not token.isdigit() and carries_content(token, language):
            governed = left > 0
            cue = modality if governed else ""
            clauses[-1].append(Word(stem(token), negated and governed, cue, supposed, token, averted > 0))
            left -= 1
            averted = SCOPE if token in own.averting else averted - 1
    return [word for clause in clauses for word in clause]


def tokens_of(sentence: str, own: Vocabulary) -> list[tuple[str, bool]]:
    """Words and marks, folded, each with whether a capital inside the sentence makes it part of a name.

    The band Never Shout Never denies nothing; neither does the No that answers a question.
    """
    written = _TOKEN.findall(unicodedata.normalize("NFKC", sentence))
    if len(written) > 1 and written[0].casefold() in own.answers and not written[1][0].isalnum():
        written = written[1:]
    return [
        (token.casefold(), i > 0 and written[i - 1][0].isalnum() and token.istitle()) for i, token in enumerate(written)
    ]


def cue_of(tokens: Sequence[str], own: Vocabulary) -> str:
    """What the first of two words says of the words around it; "not allowed" denies as "forbidden" does."""
    token, pair = tokens[0], " ".join(tokens)
    negation = token in own.negations or pair in own.negations or token.endswith(("n't", "n’t"))
    if token in own.prohibitions or (negation and tokens[-1] in own.permitted):
        return "prohibition"
    if negation:
        return "negation"
    return next((name for name, cues in own.modality.items() if token in cues or pair in cues), "")
