"""From a clue to clauses that may be asked about, each with the sentence that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.clues import split
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.antecedent import standing_alone
from doc2data.tasks.rules.english.askable import askable
from doc2data.tasks.rules.english.clause import Clause, is_plural, opens_clause, parse
from doc2data.tasks.rules.english.lexicon import is_verb
from doc2data.tasks.rules.english.names import capitalised
from doc2data.tasks.rules.english.tokens import tokens

_LEAD = re.compile(
    r"^(If|When|Whenever|While|Before|After|Once|Until|Unless|As soon as|Because|Since|To|In order to|Where|Every"
    r"|In|On|At|During|For|With|Without|Inside|Under|Within|Outside|Between|From)"
    r" ([^,;:]{3,140}), (?=\S)"
)
PLACES = vocab.words("in on at during for with without inside under within outside between from")
"""Leads that say where or in what case, and can stand at a question's end."""
_JOINED = re.compile(r"^(?:[;:] )?(?:(?:and|but) )?(?=\S)")
_MAX_CLAUSES = 3
_NEIGHBOURS = 3
"""Most characters between neighbouring blocks."""
_OPEN_LEAD = re.compile(
    r"\b(?:if|when|whenever|unless|whether|that|because|examples?|scenarios?|include[sd]?|including"
    r"|such as|may be|might)\b[^.]*:\s*$",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\s*(?:(?:The |An? )?(?:[Ee]xample|EXAMPLE)\b|For example|For instance|Suppose|Imagine|Assume (?:that|you)"
    r"|Consider an? |Let us say)"
)
_HOLDS_CLAUSE = re.compile(r"\b(?:that|which|whether|who|if)\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One clause of a sentence fit for asking."""

    text: str
    """The whole sentence, complete and standing alone: opener cut, pronoun replaced."""
    lead: str
    """Connector of a leading phrase or clause ("if", "to", "in", ...); else empty."""
    condition: str
    """The leading phrase or clause without its connector."""
    clause: Clause
    clues: tuple[Clue, ...]

    @property
    def place(self) -> str:
        """A leading phrase that says where or in what case; else empty."""
        return f"{self.lead} {self.condition}" if self.lead in PLACES else ""


def sentences(clue: Clue, around: Around) -> Iterator[Sentence]:
    """The clauses of a clue's sentences that stand alone and whose reading is certain."""
    if is_story(clue, around) or _hangs_on_lead(clue, around):
        return
    for start, end in split(clue.quote, "en"):
        text, stands_on = standing_alone(" ".join(clue.quote[start:end].split()), clue, around)
        if not text or not askable(text):
            continue
        lead, condition, main = _parted(text)
        for at, clause in enumerate(_clauses(main)):
            if not _starts_with_pronoun(clause, condition):
                yield Sentence(text, "" if at else lead, "" if at else condition, clause, stands_on)


def is_story(clue: Clue, around: Around) -> bool:
    """Whether a sentence stands in a paragraph that tells an example: what is true there is true of nobody else."""
    if _STORY.match(clue.quote):
        return True
    return any(_STORY.match(before.quote) for before in _before(clue, around, within=1))


def _hangs_on_lead(clue: Clue, around: Around) -> bool:
    """Whether a sentence is an item under a line that it completes: "The site may be vulnerable if:"."""
    lead = next(
        (other for other in _before(clue, around, within=_NEIGHBOURS) if other.quote.rstrip().endswith(":")), None
    )
    return lead is not None and lead.section == clue.section and _OPEN_LEAD.search(lead.quote) is not None


def _before(clue: Clue, around: Around, within: int) -> Iterator[Clue]:
    """The clues before one, the nearest first, as long as no more than so many characters part them."""
    start = clue.start
    for other in reversed([other for other in around.chunk_clues if other.end <= clue.start]):
        if start - other.end > within:
            return
        yield other
        start = other.start


def _parted(text: str) -> tuple[str, str, str]:
    match = _LEAD.match(text)
    if match is None:
        return "", "", text
    if match.group(1).lower() in PLACES and opens_clause(tokens(match.group(2))):
        return "", "", ""  # "During a cycle the valve closes, ...": the comma ends no phrase
    return match.group(1).lower(), match.group(2), capitalised(text[match.end() :])


def _clauses(main: str) -> Iterator[Clause]:
    """The main clause and those joined to it by "and", "but" or a semicolon."""
    clause = parse(main)
    for _ in range(_MAX_CLAUSES):
        if clause is None:
            return
        yield clause
        joined = _JOINED.match(clause.tail)
        if joined is None or not joined.group():
            return
        clause = _next(clause, clause.tail[joined.end() :])


def _next(before: Clause, text: str) -> Clause | None:
    """The clause that follows, with the subject of the one before where it has none of its own."""
    first = text.split(maxsplit=1)[0]
    if before.subject and (first.lower() in vocab.AUXILIARIES or is_verb(first, "VB" if before.plural else "VBZ")):
        return parse(f"{before.subject} {text}")
    own = parse(text)
    if own is not None and own.imperative and _HOLDS_CLAUSE.search(before.body):
        return None  # "Verify that pages are cached and do not hold data": no order, but what is verified
    if own is not None and own.imperative == before.imperative:
        return own if own.imperative or own.subject.split()[0].lower() not in vocab.PRONOUNS else None
    return None


def _starts_with_pronoun(clause: Clause, condition: str) -> bool:
    first = clause.subject.split()[0].lower() if clause.subject else ""
    if first == "they":
        return not any(_plural_noun(word) for word in condition.split())
    return first in vocab.PRONOUNS and not (first == "it" and bool(condition))


def _plural_noun(word: str) -> bool:
    return word.endswith("s") and is_plural(f"the {word}") and not is_verb(word, "VBZ")
