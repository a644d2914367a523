"""Conversations over a passage, written by a model turn by turn, each about a clue that was chosen before.

A turn that says nothing new, or that a check turns down, is left out, and the conversation goes on with the next clue:
only one that stays too short is given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from doc2data.clues import worth
from doc2data.recipes.base import QUESTION_CHECKS, Content, Desk, Job
from doc2data.recipes.chaining import STRUCTURED, is_clear, is_whole_sentence
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.necessity import facts
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.joining import LEAVE_OPEN, WRITE_TURN, left_open, turn_over
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.passage import Numbered
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

VERSION = 3
CHECK = "conversation"
LEAST_WORTH = 0.5
LEAST_FACTS = 4
LEAST, MOST = 3, 6
SPARE = 2
"""Clues beyond those of a conversation, for turns that do not come off."""
_LEANING = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|there|then|ones?|both|either|else)\b|[它其此该这那]",
    re.IGNORECASE,
)
"""Words that only what was said before explains."""
REPEATED = 0.8
"""Share of an answer's words that stand in an earlier answer already, from which it says nothing new."""


_DENIES = re.compile(r"\bno\b|\bnot\b|n't\b|\bnever\b|不|没有|并非|错", re.IGNORECASE)
TURN_CHECKS = ("structure", "language", "completeness", "support")
"""Checks that look at an exchange as soon as it is written, so that the others do not fall with it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange that stands."""

    mood: str
    question: str
    answer: str
    clues: tuple[Clue, ...]


def plan(desk: Desk) -> Iterator[Job]:
    """One conversation for every chunk with enough facts, over clues that follow each other."""
    for chunk in desk.corpus.chunks:
        bearing = [clue for clue in desk.corpus.clues_of(chunk) if _bears(clue, desk.corpus.language_of(clue))]
        prose = [clue for clue in bearing if clue.kind not in STRUCTURED]
        told = prose if len(prose) >= LEAST_FACTS else _of_one_thing(bearing)
        if len(told) >= LEAST_FACTS:
            turns = min(MOST, max(LEAST, len(told) // 2))
            ids = tuple(clue.id for clue in _window(told, turns + SPARE, desk.corpus.language_of(told[0])))
            yield Job("dialogue", VERSION, chunk, ids, params={"turns": turns}, seen=(chunk,))


def _bears(clue: Clue, language: str) -> bool:
    """Whether a clue tells something that can be asked for in a conversation."""
    return worth(clue) >= LEAST_WORTH and clue.kind != "procedure" and is_whole_sentence(clue, language)


def _of_one_thing(clues: Sequence[Clue]) -> list[Clue]:
    """The rows of the first table, or its lines until a label comes again: there the next thing begins."""
    rows = [clue for clue in clues if clue.kind in STRUCTURED]
    kept: list[Clue] = []
    for row in rows:
        other_table = [header for header, _ in row.cells] != [header for header, _ in rows[0].cells]
        again = row.kind == "key_value" and any(row.attribute == earlier.attribute for earlier in kept)
        if row.kind != rows[0].kind or other_table or again:
            break
        kept.append(row)
    return kept


def _window(clues: Sequence[Clue], size: int, language: str) -> Sequence[Clue]:
    """The run of so many clues that hangs together best and begins with one that can open a conversation."""
    words = [content(clue.quote) for clue in clues]
    tied = [bool(one & other) for one, other in pairwise(words)]
    starts = range(max(1, len(clues) - size + 1))
    start = max(starts, key=lambda at: (is_clear(clues[at], language), sum(tied[at : at + size - 1]), -at))
    return clues[start : start + size]


def _moods(turns: int) -> Iterator[str]:
    """What each exchange is to be: the longer the conversation, the more kinds."""
    yield "opening"
    yield from ("follow_up",) * (turns - 1 - (turns > LEAST) - (turns > LEAST + 1))
    if turns > LEAST:
        yield "false_premise"
    if turns > LEAST + 1:
        yield "left_open"


async def write(job: Job, desk: Desk) -> Sample | Judged:
    """Ask for one exchange after the other; the conversation is kept if enough of them come off.

    Raises:
        ModelError: no usable reply came.
    """
    talk = _Talk(job, desk)
    for mood in _moods(job.params["turns"]):
        came_off = await talk.take(mood)
        while not came_off and talk.spare and mood != "left_open":
            talk.spare -= 1
            came_off = await talk.take("follow_up" if talk.said else mood)
        if not talk.said:
            break
    if len(talk.said) >= LEAST:
        return desk.sample(job, talk.content(talk.said))
    return desk.refused(job, talk.content(talk.said or talk.left_out[:1]), talk.check, talk.reason)


class _Talk:
    """A conversation as it is written."""

    def __init__(self, job: Job, desk: Desk) -> None:
        self._job, self._desk = job, desk
        self._left = [desk.corpus.clue(id) for id in job.clues]
        self._passage: Numbered = desk.numbered(self._left[0])
        self._language = desk.corpus.language_of(self._left[0])
        self._requests = 0
        self.said: list[Said] = []
        self.left_out: list[Said] = []
        self.spare = SPARE
        self.check, self.reason = CHECK, "The passage has too few facts."
        """What turned down the last exchange that was left out, and why."""

    async def take(self, mood: str) -> bool:
        """Ask for the next exchange; whether it came off.

        Raises:
            ModelError: no usable reply came.
        """
        clue = None if mood == "left_open" else self._next(mood)
        if mood != "left_open" and clue is None:
            return False
        if mood == "false_premise" and clue is not None and not _can_be_wrong(clue):
            mood = "follow_up"
        said = await (self._told(mood, clue) if clue is not None else self._left_open())
        problem = next(_problems(said, self.said), "")
        self.check, self.reason = (CHECK, problem) if problem else self._found(said)
        (self.left_out if self.reason else self.said).append(said)
        return not self.reason

    def _next(self, mood: str) -> Clue | None:
        """The next clue that is not told yet; for something to get wrong the first with a number, else with a name."""
        known = frozenset[str]().union(*(content(f"{one.question} {one.answer}") for one in self.said))
        self._left = [clue for clue in self._left if share(content(clue.value or clue.quote), known) < REPEATED]
        by_need = sorted(self._left, key=lambda c: -_can_be_wrong(c)) if mood == "false_premise" else self._left
        clue = next(iter(by_need), None)
        if clue is not None:
            self._left.remove(clue)
        return clue

    async def _told(self, mood: str, clue: Clue) -> Said:
        numbers = ", ".join(map(str, self._passage.numbers_of(clue)))
        values = {"said": self.said, "mood": mood, "numbers": numbers}
        output = turn_over(len(self._passage.units))
        turn = await self._desk.ask(WRITE_TURN, self._language, self._seed(), values, self._passage, output)
        return Said(mood, turn.question, turn.answer, self._passage.cited(turn.sentences))

    async def _left_open(self) -> Said:
        asked = await self._desk.ask(LEAVE_OPEN, self._language, self._seed(), {"said": self.said}, self._passage)
        told = any(content(asked.missing) <= content(line) for line in self._passage.text.lines)
        told = told or await self._is_told(asked.missing)
        answer = left_open(asked.missing, self._language)
        return Said("left_open" if not told else "told", asked.question, answer, ())

    async def _is_told(self, missing: str) -> bool:
        """Whether the model, asked for it, finds in the passage what is said to be missing."""
        asked = f"关于{missing}说明了什么？" if self._language == CHINESE else f"What is stated about {missing}?"
        output = answer_over(len(self._passage.units))
        values = {"question": asked}
        found = await self._desk.ask(WRITE_ANSWER, self._language, self._seed(), values, self._passage, output)
        return found.answerable and bool(found.sentences)

    def _seed(self) -> int:
        self._requests += 1
        return self._desk.seed(self._job, self._requests)

    def _found(self, said: Said) -> tuple[str, str]:
        """The check that turns an exchange down where it stands, and why; empty where none does."""
        made = self._desk.sample(self._job, self.content([*self.said, said]))
        [verdicts] = self._desk.check([made], names=TURN_CHECKS if self.said else (*QUESTION_CHECKS, *TURN_CHECKS))
        return next(((verdict.check, verdict.reason) for verdict in verdicts if not verdict.passed), ("", ""))

    def content(self, said: Sequence[Said]) -> Content:
        """Exchanges as a sample's content."""
        clues = tuple(dict.fromkeys(clue for one in said for clue in one.clues))
        messages = [m for one in said for m in (Message("user", one.question), Message("assistant", one.answer))]
        return Content(
            kind="dialogue",
            language=self._language,
            messages=tuple(messages),
            clues=clues,
            turns=tuple(tuple(clues.index(clue) for clue in one.clues) for one in said),
            params={"exchanges": [one.mood for one in said]},
        )


def _can_be_wrong(clue: Clue) -> float:
    """How well something of a clue can be mistaken for another: a number best, then a name."""
    return 2.0 * any(map(str.isdigit, clue.quote)) + bool(clue.entities)


def _problems(said: Said, before: Sequence[Said]) -> Iterator[str]:
    """What is wrong with an exchange that no check looks for."""
    words = content(said.answer)
    if not words:
        yield f"An answer says nothing: {said.answer!r}."
    if said.mood == "told":
        yield "The passage tells what is said to be missing."
    told = facts(said.answer) - facts(said.question)
    if said.clues and not told and share(words, content(said.question)) >= REPEATED:
        yield "A question gives its answer itself."
    corrects = said.mood == "false_premise"  # and may have to say again what is right
    if corrects and not _DENIES.search(said.answer):
        yield "What is wrong in the question is not put right."
    if not corrects and any(_repeats(said, earlier) for earlier in before):
        yield "An answer repeats an earlier one."
    if any(same_words(said.question, earlier.question) for earlier in before):
        yield "A question repeats an earlier one."
    if before and _drifts(said, before):
        yield "A turn drifts off: it takes up nothing that was said before."


def _repeats(said: Said, earlier: Said) -> bool:
    """Whether an answer says an earlier one again; the same of another thing, which its question names, is new."""
    words, before = content(said.answer), content(earlier.answer)
    of_another = (words - before) & content(said.question)
    return share(words, before) >= REPEATED and not of_another


def _drifts(said: Said, before: Sequence[Said]) -> bool:
    """Whether a turn neither leans on those before it nor shares a word with any of them."""
    words = content(said.question) | content(said.answer)
    known = frozenset[str]().union(*(content(f"{earlier.question} {earlier.answer}") for earlier in before))
    return not _LEANING.search(said.question) and not words & known


def same_words(one: str, other: str) -> bool:
    """Whether two questions ask the same by their content words."""
    first, second = content(one), content(other)
    return bool(first) and bool(second) and min(share(first, second), share(second, first)) >= REPEATED
