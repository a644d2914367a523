"""The last look at an English draft: does the question stand alone, and is it whole?"""

from __future__ import annotations

import re
from dataclasses import replace

from doc2data.clues import entities
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.tokens import tokens

MAX_QUESTION_WORDS = 28
_LOOSE = re.compile(
    r"\b(?:this|these|those|such|the above|following|the (?:new |old |other )?ones?|former|latter|we|our|us|I|here)\b"
)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|his|she|her|itself|themselves)\b")
_BROKEN = re.compile(r"\b(?:a|an|the|and|or|that|which)\?$|\b(?:the the|a a|to to|of of)\b|\?.*\?|\(\s|[;:]|[.,!?]{2,}")
_FUNCTION = vocab.words(
    "what how who where when why which much many often long should you do must done happens mean cause causes"
)


def passes(draft: Draft, around: Around) -> Draft | None:
    """The draft, its subject named where the question alone leaves it open; None where it cannot be asked."""
    question = draft.question
    if not question or len(question.split()) > MAX_QUESTION_WORDS or not _whole(question):
        return None
    content = _content(question)
    if not content:
        return None
    if entities.find(question) or (draft.kind == "definition" and len(content) > 1 and " the " not in question):
        return draft
    if len(content) >= 3 and not re.search(r"\b(?:the|you)\b", question):
        return draft
    if around.subject and _is_product(around.subject):
        return replace(draft, question=_named(around.subject, question))
    return draft if len(content) >= 3 else None


def _whole(question: str) -> bool:
    if _LOOSE.search(question) or _BROKEN.search(question):
        return False
    if question.count("(") != question.count(")") or question.count('"') % 2:
        return False
    pronoun = _PRONOUN.search(question)
    return pronoun is None or bool(
        re.search(r"\b(?:the|an?|each|every|all|[A-Z][\w-]*)\b [\w-]+", question[5 : pronoun.start()])
    )


def _content(question: str) -> list[str]:
    closed = vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.AUXILIARIES | vocab.PRONOUNS | vocab.ADVERBS | _FUNCTION
    return [
        t.low for t in tokens(question) if t.is_word and t.low not in closed | vocab.SUBORDINATORS | vocab.CONJUNCTIONS
    ]


def _is_product(subject: str) -> bool:
    return bool(entities.codes(subject)) or bool(re.fullmatch(r"(?:the )?\w*[A-Z]\w*[A-Z]\w*", subject))


def _named(subject: str, question: str) -> str:
    """The question with what it is about: "Where are the terminals located on the AQ-200?"."""
    if question.startswith("Where ") and len(question.split()) <= 8:
        return f"{question[:-1]} on {subject}?"
    return f"For {subject}, {question[0].lower()}{question[1:]}"
