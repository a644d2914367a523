"""Turning a clause into the words of a question: inversion, do-support, and the reader as "you"."""

from __future__ import annotations

import re

from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause
from doc2data.tasks.rules.english.names import lowered

_DISCOURSE = vocab.words(
    "therefore thus hence also then further however still instead nevertheless consequently only now"
)


def inverted(clause: Clause, around: Around, rest: str | None = None) -> str:
    """The clause in question order, "does the pump lift the sample", without question word or mark.

    Args:
        clause: what to ask about.
        around: tells names from common words.
        rest: what to say after the verb; the clause's own body if None.
    """
    body = clause.body if rest is None else rest
    if clause.imperative:
        return joined("should you", imperative_phrase(clause, body))
    subject = lowered(clause.subject, around)
    group = tuple(word for word in clause.group[1:] if word.lower() not in _DISCOURSE)
    first = clause.group[0].lower()
    if first == "cannot":
        return joined("can", subject, "not", *group, body)
    if first in ("has", "have") and clause.modal:
        return joined("does" if first == "has" else "do", subject, "have", *group, body)
    if first in vocab.AUXILIARIES and not (first in vocab.HAVE and len(clause.group) == 1):
        return joined(first, subject, *group, body)
    return joined(clause.do, subject, *group, clause.base, body)


def imperative_phrase(clause: Clause, rest: str) -> str:
    """An imperative after "should you": "not open the cover", "always wear gloves"."""
    first = clause.group[0].lower()
    if first == "do":
        return joined("not" if len(clause.group) > 1 else "", clause.base, rest)
    if first in ("never", "always"):
        return joined("never" if first == "never" else "always", clause.base, rest)
    return joined(clause.base, rest)


def predicate(clause: Clause) -> str:
    """The verb group and what follows, for questions about the subject."""
    return joined(*clause.group, clause.body)


def joined(*parts: str) -> str:
    """The non-empty parts with one space between."""
    return re.sub(r"\s+([,;?])", r"\1", " ".join(part.strip() for part in parts if part.strip()))


def asked(*parts: str) -> str:
    """A question: first letter upper case, question mark at the end."""
    text = joined(*parts).rstrip(" .,;:")
    return text[:1].upper() + text[1:] + "?"
