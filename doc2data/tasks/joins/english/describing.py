"""Saying which thing is meant without naming it: "the sensor by which alarm E-07 is triggered".

From a sentence whose main clause is certain, the thing becomes the head of a relative clause made of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from doc2data.records import Clue
from doc2data.tasks.joins.english.forms import participle
from doc2data.tasks.joins.english.phrases import is_whole
from doc2data.tasks.joins.thing import Thing, mention, names
from doc2data.tasks.joins.words import content
from doc2data.tasks.rules import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause, is_plural, parse
from doc2data.tasks.rules.english.lexicon import is_verb
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific
from doc2data.tasks.rules.english.sentence import Sentence, sentences

HEAD = "{head}"
"""Stands where the common noun goes."""
MAX_WORDS = 24
_LEAST_CONTENT = 3
_KEPT_TAILS = ("if", "unless", "when", "until", "before", "after", "while", "once", "as soon as")
_CONDITIONS = ("if", "when", "whenever", "while", "before", "after", "once", "until", "unless", "as soon as", "where")
_JOINABLE = vocab.words("by with from on in to into through at for against under over between behind inside onto via")
_HOLDING = vocab.words("contain include comprise hold")
_DANGLING = re.compile(
    r"\b(?:it|its|they|them|their|this|these|those|here|there|therefore|also|above|below|such|then|you|your)\b"
)
_CASES = re.compile(
    r"\b(?:causes?|reasons?|remed(?:y|ies)|what to do|actions?|solutions?|measures?|corrections?)\b", re.IGNORECASE
)
"""Headers of tables whose rows are cases that can arise."""
_MOST_WORDS_OF_CASE = 6
_LEADING_PLACE = re.compile(r"^((?:Inside|In|On|At|During|Behind|Under|Within|After|Before|For) [^,.;]{3,60}), (?=\S)")


def descriptions(clue: Clue, thing: Thing, around: Around) -> list[str]:
    """Every way in which a clue tells which thing is meant; `HEAD` stands for the noun.

    Only sentences that need no other clue are used, and of tables only cells that are sentences themselves.
    """
    if clue.kind == "table_row":
        case = _case(clue)
        cells = [text for header, text in clue.cells if case and text != clue.subject and names(thing, text)]
        return [text for cell in cells for text in _of_cell(cell, thing, case, around)]
    moved = replace(clue, quote=_moved_to_end(" ".join(clue.quote.split())))
    return [text for s in sentences(moved, around) if s.clues == (moved,) for text in _of_sentence(s, thing, around)]


def _of_sentence(sentence: Sentence, thing: Thing, around: Around) -> list[str]:
    clause, after = sentence.clause, _condition(sentence, thing)
    if after is None or names(thing, clause.tail):
        return []
    made = [*_as_subject(clause, thing, around), *_as_object(clause, thing, around)]
    return [text for part in made if (text := _finished(f"{part}{_kept(clause.tail)}{after}", thing))]


def _case(row: Clue) -> str:
    """A row's label as a case that can arise: "E-04 (Zero out of range)"; "" for rows that are no cases."""
    if not any(_CASES.search(header) for header, _ in row.cells[1:]):
        return ""
    label = row.subject.strip().rstrip(".")
    if " " in label:
        return f"“{label}”"
    told = next((text for _, text in row.cells if text != row.subject), "")
    return f"{label} ({told})" if 0 < len(told.split()) <= _MOST_WORDS_OF_CASE else ""


def _of_cell(cell: str, thing: Thing, case: str, around: Around) -> list[str]:
    found: list[str] = []
    for sentence in re.split(r"(?<=[.;]) ", cell):
        clause = parse(sentence.rstrip(".;"))
        opens = mention(thing).match(sentence) is not None
        if clause is not None and not names(thing, clause.tail) and not (opens and clause.imperative):
            made = [*_as_subject(clause, thing, around), *_as_object(clause, thing, around)]
            found += [f"{part} in case of {case}" for part in made]
    return [text for part in found if (text := _finished(part, thing))]


def _moved_to_end(text: str) -> str:
    """The sentence with a place or time at its front put behind it, so that its clause begins with the subject."""
    match = _LEADING_PLACE.match(text)
    if match is None or parse(match.group(1)) is not None:
        return text
    rest, end = text[match.end() :].rstrip("."), match.group(1)
    return f"{rest[0].upper()}{rest[1:]} {end[0].lower()}{end[1:]}."


def _as_subject(clause: Clause, thing: Thing, around: Around) -> Iterator[str]:
    subject = re.sub(r"(?: (?:normally|usually|also|always|only|typically|generally))+$", "", clause.subject)
    adverbs = clause.subject[len(subject) :].strip()
    if mention(thing).fullmatch(subject):
        if clause.plural and not is_plural(thing.name):
            return
        if clause.copula and re.match(r"an? ", clause.body):
            yield "the " + re.sub(r"^an? ", "", clause.body)
        else:
            yield _join("the", HEAD, "that", adverbs, *clause.group, clause.body)
        return
    match = re.match(r"(?:The )?(?P<owned>[^,]{3,40}?) of ", subject)
    if match and mention(thing).fullmatch(subject[match.end() :]) and not names(thing, match["owned"]):
        owned = re.sub(r"^an? ", "", lowered(match["owned"], around))
        if not re.match(r"(?:each|every|one|all|some|both|many|most|any) ", owned):
            yield _join("the", HEAD, "whose", owned, adverbs, *clause.group, clause.body)


def _as_object(clause: Clause, thing: Thing, around: Around) -> Iterator[str]:
    found = list(mention(thing).finditer(clause.body))
    if len(found) != 1 or clause.copula or not (clause.imperative or specific(clause.subject)):
        return
    start, end = found[0].span()
    if not is_whole(clause.body, found[0]):
        return
    before, behind = clause.body[:start].strip(), clause.body[end:].strip()
    if re.match(r",|(?:and|or|of)\b", behind) or before.endswith((" and", " or", ",")):
        yield from _from_list(clause, before, around)
    elif clause.imperative:
        yield from _commanded(clause, before, behind)
    else:
        yield from _stated(clause, before, behind, around)


def _stated(clause: Clause, before: str, behind: str, around: Around) -> Iterator[str]:
    subject = lowered(clause.subject, around)
    if not before:
        if not clause.passive:
            yield _join("the", HEAD, "that", subject, *clause.group, behind)
        return
    words = before.split()
    if words[-1].lower() in _JOINABLE and not _has_preposition(words[:-1]):
        yield _join("the", HEAD, words[-1], "which", subject, *clause.group, *words[:-1], behind)


def _commanded(clause: Clause, before: str, behind: str) -> Iterator[str]:
    if clause.negated or len(clause.group) > 1 or clause.base in ("see", "refer", "consult", "repeat", "let"):
        return
    done = participle(clause.base)
    if not done:
        return
    if not before:
        yield _join("the", HEAD, "that has to be", done, behind)
        return
    words = before.split()
    patient = " ".join(words[:-1])
    onward = behind.split(" ", maxsplit=1)[0].lower() in vocab.PREPOSITIONS
    if words[-1].lower() not in _JOINABLE or not patient or onward or _has_preposition(words[:-1]):
        return
    adverb = words[-2] if words[-2].endswith("ly") else ""
    patient = patient.removesuffix(adverb).strip()
    if patient.split()[0].lower() in vocab.ARTICLES:
        need = "have to be" if is_plural(patient) else "has to be"
        yield _join("the", HEAD, words[-1], "which", patient, need, done, adverb, behind)


def _from_list(clause: Clause, before: str, around: Around) -> Iterator[str]:
    """One of several things: only of what something is made up, or comes with."""
    if clause.imperative or clause.tail:
        return
    subject = lowered(clause.subject, around)
    if clause.base in _HOLDING or (clause.base == "consist" and before.startswith("of ")):
        yield _join("the", HEAD, "that belongs to", subject)
    elif clause.passive and clause.base in ("deliver", "supply", "ship") and before.startswith("with "):
        yield _join("the", HEAD, "with which", subject, *clause.group)


def _has_preposition(words: Sequence[str]) -> bool:
    """Whether what comes next may belong to another phrase before it instead of the verb."""
    return any(word.lower().strip(",") in vocab.PREPOSITIONS | {"and", "or"} for word in words)


def _condition(sentence: Sentence, thing: Thing) -> str | None:
    """The leading clause as it stands behind the main one; None where the thing or a loose word is in it."""
    if not sentence.lead:
        return ""
    if sentence.lead not in _CONDITIONS or names(thing, sentence.condition) or _DANGLING.search(sentence.condition):
        return None
    return f" {sentence.lead} {sentence.condition}"


def _kept(tail: str) -> str:
    """A second clause that the first is not true without."""
    words = re.sub(r"^[,;]\s*", "", tail)
    return f" {words.split(',')[0]}" if words.lower().startswith(_KEPT_TAILS) else ""


def _finished(text: str, thing: Thing) -> str:
    text = re.sub(r" \((?:part|order|article) number [^)]*\)", "", " ".join(text.split()))
    text = _without_aside(text).rstrip(" .,;:")
    plain = text.replace(HEAD, "")
    fine = not names(thing, plain) and not _DANGLING.search(plain) and len(text.split()) <= MAX_WORDS
    whole = text.count("(") == text.count(")") and not re.search(
        r"[;:!?]|\b(?:see|Table|Figure|Chapter|Section)\b", plain
    )
    return text if fine and whole and len(content(plain)) >= _LEAST_CONTENT else ""


def _without_aside(text: str) -> str:
    """Without what a participle behind a comma adds: ", measured between core and screen"."""
    match = re.search(r", ([a-z]+)\b", text)
    aside = match is not None and (is_verb(match[1], "VBN") or is_verb(match[1], "VBG"))
    return text[: match.start()] if match is not None and aside else text


def _join(*parts: str) -> str:
    return re.sub(r"\s+([,.;])", r"\1", " ".join(part.strip() for part in parts if part.strip()))
