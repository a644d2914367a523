"""Which word of a clause is its finite verb: by closed classes, forms and agreement; none where it is not certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.agreement import is_plural
from doc2data.tasks.rules.english.lexicon import can_be_noun, classes, is_verb
from doc2data.tasks.rules.english.tokens import Token

CODE = re.compile(r"\d|^[A-Z]{2,}$")
AFTER_VERB = (
    vocab.DETERMINERS
    | vocab.PREPOSITIONS
    | vocab.NUMBER_WORDS
    | vocab.ADVERBS
    | vocab.words("to that how what it them nothing")
)
"""Words that show that what stands before them is rather a verb than a noun."""
_COMPARISONS = {("more", "than"), ("less", "than"), ("other", "than"), ("fewer", "than"), ("such", "as")}
_SUBJECT_WORDS = 12
_QUOTES = frozenset('"“”')
_MOSTLY_VERBS = vocab.words(
    "measures answers needs works holds covers monitors supports handles manages generates returns displays shows "
    "stores uses makes gives keeps takes helps accepts adds reads writes sends causes carries protects prevents "
    "indicates carry hold need cover measure support store use make give keep take add cause protect write read "
    "send prevent indicate require"
)
"""Forms that the dictionary also knows as nouns, but that are verbs after a noun of the right number."""


def finite(parts: Sequence[Token]) -> int | None:
    """Index of the finite verb of the first clause, or None where it is not certain."""
    depth, quoted, relative = 0, False, False
    for at, token in enumerate(parts):
        quoted ^= token.text in _QUOTES
        depth += (token.text == "(") - (token.text == ")")
        if depth or quoted or token.text == ")" or token.text in _QUOTES:
            continue
        if token.text == "," and _is_list(parts, at):
            continue
        if at > 1 and token.low in vocab.RELATIVES and not relative and parts[at - 1].text != ",":
            relative = True
            continue
        if (token.low in vocab.SUBORDINATORS and not _is_comparison(parts, at)) or token.text in ",;:–—?":
            return None
        if at and (token.low in vocab.AUXILIARIES or _is_lexical(parts, at)):
            if not relative:
                return at if parts[at - 1].low not in vocab.CONJUNCTIONS else None
            relative = False
    return None


def _is_list(parts: Sequence[Token], comma: int) -> bool:
    """Whether a comma parts the members of "A, B and C" and not a phrase or a clause."""
    for token in parts[comma + 1 : comma + 8]:
        if token.low in ("and", "or"):
            following = parts[parts.index(token) + 1 :][:1]
            return bool(following) and following[0].low not in vocab.PRONOUNS
        if token.low in vocab.ADVERBS | vocab.PREPOSITIONS:
            return False
        nominal = token.text == "," or not classes(token.text) or classes(token.text) & {"NOUN", "ADJ"}
        if token.low in vocab.AUXILIARIES | vocab.SUBORDINATORS or not (nominal or token.low in vocab.DETERMINERS):
            return False
    return False


def _is_comparison(parts: Sequence[Token], at: int) -> bool:
    """Whether no clause begins here: "more than 10", "such as E-07"."""
    return at > 0 and (parts[at - 1].low, parts[at].low) in _COMPARISONS


def _is_lexical(parts: Sequence[Token], at: int) -> bool:
    """Whether a form of a full verb stands here, of the number of what is before it."""
    token, end = parts[at], at
    while end > 1 and parts[end - 1].low in vocab.ADVERBS:
        end -= 1
    before = parts[end - 1]
    tag = next((tag for tag in ("VBZ", "VB", "VBD") if is_verb(token.text, tag)), "")
    if not tag or not _may_end_subject(before):
        return False
    if tag == "VBD":
        return at + 1 < len(parts) and _takes_object(parts[at + 1]) and not later_finite(parts, at)
    if (tag == "VBZ") == is_plural(" ".join(part.text for part in parts[:end])):
        return False
    if at + 1 == len(parts):
        return tag == "VBZ" and at > 1
    return not noun_or_adjective(token.text) or _rather_verb(parts, at)


def _rather_verb(parts: Sequence[Token], at: int) -> bool:
    """Whether what follows a form that may be a noun as well shows that it is a verb."""
    token = parts[at]
    following = parts[at + 1]
    led = following.low in AFTER_VERB - {"of"} or following.text[0].isdigit() or classes(following.text) == {"ADV"}
    if token.low in _MOSTLY_VERBS:
        nominal = classes(following.text) or {"NOUN"}
        led = led or (following.is_word and bool(nominal & {"NOUN", "ADJ"}))
    return led and not later_finite(parts, at)


def _takes_object(following: Token) -> bool:
    """Whether a past form is followed as a full verb is, and not as a participle ("values measured by")."""
    return following.low in vocab.DETERMINERS | vocab.NUMBER_WORDS | {"to", "that", "it", "them"} or (
        following.text[0].isdigit()
    )


def _may_end_subject(token: Token) -> bool:
    if token.text == ")":
        return True
    if token.low in vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.CONJUNCTIONS | vocab.AUXILIARIES | {"to"}:
        return False
    return token.is_word and (can_be_noun(token.text) or is_verb(token.text, "VBG"))


def noun_or_adjective(word: str) -> bool:
    """Whether the dictionary knows the word as a noun or an adjective too."""
    return bool(classes(word) & {"NOUN", "ADJ"})


def later_finite(parts: Sequence[Token], at: int) -> bool:
    """Whether another finite verb stands in the same clause after `at`."""
    for before, token in pairwise(parts[at:]):
        if token.text in ",;:" or token.low in vocab.SUBORDINATORS | vocab.CONJUNCTIONS | {"before", "after"}:
            return False
        if token.low in vocab.AUXILIARIES:
            return True
        base = is_verb(token.text, "VB") and before.low != "to"
        if (base or is_verb(token.text, "VBZ")) and not noun_or_adjective(token.text):
            return True
    return False


def starts_with_subject(parts: Sequence[Token]) -> bool:
    """Whether the first words are rather a subject: "Relay K3 starts a ...", "Water enters the ..."."""
    for at in range(1, min(_SUBJECT_WORDS, len(parts) - 1)):
        before, following = parts[at - 1], parts[at + 1].low
        led = following in vocab.DETERMINERS or (CODE.search(before.text) and following in AFTER_VERB)
        if led and is_verb(parts[at].text, "VBZ") and _may_end_subject(before):
            return True
    return False


def opens_clause(rest: Sequence[Token]) -> bool:
    """Whether a subject and a finite verb come before any comma."""
    if rest and rest[0].low in ("you", "it", "they", "we", "he", "she"):
        return True
    return finite(rest) is not None
