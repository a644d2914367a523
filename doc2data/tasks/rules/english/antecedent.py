"""Pronouns at the start of a sentence, replaced where only one thing can be meant."""

from __future__ import annotations

import re

from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.askable import askable, without_opener
from doc2data.tasks.rules.english.clause import parse

_PRONOUN = re.compile(r"(It|They|Its|Their)\s")
_ADJACENT = 2
"""Most characters between two sentences of one paragraph."""


def standing_alone(text: str, clue: Clue, around: Around) -> tuple[str, tuple[Clue, ...]]:
    """The sentence without its opener and with its first pronoun replaced where the antecedent is certain.

    Returns:
        The text, "" where the pronoun stays open, and the clues that it stands on.
    """
    text = without_opener(text)
    match = _PRONOUN.match(text)
    if match is None:
        return text, (clue,)
    found = _antecedent(clue, around, plural=match.group(1) in ("They", "Their"))
    if found is None:
        return "", ()
    name, before = found
    if match.group(1) in ("Its", "Their"):
        name += "'" if name.endswith("s") else "'s"
    return f"{name} {text[match.end() :]}", (before, clue)


def _antecedent(clue: Clue, around: Around, plural: bool) -> tuple[str, Clue] | None:
    """The subject of the sentence right before, where nothing else in it could be meant."""
    near = [other for other in around.chunk_clues if other.kind in ("sentence", "definition", "warning")]
    before = next((other for other in reversed(near) if other.end <= clue.start), None)
    if before is None or clue.start - before.end > _ADJACENT:
        return None
    text = " ".join(before.quote.split())
    clause = parse(text) if askable(text) else None
    if clause is None or not clause.subject or clause.plural != plural:
        return None
    if clause.subject.split()[0].lower() in vocab.PRONOUNS or not before.entities:
        return None
    if not clause.copula and len(before.entities) > 1:
        return None
    return (clause.subject, before) if before.entities[0] in clause.subject else None
