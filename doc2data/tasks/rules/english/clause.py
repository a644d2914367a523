"""The main clause of a sentence: subject, verb group and what follows; None wherever two readings are possible.

No tagger: closed word classes, a dictionary of verb forms, and number agreement between subject and verb leave one
reading of most plain sentences. The rest is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.agreement import is_plural
from doc2data.tasks.rules.english.finite import (
    AFTER_VERB,
    CODE,
    finite,
    later_finite,
    noun_or_adjective,
    opens_clause,
    starts_with_subject,
)
from doc2data.tasks.rules.english.lexicon import can_be_noun, classes, is_verb, lemma
from doc2data.tasks.rules.english.tokens import Token, tokens

__all__ = ["Clause", "is_plural", "opens_clause", "parse"]

_FOCUS = vocab.words(
    "even only just especially particularly except possibly probably mainly partly mostly largely primarily "
    "usually typically often normally generally"
)
_TAIL = vocab.words(
    "because when if until unless while whenever once before after since so as whereas although provided"
)


_NEGATED = re.compile(
    r"\b(is|are|was|were|do|does|did|has|have|had|could|should|would|must|need)n['’]t\b", re.IGNORECASE
)
_NOMINATIVE = vocab.words("you he she we they i it")
_ITS = re.compile(r"\b(it|that|there)['’]s\b", re.IGNORECASE)
_CANT = re.compile(r"\b(c)an['’]t\b", re.IGNORECASE)
_WONT = re.compile(r"\b(w)on['’]t\b", re.IGNORECASE)
_NEVER_TOLD = vocab.words("need want seem lack deserve belong even further still well like near own like")
"""Verbs of which there is no command, and words that are seldom verbs: a note without a subject begins so."""
_BEFORE_ARTICLES = vocab.words("both all half such what quite rather")
_COMMANDS = vocab.words(
    "use make keep give take let put try get find see help think write read show ensure verify confirm"
)
"""Words that open a command more often than they name something."""
_NO_NOUNS = (
    vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.SUBORDINATORS | vocab.CONJUNCTIONS | vocab.PRONOUNS | vocab.BE
    | vocab.MODALS | vocab.ADVERBS
)  # fmt: skip
_ASSURES = vocab.words("ensure verify check confirm make see note assume")
"""What is told to be so may follow these without "that": "verify connections are tight"."""


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
    adverbs: tuple[str, ...] = ()
    """Between subject and verb: "never", "also"."""

    @property
    def imperative(self) -> bool:
        """Whether it tells the reader to do something."""
        return not self.subject

    @property
    def negated(self) -> bool:
        """Whether the verb group holds a negation."""
        return any(word.lower() in ("not", "never", "cannot") for word in (*self.adverbs, *self.group))

    @property
    def copula(self) -> bool:
        """Whether the main verb is "be"."""
        return self.base == "be"

    @property
    def do(self) -> str:
        """The form of "do" that asks about a full verb: did, do or does."""
        past = is_verb(self.group[0], "VBD") and not is_verb(self.group[0], "VB")
        return "did" if past else "do" if self.plural else "does"

    @property
    def modal(self) -> str:
        """The modal that leads the group, "have to" included; else empty."""
        first = self.group[0].lower() if self.group else ""
        if first in vocab.MODALS:
            return first
        return first if first in vocab.HAVE and len(self.group) > 1 and self.group[1].lower() == "to" else ""


def parse(sentence: str) -> Clause | None:
    """The main clause of `sentence`, which begins with its subject or, in an imperative, with its verb."""
    stripped = _spelled(sentence.rstrip().rstrip(".!。"))
    parts = tokens(stripped)
    if len(parts) < 2:
        return None
    return _imperative(stripped, parts) or _declarative(stripped, parts)


def _spelled(text: str) -> str:
    """Contractions in full: "don't" is "do not", "it's" is "it is"."""
    text = _ITS.sub(r"\1 is", text)
    plain = _WONT.sub(lambda match: f"{match[1]}ill not", _CANT.sub(r"\1annot", text))
    return _NEGATED.sub(r"\1 not", plain)


def _imperative(text: str, parts: Sequence[Token]) -> Clause | None:
    end = _imperative_end(parts)
    if not end or not _is_told(parts, end):
        return None
    body, tail = _cut(text, parts[end:], plural=True)
    group = tuple(token.text for token in parts[:end])
    return Clause("", group, parts[end - 1].low, passive=False, plural=False, body=body, tail=tail)


def _imperative_end(parts: Sequence[Token]) -> int:
    """Where the verb group of an imperative would end; 0 where there is no base form to begin with."""
    end = 1
    if parts[0].low in ("do", "never", "always"):
        end = 2 + (parts[1].low == "not")
    if len(parts) <= end or not is_verb(parts[end - 1].text, "VB") or parts[end - 1].low in _NEVER_TOLD:
        return 0
    return end if parts[end - 1].low not in vocab.AUXILIARIES | vocab.PREPOSITIONS else 0


def _is_told(parts: Sequence[Token], end: int) -> bool:
    """Whether what follows the base form fits an imperative and not a subject ("Water enters the cell")."""
    following = parts[end]
    if is_verb(following.text, "VBZ"):
        return False
    if end > 1:
        return True
    if following.text[0].isupper() and starts_with_subject(parts):
        return False  # "Google Play sends": a name that looks like a verb
    if not noun_or_adjective(parts[0].text):
        return parts[0].low in _ASSURES or not _heads_subject(parts)
    starts = vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.NUMBER_WORDS | {"it", "them"}
    if not (following.low in starts or CODE.search(following.text) or classes(following.text) == {"ADV"}):
        return False
    return not later_finite(parts, 0) and not starts_with_subject(parts)


def _heads_subject(parts: Sequence[Token]) -> bool:
    """Whether nothing but nouns stands between the first word and a finite verb: "Debug level messages are used"."""
    at = 1
    while at < len(parts) and parts[at].low not in _NO_NOUNS and can_be_noun(parts[at].text):
        at += 1
    return 1 < at < len(parts) and parts[at].low in vocab.BE | vocab.MODALS


def _declarative(text: str, parts: Sequence[Token]) -> Clause | None:
    at = finite(parts)
    if at is None or _is_no_subject(parts, at) or _is_emphatic(parts, at):
        return None
    if parts[0].low in _COMMANDS and at > 1 and parts[1].low not in vocab.PREPOSITIONS:
        return None  # "Use language your audience knows"
    last = at
    while last > 1 and parts[last - 1].low in vocab.ADVERBS:
        last -= 1
    subject = text[: parts[last - 1].end].strip()
    if last > 1 and parts[last - 1].low in _NOMINATIVE:
        return None  # "the amount you can claim": the verb of a relative clause
    plural = is_plural(subject)
    if not _agrees(parts[at].low, plural, subject):
        return None
    adverbs = tuple(part.text for part in parts[last:at])
    return _with_group(text, parts, at, subject, plural, adverbs)


def _is_no_subject(parts: Sequence[Token], at: int) -> bool:
    """Whether the sentence opens like a phrase or a headless predicate: "After the test", "Opens the valve"."""
    if parts[1].low in vocab.DETERMINERS - {"that", "no"} and parts[0].low not in _BEFORE_ARTICLES:
        return True  # "Annualize your receipts": a verb that the dictionary does not know
    opener = parts[1].low in vocab.DETERMINERS or (
        parts[1].low in vocab.PREPOSITIONS and not can_be_noun(parts[0].text)
    )
    headless = is_verb(parts[0].text, "VBZ") and (at == 1 or opener)
    return headless or parts[0].low in vocab.PREPOSITIONS | vocab.CONJUNCTIONS


def _is_emphatic(parts: Sequence[Token], at: int) -> bool:
    """Whether "do" stands without "not": "tools do exist"."""
    return parts[at].low in vocab.DO and (at + 1 == len(parts) or parts[at + 1].low not in ("not", "never"))


def _with_group(
    text: str, parts: Sequence[Token], at: int, subject: str, plural: bool, adverbs: tuple[str, ...]
) -> Clause | None:
    end, base, passive = _group(parts, at)
    if not base:
        return None
    bare = plural or parts[at].low in vocab.MODALS
    body, tail = _cut(text, parts[end:], bare)
    group = tuple(token.text for token in parts[at:end])
    return Clause(subject, group, base, passive, plural, body, tail, adverbs)


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
        return at + 1, lemma(first, "VBZ") or lemma(first, "VB") or lemma(first, "VBD"), False
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
        return _after_be(parts, at, end, word)
    if last in vocab.HAVE:
        if is_verb(word, "VBN") and parts[end - 1].low != "to":
            return end + 1, lemma(word, "VBN"), False
        return (at + 1, "have", False) if end == at + 1 and last in ("has", "have") else (end, "", False)
    return (end + 1, lemma(word, "VB"), False) if is_verb(word, "VB") else (end, "", False)


def _after_be(parts: Sequence[Token], at: int, end: int, word: str) -> tuple[int, str, bool]:
    if is_verb(word, "VBN") and not word.lower().endswith("ing"):
        return end + 1, lemma(word, "VBN"), True
    if is_verb(word, "VBG") and "ADJ" not in classes(word):
        return end, "", False  # "is creating": progressive, or a gerund that says what the subject is
    return _without_adverbs(parts, at, end), "be", False


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
    if token.text in ";:—" or at + 1 == len(rest):
        return token.text in ";:—"
    if token.text == ",":
        return _comma_parts(rest, at, plural)
    if token.low in vocab.CONJUNCTIONS:
        return _second_predicate(rest, at, plural)
    if token.low in ("before", "after", "since", "so", "once", "provided"):
        return opens_clause(rest[at + 1 :]) or rest[at + 1].low == "that"
    return token.low in _TAIL - {"as"}


def _comma_parts(rest: Sequence[Token], at: int, plural: bool) -> bool:
    """Whether a comma ends the clause: a subordinate clause, a participle or a second predicate follows."""
    following = rest[at + 1]
    if following.low in vocab.SUBORDINATORS or is_verb(following.text, "VBG") or _second_predicate(rest, at, plural):
        return True
    return following.low in vocab.CONJUNCTIONS and _second_predicate(rest, at + 1, plural)


def _second_predicate(rest: Sequence[Token], at: int, plural: bool) -> bool:
    if at + 1 >= len(rest):
        return False
    following = rest[at + 1]
    if following.low in vocab.AUXILIARIES:
        return True
    if following.low in vocab.NAMELESS_HEADS:
        return False  # "the name and last four digits": rather an adjective
    after = rest[at + 2].low if at + 2 < len(rest) else ""
    led = after in AFTER_VERB or after[:1].isdigit()
    if after in vocab.PREPOSITIONS and at and is_plural(f"the {rest[at - 1].text}"):
        led = False  # "checks and deposits into the account": rather two nouns
    if is_verb(following.text, "VB" if plural else "VBZ") and (not noun_or_adjective(following.text) or led):
        return True
    own = following.low in vocab.DETERMINERS | vocab.PRONOUNS or following.text[0].isupper()
    return (own or rest[at - 1].text == "," or rest[at].text == ",") and opens_clause(rest[at + 1 :])
