"""Noun phrases: which of them name something by themselves, and where one ends inside a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.tokens import Token, tokens

MAX_SUBJECT_WORDS = 14
_QUANTIFIERS = vocab.words("all any each every both")
_VAGUE_OBJECTS = vocab.words("part place role way effect care use sure account precedence sense advantage")
_ATTACHES = vocab.words("with in on at for between about among within during over under")
"""Prepositions whose phrase may belong to the object as well as to the verb: it is left out of the question."""
_TAKES_TO = vocab.words(
    "send write add move connect attach transfer return apply assign save copy convert deliver pass expose "
    "subject limit raise export bind map lead reduce transmit route fix link"
)
_TAKES_FROM = vocab.words(
    "draw receive remove get read take obtain extract derive protect collect import transfer exclude separate "
    "isolate prevent release"
)
_MANNERS = vocab.words(
    "hand mail email e-mail phone telephone fax post number name weight volume default date law vote air sea "
    "letter means machine type size pressing hand turning part reference region agency species time node section "
    "page law rule"
)
_LOOSE_STARTS = vocab.words(
    "not almost just even only simply merely perhaps maybe nearly nothing something anything either neither "
    "another other such unlike"
)
_NO_START = vocab.PRONOUNS | _LOOSE_STARTS | vocab.ADVERBS - vocab.words("both no")
_MAX_REST_WORDS = 9


def specific(phrase: str) -> bool:
    """Whether a noun phrase names something without the text around it."""
    parts = [token for token in tokens(phrase) if token.is_word]
    if not parts or len(parts) > MAX_SUBJECT_WORDS or _is_no_start(parts[0]) or phrase.startswith("("):
        return False
    if parts[-1].low in ("itself", "themselves") or re.search(
        r"\b(?:19|20)\d\d\)| [-–—] |\b(?:similar|same|certain)\b", phrase
    ):
        return False
    if _named(parts):
        return True
    closed = vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.ADVERBS | vocab.CONJUNCTIONS
    content = [part for part in parts if part.low not in closed]
    if not content:
        return False
    head = next((part for part in content if _ends_phrase(parts, part)), content[-1])
    if head.low in vocab.GENERIC_HEADS and " of " not in phrase:
        return head.low not in vocab.NAMELESS_HEADS and len(content) > 1
    return True


def _is_no_start(first: Token) -> bool:
    """Whether a word opens no noun phrase: "i.e. you", "Ordinarily the board"."""
    adverb = first.low.endswith("ly") and classes(first.text) == {"ADV"}
    return first.low in _NO_START or "." in first.text[1:] or adverb


def _named(parts: Sequence[Token]) -> bool:
    return any(
        any(c.isdigit() for c in part.text)
        or part.text[1:] != part.text[1:].lower()
        or (part.text[:1].isupper() and at)
        for at, part in enumerate(parts)
    )


def _ends_phrase(parts: Sequence[Token], token: Token) -> bool:
    at = parts.index(token)
    return at + 1 == len(parts) or parts[at + 1].low in vocab.PREPOSITIONS


def starts_phrase(text: str) -> bool:
    """Whether `text` begins like a noun phrase and not like a pronoun, an adverb or a clause."""
    first = text.split(maxsplit=1)[0].lower() if text else ""
    if not first or first in vocab.PRONOUNS - vocab.words("this that these those such one"):
        return False
    if "," in text and " and " not in text and " or " not in text:
        return False
    return first in vocab.ARTICLES | vocab.NUMBER_WORDS or (
        first not in vocab.ADVERBS | vocab.PREPOSITIONS | vocab.SUBORDINATORS | vocab.CONJUNCTIONS
    )


def names_agent(word: str) -> bool:
    """Whether "by" before this word names who or what acts, and not a manner ("by hand", "by number")."""
    return word.lower() not in _MANNERS and not is_verb(word, "VBG")


def object_of(body: str, verb: str) -> tuple[str, str] | None:
    """(object, what follows it) where the object is a plain noun phrase; None where its end is not certain.

    Args:
        body: what follows the verb.
        verb: its base form, which tells whether "to" or "from" goes with it or with the object.
    """
    parts = tokens(body.removesuffix(" only"))
    if not parts or not _may_start_object(parts[0]):
        return None
    end = _object_end(body, parts)
    thing, rest = body[:end].strip(), body[end:].strip()
    if (
        not thing
        or " same " in f" {thing} "
        or thing.split()[-1].lower() in _VAGUE_OBJECTS | vocab.ARTICLES
        or thing.endswith(",")
    ):
        return None
    preposition = rest.split(" ")[0]
    aimless = verb not in {"to": _TAKES_TO, "from": _TAKES_FROM}.get(preposition, {verb})
    if preposition in _ATTACHES or aimless or thing.endswith(", such") or re.search(r"\w+ing\b", rest):
        thing, rest = thing.removesuffix(", such"), ""
    if rest.startswith("to ") and is_verb([*rest.split(), ""][1], "VB"):
        return None
    if rest and rest.split()[0].lower() not in vocab.PREPOSITIONS - {"by", "than", "like"}:
        return None
    if (
        re.search(r"\b(?:that|which|who|whose|how|what|it|its|their|them|this|these|there)\b", rest)
        or len(rest.split()) > _MAX_REST_WORDS
    ):
        return None
    return thing, rest


def _may_start_object(first: Token) -> bool:
    if first.low in vocab.ARTICLES | vocab.NUMBER_WORDS | _QUANTIFIERS:
        return True
    if first.low in vocab.PRONOUNS | vocab.PREPOSITIONS | vocab.SUBORDINATORS | vocab.ADVERBS | vocab.AUXILIARIES:
        return False
    known = classes(first.text)
    return not known or bool(known & {"NOUN", "ADJ"})


def _object_end(body: str, parts: Sequence[Token]) -> int:
    for at, token in enumerate(parts[1:], 1):
        if token.low in ("that", "which", "who", "whose"):
            return len(body)
        if is_verb(token.text, "VBN") and at + 1 < len(parts) and parts[at + 1].low in vocab.PREPOSITIONS | {"to"}:
            return len(body)
        if token.low in vocab.PREPOSITIONS - {"of", "like"} and parts[at - 1].low not in vocab.PREPOSITIONS:
            return token.start
        if token.low in vocab.ADVERBS - {"no", "not", "both"} or token.low == "to" or token.low in vocab.AUXILIARIES:
            return token.start
        if token.low.endswith("ly") and classes(token.text) == {"ADV"}:
            return token.start
    return len(body)
