"""The last look at a Chinese draft: does the question stand alone?"""

from __future__ import annotations

import re
from dataclasses import replace

from doc2data.clues import entities
from doc2data.tasks.rules.draft import Around, Draft

_LOOSE = re.compile(
    r"这|他(?!们的)|她|上面|下面|前面|后面|那[个些种]|(?<!其)它|(?<!应)该|上述|其(?!他|它|中|实)|此(?!外)|本(?:表|节|章|文|指南|手册)"
)
_BROKEN = re.compile(r"，？|？.+？|。|的的|是是")
MIN_CHARACTERS = 7
MAX_CHARACTERS = 60


def passes(draft: Draft, around: Around) -> Draft | None:
    """The draft, its subject named where the question alone leaves it open; None where it cannot be asked."""
    question = draft.question
    if not MIN_CHARACTERS <= len(question) <= MAX_CHARACTERS or _LOOSE.search(question) or _BROKEN.search(question):
        return None
    if any(question.count(left) != question.count(right) for left, right in ("（）", "“”", "《》")):
        return None
    if entities.find(question) or re.search(r"[A-Za-z]{2}", question) or not around.subject:
        return draft
    return replace(draft, question=f"对于{around.subject}，{question}")
