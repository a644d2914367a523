"""The main clause of a sentence: subject, verb group and what follows; None wherever two readings are possible.

No tagger: closed word classes, a dictionary of verb forms, and number agreement between subject and verb leave one
reading of most plain sentences. The rest is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import can_be_noun, classes, is_verb, lemma, singular
from doc2data.tasks.rules.english.tokens import Token, tokens

_CODE = re.compile(r"\d|^[A-Z]{2,}$")
_AFTER_VERB = (
    vocab.DETERMINERS
    | vocab.PREPOSITIONS
    | vocab.NUMBER_WORDS
    | vocab.ADVERBS
    | vocab.words("to that how what it them")
)
_COMPARISONS = {("more", "than"), ("less", "than"), ("other", "than"), ("fewer", "than"), ("such", "as")}
_QUOTES = frozenset('"“”')
_MOSTLY_VERBS = vocab.words(
    "measures answers needs works holds covers monitors supports handles manages generates returns displays shows stores "
    "uses makes gives keeps takes helps accepts adds reads writes sends causes carries protects prevents indicates carry hold need cover measure support store use make give keep take add cause protect write "
    "read send prevent indicate require"
)
"""Third-person forms that the dictionary also knows as plural nouns, but that are verbs after a singular noun."""
_RELATIVE = vocab.words("that which who")
_FOCUS = vocab.words(
    "even only just especially particularly except possibly probably mainly partly mostly largely primarily"
)
_TAIL = vocab.words(
    "because when if until unless while whenever once before after since so as whereas although provided"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A finite clause, or an imperative (whose subject is empty)."""

    subject: str
    group: tuple[str, ...]
    """The verb group as written, auxiliaries, adverbs and "not" included; its first word is finite."""
    base: str
    """Base form of the main verb; "be" for a copula."""
    passive: bool
    plural: bool
    body: str
    """What follows the verb inside the clause."""
    tail: str
    """A subordinate or second clause after the body, connector first; else empty."""

    @property
    def imperative(self) -> bool:
        """Whether it tells the reader to do something."""
        return not self.subject

    @property
    def negated(self) -> bool:
        """Whether the verb group holds a negation."""
        return any(word.lower() in ("not", "never", "cannot") for word in self.group)

    @property
    def copula(self) -> bool:
        """Whether the main verb is "be"."""
        return self.base == "be"

    @property
    def modal(self) -> str:
        """The modal that leads the group, "have to" included; else empty."""
        first = self.group[0].lower() if self.group else ""
        if first in vocab.MODALS:
            return first
        return first if first in vocab.HAVE and len(self.group) > 1 and self.group[1].lower() == "to" else ""


def parse(sentence: str) -> Clause | None:
    """The main clause of `sentence`, which begins with its subject or, in an imperative, with its verb."""
    stripped = sentence.rstrip().rstrip(".!。")
    parts = tokens(stripped)
    if len(parts) < 2:
        return None
    return _imperative(stripped, parts) or _declarative(stripped, parts)


def _imperative(text: str, parts: Sequence[Token]) -> Clause | None:
    first, group_end = parts[0].low, 1
    if first in ("do", "never", "always") or (first in vocab.ADVERBS and parts[1].low in vocab.ARTICLES):
        group_end = 2 + (parts[1].low == "not")
        if first in vocab.ADVERBS and first not in ("never", "always"):
            return None
    if len(parts) <= group_end:
        return None
    verb = parts[group_end - 1]
    if not is_verb(verb.text, "VB") or verb.low in vocab.AUXILIARIES | vocab.PREPOSITIONS:
        return None
    following = parts[group_end]
    starts = vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.NUMBER_WORDS
    plain = group_end > 1 or not _noun_or_adjective(verb.text)
    if not (following.low in starts or following.text[0].isdigit() or _CODE.search(following.text) or plain):
        return None
    if "VERB" in classes(following.text) and is_verb(following.text, "VBZ"):
        return None
    if group_end == 1 and not plain and (_later_finite(parts, 0) or _is_subject(parts)):
        return None
    body, tail = _cut(text, parts[group_end:], plural=True)
    group = tuple(token.text for token in parts[:group_end])
    return Clause("", group, verb.low, passive=False, plural=False, body=body, tail=tail)


def _is_subject(parts: Sequence[Token]) -> bool:
    """Whether the first words are rather a subject: "Relay K3 starts a ...", "Water enters the ..."."""
    for at in range(1, min(7, len(parts) - 1)):
        before, following = parts[at - 1], parts[at + 1].low
        if is_verb(parts[at].text, "VBZ") and _may_end_subject(before):
            if following in vocab.DETERMINERS or (_CODE.search(before.text) and following in _AFTER_VERB):
                return True
    return False


def _declarative(text: str, parts: Sequence[Token]) -> Clause | None:
    at = _finite(parts)
    if at is None or parts[0].low in vocab.PREPOSITIONS | vocab.CONJUNCTIONS:
        return None
    if is_verb(parts[0].text, "VBZ") and (at == 1 or parts[1].low in vocab.DETERMINERS | vocab.PREPOSITIONS):
        return None
    if parts[at].low in vocab.DO and (at + 1 == len(parts) or parts[at + 1].low not in ("not", "never")):
        return None
    last = at
    while last > 1 and parts[last - 1].low in vocab.ADVERBS:
        last -= 1
    subject = text[: parts[last - 1].end].strip()
    plural = is_plural(subject)
    if not _agrees(parts[at].low, plural, subject):
        return None
    return _with_group(text, parts, at, subject, plural)


def _with_group(text: str, parts: Sequence[Token], at: int, subject: str, plural: bool) -> Clause | None:
    end, base, passive = _group(parts, at)
    if not base:
        return None
    body, tail = _cut(text, parts[end:], plural)
    group = tuple(token.text for token in parts[at:end])
    return Clause(subject, group, base, passive, plural, body, tail)


def _finite(parts: Sequence[Token]) -> int | None:
    """Index of the finite verb of the first clause, or None where it is not certain."""
    depth, quoted, relative = 0, False, False
    for at, token in enumerate(parts):
        quoted ^= token.text in _QUOTES
        depth += (token.text == "(") - (token.text == ")")
        if depth or quoted or token.text == ")" or token.text in _QUOTES:
            continue
        if token.text == "," and _is_list(parts, at):
            continue
        if at > 1 and token.low in _RELATIVE and not relative and parts[at - 1].text != ",":
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
            return True
        if token.low in vocab.ADVERBS | vocab.PREPOSITIONS:
            return False
        nominal = token.text == "," or not classes(token.text) or classes(token.text) & {"NOUN", "ADJ"}
        if token.low in vocab.AUXILIARIES | vocab.SUBORDINATORS or not (nominal or token.low in vocab.DETERMINERS):
            return False
    return False


def _is_comparison(parts: Sequence[Token], at: int) -> bool:
    """ "more than 10", "such as E-07": no clause begins here."""
    return at > 0 and (parts[at - 1].low, parts[at].low) in _COMPARISONS


def _is_lexical(parts: Sequence[Token], at: int) -> bool:
    token, before = parts[at], parts[at - 1]
    if before.low in vocab.ADVERBS and at > 1:
        before = parts[at - 2]
    if not _may_end_subject(before):
        return False
    tag = "VBZ" if is_verb(token.text, "VBZ") else "VB" if is_verb(token.text, "VB") else ""
    if not tag:
        return False
    if at + 1 >= len(parts):
        return tag == "VBZ" and at > 1 and not is_plural(" ".join(part.text for part in parts[:at]))
    subject = " ".join(part.text for part in parts[:at])
    if (tag == "VBZ") == is_plural(subject):
        return False
    if not _noun_or_adjective(token.text):
        return True
    following = parts[at + 1]
    led = following.low in _AFTER_VERB - {"of"} or following.text[0].isdigit() or classes(following.text) == {"ADV"}
    if token.low in _MOSTLY_VERBS:
        led = led or (following.is_word and bool(classes(following.text) & {"NOUN", "ADJ"}))
    return led and not _later_finite(parts, at)


def _may_end_subject(token: Token) -> bool:
    if token.text == ")":
        return True
    if token.low in vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.CONJUNCTIONS | vocab.AUXILIARIES | {"to"}:
        return False
    return token.is_word and can_be_noun(token.text)


def _noun_or_adjective(word: str) -> bool:
    return bool(classes(word) & {"NOUN", "ADJ"})


def _later_finite(parts: Sequence[Token], at: int) -> bool:
    """Whether another finite verb stands in the same clause after `at`."""
    for token in parts[at + 1 :]:
        if token.low in vocab.SUBORDINATORS or token.text in ",;:" or token.low in vocab.CONJUNCTIONS:
            return False
        if token.low in vocab.AUXILIARIES:
            return True
        if (is_verb(token.text, "VBZ") or is_verb(token.text, "VB")) and not _noun_or_adjective(token.text):
            return True
    return False


def _agrees(verb: str, plural: bool, subject: str) -> bool:
    if verb in ("is", "was", "has", "does"):
        return not plural or subject.lower().startswith(("data ", "staff "))
    if verb in ("are", "were", "have", "do"):
        return plural
    return True


def _group(parts: Sequence[Token], at: int) -> tuple[int, str, bool]:
    """(index after the verb group, base form of the main verb or "", whether it is passive)."""
    first = parts[at].low
    if first not in vocab.AUXILIARIES:
        return at + 1, lemma(first, "VBZ") or lemma(first, "VB"), False
    end, last = at + 1, first
    while end < len(parts):
        word = parts[end].low
        if word in ("be", "been", "being", "have") or (word == "to" and last in ("has", "have", "had")):
            last = word
        elif word not in vocab.ADVERBS and not _is_ly(word):
            break
        end += 1
    return _main_verb(parts, at, end, last)


def _main_verb(parts: Sequence[Token], at: int, end: int, last: str) -> tuple[int, str, bool]:
    word = parts[end].text if end < len(parts) else ""
    if last in vocab.BE:
        if word and is_verb(word, "VBN") and not (word.lower().endswith("ing")):
            return end + 1, lemma(word, "VBN"), True
        if word and is_verb(word, "VBG") and "ADJ" not in classes(word):
            return end, "", False  # "is creating": progressive, or a gerund that says what the subject is
        return _without_adverbs(parts, at, end), "be", False
    if last in vocab.HAVE:
        if word and is_verb(word, "VBN") and parts[end - 1].low != "to":
            return end + 1, lemma(word, "VBN"), False
        return (at + 1, "have", False) if end == at + 1 and last in ("has", "have") else (end, "", False)
    if word and is_verb(word, "VB"):
        return end + 1, lemma(word, "VB"), False
    return end, "", False


def _without_adverbs(parts: Sequence[Token], at: int, end: int) -> int:
    """A copula keeps "not" and "never" in its group; other adverbs belong to what follows."""
    while end - 1 > at and parts[end - 1].low not in ("not", "never", "be", "been", "also", "always"):
        end -= 1
    return end


def _is_ly(word: str) -> bool:
    return word.endswith("ly") and "ADV" in classes(word)


def _cut(text: str, rest: Sequence[Token], plural: bool) -> tuple[str, str]:
    """What follows the verb, parted before a subordinate clause, a second clause or a second predicate."""
    depth = 0
    for at, token in enumerate(rest):
        depth += (token.text in "([") - (token.text in ")]")
        if depth or not _starts_tail(rest, at, plural):
            continue
        joins = at > 1 and rest[at - 1].low in vocab.CONJUNCTIONS | _FOCUS
        end = rest[at - 1 if joins else at].start
        return text[rest[0].start : end].strip().rstrip(",").strip(), text[end:].strip(" ,")
    return (text[rest[0].start :].strip(), "") if rest else ("", "")


def _starts_tail(rest: Sequence[Token], at: int, plural: bool) -> bool:
    token = rest[at]
    following = rest[at + 1] if at + 1 < len(rest) else None
    if token.text in ";:—–" and token.text != "–":
        return True
    if following is None:
        return False
    if token.text == ",":
        return (
            following.low in vocab.SUBORDINATORS
            or is_verb(following.text, "VBG")
            or _second_predicate(rest, at, plural)
            or (following.low in vocab.CONJUNCTIONS and _second_predicate(rest, at + 1, plural))
        )
    if token.low in ("before", "after", "since", "as", "so", "once", "provided"):
        return token.low != "as" and (opens_clause(rest[at + 1 :]) or following.low == "that")
    if token.low in _TAIL:
        return True
    if token.low in ("and", "or", "but"):
        return _second_predicate(rest, at, plural)
    return False


def _second_predicate(rest: Sequence[Token], at: int, plural: bool) -> bool:
    if at + 1 >= len(rest):
        return False
    following = rest[at + 1]
    if following.low in vocab.AUXILIARIES:
        return True
    after = rest[at + 2].low if at + 2 < len(rest) else ""
    led = after in _AFTER_VERB or after[:1].isdigit()
    if is_verb(following.text, "VB" if plural else "VBZ") and (not _noun_or_adjective(following.text) or led):
        return True
    own = following.low in vocab.DETERMINERS | vocab.PRONOUNS or following.text[0].isupper()
    return (own or rest[at - 1].text == "," or rest[at].text == ",") and opens_clause(rest[at + 1 :])


def opens_clause(rest: Sequence[Token]) -> bool:
    """Whether a subject and a finite verb come before any comma."""
    if rest and rest[0].low in ("you", "it", "they", "we", "he", "she"):
        return True
    return _finite(rest) is not None


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase takes a plural verb, by its head or because it joins two things with "and"."""
    parts = [token for token in tokens(re.sub(r"\([^)]*\)", "", phrase)) if token.is_word or token.text == ","]
    head_end = next(
        (
            at
            for at, token in enumerate(parts)
            if at and (token.low in vocab.PREPOSITIONS | _RELATIVE or _is_reduced(parts, at))
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
    if not low.endswith("s") or low.endswith(("ss", "us", "is")) or low in vocab.SINGULAR_IN_S or _CODE.search(word):
        return bool(re.fullmatch(r"[A-Z]{2,}s", word))
    return singular(low) != low or not classes(low)
