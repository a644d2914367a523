"""Whole parts of an answer: steps in another order, a part left out, the neighbour's answer, something added."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from doc2data.tasks.corruptions.ground import COMPLETENESS, Ground, Wrong

_ITEM = re.compile(r"^(\s*(?:\d{1,2}[.)]|[(（]?\d{1,2}[)）]|\d{1,2}、)\s*)(.*)$")
_WARNING = re.compile(
    r"(?:(?<=[.!?] )|(?<=[。！？])|^)"
    r"(?:(?:WARNING|CAUTION|DANGER|Warning|Caution|Danger)[:!]? [^.!?]*|Never [^.!?]*|Do not [^.!?]*"
    r"|(?:警告|注意|危险|小心)[:：][^。！？]*|(?:严禁|禁止|切勿|请勿)[^。！？]*)[.!?。！？]\s*"
)
_ENDS = (".", "!", "?", "。", "！", "？")
_LEAST_STEPS = 3
_PROPOSALS = 4
_RATIO = 0.6
"""Shortest a neighbour's answer may be of the right one, or the right one of it: length must not tell them apart."""


def step_order(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """Two neighbouring steps in each other's place."""
    marks, steps = _steps(ground.answer)
    places = range(len(steps) - 1) if len(steps) >= _LEAST_STEPS else ()
    for at in draw.sample(places, len(places))[:_PROPOSALS]:
        order = [*steps[:at], steps[at + 1], steps[at], *steps[at + 2 :]]
        before, after = f"{steps[at]} → {steps[at + 1]}", f"{steps[at + 1]} → {steps[at]}"
        yield Wrong(_written(marks, order), before, after, COMPLETENESS)


def step_left_out(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """One step missing, the others numbered on."""
    marks, steps = _steps(ground.answer)
    if len(steps) < _LEAST_STEPS:
        return
    for at in draw.sample(range(len(steps)), len(steps))[:_PROPOSALS]:
        left = [*steps[:at], *steps[at + 1 :]]
        yield Wrong(_written(marks, left), steps[at], "", COMPLETENESS)


def warning_left_out(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A step without the warning that it carries."""
    marks, steps = _steps(ground.answer)
    for at, step in enumerate(steps):
        match = _WARNING.search(step)
        bare = f"{step[: match.start()]}{step[match.end() :]}".strip() if match else ""
        if match and bare:
            left = [*steps[:at], bare, *steps[at + 1 :]]
            yield Wrong(_written(marks, left), match.group().strip(), "", COMPLETENESS)


def neighbour(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """What a neighbouring passage answers to another question."""
    for other in ground.elsewhere.answers:
        shorter, longer = sorted((len(other), len(ground.answer)))
        if not ground.holds(other) and shorter >= _RATIO * longer and not _steps(other)[1]:
            yield Wrong(other, ground.answer, other)


def addition(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """The right answer, and a sentence that its evidence does not hold."""
    whole = ground.answer.rstrip()
    marks, steps = _steps(ground.answer)
    if not whole.endswith(_ENDS) or (steps and not whole.endswith(steps[-1])):
        return
    for sentence in ground.elsewhere.sentences:
        if ground.holds(sentence) or len(sentence) > len(whole):
            continue
        joint = "" if whole.endswith(("。", "！", "？")) else " "
        lead = f"\n{_numbered(marks[-1], len(steps) + 1)}" if steps else joint
        yield Wrong(f"{whole}{lead}{sentence}", "", sentence)


def _steps(answer: str) -> tuple[list[str], list[str]]:
    """Marks and texts of the numbered lines; both empty where a line is none."""
    lines = [_ITEM.match(line) for line in answer.splitlines() if line.strip()]
    found = [match for match in lines if match]
    if len(found) < 2 or len(found) < len(lines):
        return [], []
    return [match.group(1) for match in found], [match.group(2).strip() for match in found]


def _written(marks: Sequence[str], steps: Sequence[str]) -> str:
    return "\n".join(f"{mark}{step}" for mark, step in zip(marks, steps, strict=False))


def _numbered(mark: str, number: int) -> str:
    return re.sub(r"\d+", str(number), mark)
