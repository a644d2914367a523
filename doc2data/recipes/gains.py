"""The elimination of evolved questions: what gained nothing, what leaks its prompt, what nobody can answer.

The rules are those of WizardLM (2304.12244, section 3.2); where the paper asks a judge whether something was gained,
here each operator has to show what it promised: words, evidence or steps that the parent has not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from doc2data.recipes.necessity import facts
from doc2data.records import Clue, Sample
from doc2data.tasks.joins.words import content, share

PUTTING_IN = ("constraints", "concretise", "complicate")
"""Operators that put something in and leave what is asked for as it is."""
SAYING_MORE = ("deepen", "reasoning")
"""Operators after which the answer says more than its parent's, as `answer_objection` makes sure."""
SAME = 0.9
"""Share of each question's words in the other from which both ask the same."""
KEPT = 0.5
"""Share of its parent's words that a question must keep to be about the same thing."""
TOLD = 0.6
"""Share of the words put in that must stand in the passage."""
GIVEN_AWAY = 0.5
"""Share of the words put in that may stand in the answer that is asked for."""
IDLE_WORDS = 4
"""Fewest words that make an idle detail."""
SHORT_ANSWER = 80
"""Words; a shorter answer that excuses itself is none."""

_LEAK = re.compile(
    r"#|\b(?:given|original|initial|rewritten|created|evolved|new|harder|above) (?:prompt|question|instruction)\b"
    r"|\b(?:rewritten?|evolv\w+) (?:as|into|from)\b|\bsentences? (?:no\.? ?)?\d+\b|\[\d+\]|\bsentence numbers?\b"
    r"|\b(?:more|most) (?:difficult|complex|hard) version\b|\bskill:|\buse:"
    r"|原(?:始)?问题|给定的?(?:问题|提示)|(?:改写|重写)后?的?问题|新问题|更难的问题|第\s*\d+\s*句|句子\s*\d+",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"\b(?:sorry|apologi[sz]e|unable to|cannot (?:answer|tell|say)|not (?:stated|mentioned|specified|provided))\b"
    r"|抱歉|对不起|无法(?:回答|确定)|未(?:说明|提及|提供)",
    re.IGNORECASE,
)
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the model made of an evolved question."""

    text: str
    cited: tuple[Clue, ...]
    steps: int
    """Steps of reasoning that came with it."""
    answerable: bool


def leak(question: str) -> str:
    """Words of a prompt that a question repeats; empty where there are none."""
    found = _LEAK.search(question)
    return found.group() if found else ""


def question_objection(operator: str, question: str, parent: Sample, passage: str) -> str:
    """Why an evolved question is given up before it is answered; empty where it is not.

    Args:
        operator: what was asked for.
        question: what came.
        parent: the sample that it grew from.
        passage: title and lines that the model saw.
    """
    return next(_of_question(operator, question, parent, passage), "")


def _of_question(operator: str, question: str, parent: Sample, passage: str) -> Iterator[str]:
    if words := leak(question):
        yield f"Words of the prompt leak into the question: {words!r}."
    if unknown := sorted(facts(question) - facts(passage) - facts(parent.question)):
        yield f"The question says {unknown[0]!r}, which the passage does not."
    mine, theirs, told = content(question), content(parent.question), content(passage)
    if share(mine, theirs) >= SAME and share(theirs, mine) >= SAME:
        yield "Nothing is gained: the question asks what its parent asks."
    if operator != "breadth":
        yield from _of_rewriting(operator, mine, theirs, told)
    if operator in PUTTING_IN and share(mine - theirs, content(parent.answer)) > GIVEN_AWAY:
        yield "What was put in is what its parent's answer says."


def _of_rewriting(operator: str, mine: Words, theirs: Words, told: Words) -> Iterator[str]:
    added = mine - theirs
    if share(theirs, mine) < KEPT:
        yield "The question is no longer about what its parent asks."
    if not added:
        yield "Nothing is gained: the question has no word that its parent has not."
    if operator in PUTTING_IN and share(added, told) < TOLD:
        yield "What was put in is not told by the passage."
    if operator == "complicate" and len(added) < IDLE_WORDS:
        yield "Nothing is gained: no situation was put in front of the question."


def answer_objection(operator: str, question: str, answer: Answered, parent: Sample, target: Clue | None) -> str:
    """Why an answered question is given up; empty where it is not.

    Args:
        operator: what was asked for.
        question: what came.
        answer: what the model answered from the passage.
        parent: the sample that it grew from.
        target: for breadth, the clue to be asked about.
    """
    found = chain(_of_answer(operator, answer, parent, target), _of_condition(operator, question, answer, parent))
    return next(found, "")


def _of_condition(operator: str, question: str, answer: Answered, parent: Sample) -> Iterator[str]:
    """A condition that nothing of the answer's evidence speaks of is none of this answer's."""
    added = content(question) - content(parent.question)
    ground = "\n".join(text for clue in answer.cited for text in (clue.quote, *clue.section))
    if operator == "constraints" and share(added, content(ground)) < TOLD:
        yield "The condition put in is none of the answer's: its evidence does not speak of it."


def _of_answer(operator: str, answer: Answered, parent: Sample, target: Clue | None) -> Iterator[str]:
    if not answer.answerable or not answer.cited:
        yield "It cannot be answered: asked from the passage, the model finds no answer."
    if not content(answer.text) or (len(answer.text.split()) < SHORT_ANSWER and _EXCUSE.search(answer.text)):
        yield f"It cannot be answered: {answer.text[:80]!r} says nothing."
    ids, before = {clue.id for clue in answer.cited}, set(parent.clues)
    if target is not None and not any(clue.start < target.end and target.start < clue.end for clue in answer.cited):
        yield "The answer does not stand on the clue that was to be asked about."
    if operator == "reasoning" and (len(ids) < 2 or answer.steps < 2):
        yield "Nothing is gained: one sentence answers it in one step."
    if operator == "deepen" and ids <= before and len(content(answer.text) - content(parent.answer)) < 2:
        yield "Nothing is gained: the answer says no more than its parent's."
    if operator in PUTTING_IN and not ids & before:
        yield "The answer no longer stands on a clue of its parent's."
