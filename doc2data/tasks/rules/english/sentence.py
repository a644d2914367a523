"""From a clue to sentences that may be asked about: pointers, loose pronouns and fragments are turned away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.clues import split
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause, is_plural, parse
from doc2data.tasks.rules.english.tokens import tokens

MAX_WORDS = 45
_POINTER = re.compile(
    r"\b(?:see|refer to|consult|described|shown|listed|given|explained|defined|specified|discussed|illustrated|mentioned)"
    r"\b[^.]{0,40}?\b(?:above|below|earlier|later|previously|section|chapter|table|figure|appendix|annex|page|next|here"
    r"|following)\b|\b(?:see|cf\.) (?:also )?[A-Z\"'(]|\(see\b|\bas (?:follows|described|shown|noted|stated|mentioned)\b"
    r"|\bthe following\b|\b(?:above|below)[.,)]|\b(?:above|below)-mentioned"
    r"|\b(?:[Ss]ection|[Cc]hapter|[Tt]able|[Ff]igure|[Ff]ig\.|[Aa]ppendix|[Aa]nnex|[Pp]age|[Pp]aragraph|[Ee]quation)s? "
    r"(?:[A-Z]?-?\d|[A-Z]\b|[IVX]+\b)",
)
_ABOUT_TEXT = re.compile(
    r"\bthis (?:document|manual|guide|chapter|section|page|table|figure|appendix|handbook|article|paper|report|list"
    r"|tutorial|lesson|book|specification|standard|publication|part|example|text|note|instruction)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|us|my|My|let's|Let's)\b")
_JUNK = re.compile(r"https?://|www\.|[<>{}=\\|]|\.{3}|…|_{2,}|@|\[\d+\]")
_OPENING = re.compile(
    r"^(?:However|In addition|Additionally|Moreover|Furthermore|Also|Finally|Similarly|Likewise|In general|Generally"
    r"|Normally|Note that|Please note that|Please note|Please|NOTE:|Note:|Important:|IMPORTANT:|Tip:|Caution:|Warning:"
    r"|WARNING:|CAUTION:|NOTICE:|Of course|Nevertheless|Fortunately|In fact|In particular|Typically|Usually),?\s+"
)
_DEPENDENT = re.compile(
    r"^(?:Therefore|Thus|Hence|Consequently|As a result|For this reason|For example|For instance|Otherwise|In this case"
    r"|In that case|In these cases|In such|Instead|Then|Next|So|But|And|Or|Yet|Such|Here|There|Now|Again|Alternatively"
    r"|By contrast|In contrast|On the other hand|Conversely|Afterwards?|Meanwhile|Not|Neither|Doing so|At this point|The same|Both"
    r"|The latter|The former|Another|Others?|One|Some|Similar)\b"
)
_LEAD = re.compile(
    r"^(If|When|Whenever|While|Before|After|Once|Until|Unless|As soon as|Because|Since|To|In order to|Where|Every|During)"
    r" ([^,;:]{4,140}), (?=\S)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence fit for asking."""

    text: str
    """Complete and standing alone: white space put in order, opener cut, pronoun replaced."""
    lead: str
    """Connector of a leading clause ("if", "to", ...); else empty."""
    condition: str
    """The leading clause without its connector."""
    clause: Clause
    clues: tuple[Clue, ...]


def sentences(clue: Clue, around: Around) -> Iterator[Sentence]:
    """The sentences of a clue that stand alone and whose main clause is certain."""
    for start, end in split(clue.quote, "en"):
        text, stands_on = standing_alone(" ".join(clue.quote[start:end].split()), clue, around)
        if not text or not askable(text):
            continue
        lead, condition, main = _parted(text)
        clause = parse(main)
        if clause is not None and not _starts_with_pronoun(clause, condition):
            yield Sentence(text, lead, condition, clause, stands_on)


def askable(text: str) -> bool:
    """Whether a sentence is whole, of sensible length, and speaks of the world and not of the document."""
    words = text.split()
    if not 4 <= len(words) <= MAX_WORDS or not text.endswith((".", "!")):
        return False
    if not (text[0].isupper() or text[0].isdigit() or words[0] != words[0].lower()):
        return False
    if text.count("(") != text.count(")") or text.count('"') % 2 or text.count("“") != text.count("”"):
        return False
    patterns = (_POINTER, _ABOUT_TEXT, _FIRST_PERSON, _JUNK)
    return not any(pattern.search(text) for pattern in patterns) and not _DEPENDENT.match(text)


def standing_alone(text: str, clue: Clue, around: Around) -> tuple[str, tuple[Clue, ...]]:
    """The sentence without its opener and with its first pronoun replaced where the antecedent is certain.

    Returns:
        The text, "" where the pronoun stays open, and the clues that it stands on.
    """
    text = capitalised(_OPENING.sub("", text, count=1))
    match = re.match(r"(It|They|Its|Their)\s", text)
    if match is None:
        return text, (clue,)
    found = _antecedent(clue, around, plural=match.group(1) in ("They", "Their"))
    if found is None:
        return "", ()
    name, before = found
    owner = name + ("'" if name.endswith("s") else "'s") if match.group(1) in ("Its", "Their") else name
    return f"{owner} {text[match.end() :]}", (before, clue)


def _antecedent(clue: Clue, around: Around, plural: bool) -> tuple[str, Clue] | None:
    """The subject of the sentence right before, where nothing else in it could be meant."""
    near = [other for other in around.chunk_clues if other.kind in ("sentence", "definition", "warning")]
    before = next((other for other in reversed(near) if other.end <= clue.start), None)
    if before is None or clue.start - before.end > 2 or not askable(" ".join(before.quote.split())):
        return None
    clause = parse(" ".join(before.quote.split()))
    if (
        clause is None
        or not clause.subject
        or clause.plural != plural
        or clause.subject.split()[0].lower() in (vocab.PRONOUNS | {"if", "when"})
    ):
        return None
    if not clause.copula and len(before.entities) > 1:
        return None
    return (clause.subject, before) if before.entities and before.entities[0] in clause.subject else None


def _parted(text: str) -> tuple[str, str, str]:
    match = _LEAD.match(text)
    if match is None:
        return "", "", text
    return match.group(1).lower(), match.group(2), capitalised(text[match.end() :])


def _starts_with_pronoun(clause: Clause, condition: str) -> bool:
    first = clause.subject.split()[0].lower() if clause.subject else ""
    return first in vocab.PRONOUNS and not (first in ("it", "they") and bool(condition))


def capitalised(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lowered(text: str, around: Around) -> str:
    """The text with its first word in lower case, unless it is a name."""
    first = next(iter(tokens(text)), None)
    if first is None or first.text[1:] != first.text[1:].lower() or any(c.isdigit() for c in first.text):
        return text
    if first.low in vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.PRONOUNS | vocab.SUBORDINATORS | vocab.NUMBER_WORDS:
        return text[:1].lower() + text[1:]
    return text if _is_name(text, first.text, around) else text[:1].lower() + text[1:]


def _is_name(text: str, first: str, around: Around) -> bool:
    from doc2data.tasks.rules.english.lexicon import classes

    second = text[len(first) :].split()
    known = classes(first) or classes(first.split("-")[0])
    if second and second[0][:1].isupper() and second[0] != second[0].upper():
        return True
    if second and re.fullmatch(r"[A-Z](?:-?\d+)?[.,]?", second[0]):
        return not known
    inside = re.compile(rf"[a-z,] {re.escape(first)}\b")
    return not known or any(inside.search(clue.quote) for clue in around.chunk_clues)


__all__ = ["Sentence", "askable", "capitalised", "is_plural", "lowered", "sentences", "standing_alone"]
