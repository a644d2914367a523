"""How much a question tells by itself: which of its words pick something out, and which lean on a text beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.clues import entities
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause
from doc2data.tasks.rules.english.lexicon import can_be_noun, classes
from doc2data.tasks.rules.english.tokens import Token, tokens

_FUNCTION = vocab.words(
    "what how who whom where when why which much many often long should you do must done happens mean cause causes"
)
_CLOSED = (
    vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.AUXILIARIES | vocab.BE | vocab.PRONOUNS | vocab.ADVERBS | _FUNCTION
    | vocab.SUBORDINATORS | vocab.CONJUNCTIONS
)  # fmt: skip
_EMPTY = vocab.words(
    "appropriate necessary proper suitable relevant required additional certain various several different action "
    "actions step steps measure measures care following thing things way ways other respective applicable"
)
"""Words that fill a place and pick nothing out."""
_COMPLETED = vocab.words("of for to that which who whose in on by from with between at")
"""Words behind a noun that go on to say which one is meant."""
_PLAIN_VERBS = vocab.words("take make give get become begin occur happen")
"""Verbs that are hardly ever the second half of a name: "does the cancellation take place"."""


def telling(text: str) -> list[str]:
    """The words that pick something out, each name once; a bare "the log" does not say which log."""
    parts = [token for token in tokens(text) if token.is_word]
    bare = set(_bare(parts))
    names = entities.find(text)
    inside = {token.low for name in names for token in tokens(name)}
    own = [
        token.low
        for at, token in enumerate(parts)
        if token.low not in _CLOSED | _EMPTY and at not in bare and token.low not in inside
    ]
    return [*names, *own]


def _bare(parts: Sequence[Token]) -> Iterator[int]:
    """Indices of plain nouns that only "the" stands before and nothing behind goes on to tell."""
    for at in range(1, len(parts)):
        word, following = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if parts[at - 1].low != "the" or not word.text.islower() or not can_be_noun(word.text):
            continue
        completed = following is not None and following.low in _COMPLETED
        longer = following is not None and following.low not in _CLOSED | _PLAIN_VERBS and can_be_noun(following.text)
        if not completed and not longer:
            yield at


def adds(clause: Clause) -> bool:
    """Whether a clause tells one thing more beside others, so that it answers only in part: "it also accepts"."""
    near = (*clause.adverbs, *clause.group, *clause.body.split()[:1])
    return any(word.lower() == "also" for word in near) or clause.body.endswith((" as well", " too"))


def is_vague(phrase: str) -> bool:
    """Whether a phrase fills its place and tells nothing: "appropriate action"."""
    words = [token for token in tokens(phrase) if token.is_word and token.low not in _CLOSED]
    return not any(word.low not in _EMPTY for word in words)


def is_broad(subject: str) -> bool:
    """Whether a subject does so much that one thing which it does is not told by the verb: an office, a law, a person.

    That is a proper name without a common noun of its own, or somebody by profession.
    """
    words = [token for token in tokens(subject) if token.is_word and token.low not in vocab.DETERMINERS]
    if not words or any(any(c.isdigit() for c in word.text) for word in words):
        return False
    named = all(word.text[:1].isupper() or word.low in vocab.PREPOSITIONS | vocab.CONJUNCTIONS for word in words)
    return (named and not is_code(subject)) or words[-1].low in vocab.PEOPLE or not any(map(_says, words))


def is_code(subject: str) -> bool:
    """Whether a subject is a code or an identifier."""
    return bool(entities.codes(subject)) or bool(re.search(r"[_\[\]\"“]|--|\w\.\w|[a-z][A-Z]", subject))


def _says(word: Token) -> bool:
    return word.low not in vocab.GENERIC_HEADS | _EMPTY | _CLOSED and (not classes(word.text) or can_be_noun(word.text))
