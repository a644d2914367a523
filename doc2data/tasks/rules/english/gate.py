"""The last look at an English draft: does the question stand alone, and is it whole?"""

from __future__ import annotations

import re
from dataclasses import replace

from doc2data.clues import entities
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english.telling import telling

MAX_QUESTION_WORDS = 28
_LOOSE = re.compile(
    r"\b(?:this|these|those|such|the above|following|the (?:new |old |other )?ones?|former|latter|we|our|us|I|here"
    r"|the (?:second|third|fourth|fifth|previous|other|two|three|four|five|remaining|rest)"
    r"|the new|(?:either|each|both|some|many|most|other|all) cases?"
    r"|listed|aforementioned|resulting|corresponding|respective|said"
    r"|(?:is|are|was|were|do|does|did|can|may|must|shall|should|will|What|Who) the (?:first|last|next)(?! \w+ of))\b"
)
"""Words for what stood in the text before: "the second exclusion" counts in a list that the question does not show."""
_VARIABLE = re.compile(
    r"\b(?:if|when|than|of|the|is|are|and|or|to|with|for|by|in|at|does|do|may|can|must|shall|should"
    r"|will) [B-HJ-Zb-hj-z](?![\w.'’-])"
)
"""A letter for a quantity that only the text around it says."""
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|his|she|her|itself|themselves)\b")
_BROKEN = re.compile(
    r"\b(?:a|an|the|and|or|that|which)\?$|\b(?:the the|a a|to to|of of)\b|\?.*\?|\(\s|[;:]|[.,!?]{2,}"
    r"|\b(?:issue|ticket|bug) #\d|[a-z] The [A-Z]|\w (?:The|An?|This|These|Each|If|When|You|Your|It|And|Or) [a-z]"
)
LEAST_TOLD = 3
"""So many words must say what a question without any name is about."""


def passes(draft: Draft, around: Around) -> Draft | None:
    """The draft, its subject named where the question alone leaves it open; None where it cannot be asked."""
    question = draft.question
    if not question or len(question.split()) > MAX_QUESTION_WORDS or not _whole(question):
        return None
    told, named = telling(question), bool(entities.find(question))
    if draft.kind == "definition":
        alone = named or (len(told) > 1 and " the " not in question)
    else:
        alone = len(told) >= (2 if named else LEAST_TOLD)
    if alone and (named or not re.search(r"\b(?:the|you)\b", question)):
        return draft
    if told and around.subject and _is_product(around.subject):
        return replace(draft, question=_named(around.subject, question))
    return draft if len(told) >= LEAST_TOLD else None


def _whole(question: str) -> bool:
    if _LOOSE.search(question) or _BROKEN.search(question) or _VARIABLE.search(question):
        return False
    if question.count("(") != question.count(")") or question.count('"') % 2:
        return False
    pronoun = _PRONOUN.search(question)
    return pronoun is None or bool(
        re.search(r"\b(?:the|an?|each|every|all|[A-Z][\w-]*)\b [\w-]+", question[5 : pronoun.start()])
    )


def _is_product(subject: str) -> bool:
    return bool(entities.codes(subject)) or bool(re.fullmatch(r"(?:the )?\w*[A-Z]\w*[A-Z]\w*", subject))


def _named(subject: str, question: str) -> str:
    """The question with what it is about: "Where are the terminals located on the AQ-200?"."""
    if question.startswith("Where ") and len(question.split()) <= 8:
        return f"{question[:-1]} on {subject}?"
    return f"For {subject}, {question[0].lower()}{question[1:]}"
