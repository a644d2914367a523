"""Conversations over a passage, written by a model turn by turn, each answer from sentences it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import worth
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.necessity import facts
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.joining import WRITE_TURN, Turn, turn_over
from doc2data.tasks.joins.words import content, share

VERSION = 2
CHECK = "conversation"
LEAST_WORTH = 0.5
LEAST_FACTS = 4
MOODS = ("opening", "follow_up", "clarification", "false_premise", "left_open", "follow_up")
"""What each question is to be; a conversation takes as many as its chunk has facts for."""
LEAST, MOST = 3, 6
_LEANING = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|there|then|ones?|both|either|else)\b|[它其此该这那]",
    re.IGNORECASE,
)
"""Words that only what was said before explains."""
REPEATED = 0.8
"""Share of an answer's words that stand in an earlier answer already, from which it says nothing new."""


def plan(desk: Desk) -> Iterator[Job]:
    """One conversation for every chunk with enough facts."""
    for chunk in desk.corpus.chunks:
        bearing = [c for c in desk.corpus.clues_of(chunk) if worth(c) >= LEAST_WORTH and c.kind != "procedure"]
        if len(bearing) >= LEAST_FACTS:
            turns = min(MOST, max(LEAST, len(bearing) // 2))
            yield Job("dialogue", VERSION, chunk, (bearing[0].id,), params={"turns": turns}, seen=(chunk,))


async def write(job: Job, desk: Desk) -> Sample | Judged:
    """Ask for one exchange after the other; a turn that repeats or idles ends the sample with its reason.

    Raises:
        ModelError: no usable reply came.
    """
    clue = desk.corpus.clue(job.clues[0])
    language, passage = desk.corpus.language_of(clue), desk.numbered(clue)
    said: list[Turn] = []
    objection = ""
    for at in range(job.params["turns"]):
        values = {"said": said, "mood": MOODS[at]}
        turn = await desk.ask(WRITE_TURN, language, desk.seed(job, at), values, passage, turn_over(len(passage.units)))
        objection = objection or _objection(turn, said, MOODS[at])
        said.append(turn)
    made = _content(language, said, [passage.cited(turn.sentences) if turn.answerable else () for turn in said])
    return desk.refused(job, made, CHECK, objection) if objection else desk.sample(job, made)


def _objection(turn: Turn, said: list[Turn], mood: str) -> str:
    """Why a turn ends the conversation; empty where it may go on."""
    return next(_problems(turn, said, mood), "")


def _problems(turn: Turn, said: list[Turn], mood: str) -> Iterator[str]:
    words = content(turn.answer)
    if not words:
        yield f"An answer says nothing: {turn.answer!r}."
    if turn.answerable and not turn.sentences:
        yield "An answer names no sentence that it stands on."
    told = facts(turn.answer) - facts(turn.question)
    if turn.answerable and not told and share(words, content(turn.question)) >= REPEATED:
        yield "A question gives its answer itself."
    corrects = mood == "false_premise"  # and may have to say again what is right
    if not corrects and any(_repeats(turn, earlier) for earlier in said):
        yield "An answer repeats an earlier one."
    if any(same_words(turn.question, earlier.question) for earlier in said):
        yield "A question repeats an earlier one."
    if said and _drifts(turn, said):
        yield "A turn drifts off: it takes up nothing that was said before."


def _repeats(turn: Turn, earlier: Turn) -> bool:
    """Whether an answer says an earlier one again; the same of another thing, which its question names, is new."""
    words, before = content(turn.answer), content(earlier.answer)
    of_another = (words - before) & content(turn.question)
    return share(words, before) >= REPEATED and not of_another


def _drifts(turn: Turn, said: list[Turn]) -> bool:
    """Whether a turn neither leans on those before it nor shares a word with any of them."""
    words = content(turn.question) | content(turn.answer)
    before = frozenset[str]().union(*(content(f"{earlier.question} {earlier.answer}") for earlier in said))
    return not _LEANING.search(turn.question) and not words & before


def same_words(one: str, other: str) -> bool:
    """Whether two questions ask the same by their content words."""
    first, second = content(one), content(other)
    return bool(first) and bool(second) and min(share(first, second), share(second, first)) >= REPEATED


def _content(language: str, said: list[Turn], cited: list[tuple[Clue, ...]]) -> Content:
    clues = tuple(dict.fromkeys(clue for of_turn in cited for clue in of_turn))
    messages = [m for turn in said for m in (Message("user", turn.question), Message("assistant", turn.answer))]
    return Content(
        kind="dialogue",
        language=language,
        messages=tuple(messages),
        clues=clues,
        turns=tuple(tuple(clues.index(clue) for clue in of_turn) for of_turn in cited),
        params={"exchanges": list(MOODS[: len(said)])},
    )
