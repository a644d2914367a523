"""Number: whether a noun phrase takes a plural verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import can_be_noun, classes, is_verb, singular
from doc2data.tasks.rules.english.tokens import Token, tokens


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase takes a plural verb, by its head or because it joins two things with "and"."""
    parts = [token for token in tokens(re.sub(r"\([^)]*\)", "", phrase)) if token.is_word or token.text == ","]
    head_end = next(
        (
            at
            for at, token in enumerate(parts)
            if at and (token.low in vocab.PREPOSITIONS | vocab.RELATIVES or _is_reduced(parts, at))
        ),
        len(parts),
    )
    nucleus = parts[:head_end]
    if not nucleus:
        return False
    if any(token.low == "and" for token in nucleus):
        return True
    if nucleus[0].low in ("each", "every", "a", "an", "one", "this", "that", "another", "either", "neither"):
        return False
    if nucleus[0].low in ("these", "those", "both", "many", "several", "few"):
        return True
    while len(nucleus) > 1 and nucleus[-1].text.isdigit():
        nucleus = nucleus[:-1]
    return _plural_noun(nucleus[-1].text)


def _is_reduced(parts: Sequence[Token], at: int) -> bool:
    """A participle that starts a reduced relative clause: "values | measured by the sensor"."""
    word = parts[at].text
    participle = is_verb(word, "VBN") or is_verb(word, "VBG")
    following = parts[at + 1].low if at + 1 < len(parts) else ""
    return participle and can_be_noun(parts[at - 1].text) and following in vocab.PREPOSITIONS | vocab.ARTICLES


def _plural_noun(word: str) -> bool:
    low = word.lower()
    if low in vocab.PLURAL_NOT_IN_S:
        return True
    if (
        not low.endswith("s")
        or low.endswith(("ss", "us", "is"))
        or low in vocab.SINGULAR_IN_S
        or re.search(r"\d|^[A-Z]{2,}$", word)
    ):
        return bool(re.fullmatch(r"[A-Z]{2,}s", word))
    return singular(low) != low or not classes(low)
