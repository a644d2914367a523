"""Pairs whose rejected answer is provably false or worse.

One thing of the accepted answer is changed, and a check that the accepted one passes turns it down.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile

from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.surroundings import surroundings
from doc2data.records import PREFERENCE, Judged, Message, Rejected, Sample, Verdict
from doc2data.tasks.corruptions import EDITS, OPERATORS, SENTENCES, STRUCTURAL, Ground, Wrong

CHECK = "proof"
EDITED = 0.8
"""Share of pairs that differ in a word or two where they can: the harder ones to tell apart."""
PROPOSED = 8
TRIED = 3
"""Of an operator's proposals those that are held against their check."""
WINDOW = 12
"""Characters by which a place is found again in the question."""


async def run(job: Job, parent: Sample, desk: Desk) -> Sequence[Sample | Judged]:
    """As many pairs as are asked for, each by another operator; proposals without proof are refused."""
    draw = random.Random(desk.seed(job))
    ground = surroundings(desk).ground(parent, draw)
    made: list[Sample | Judged] = []
    wanted = desk.settings.prefer.pairs
    proposed = {name: list(islice(OPERATORS[name](ground, draw), PROPOSED)) for name in _order(draw)}
    # What the question says too is changed last: an answer about another thing than was asked for deceives nobody.
    for asked_for in (False, True):
        for name, wrongs in proposed.items():
            tried = [wrong for wrong in wrongs if _asked_for(wrong, ground) == asked_for][:TRIED]
            if wanted == 0 or not tried or any(one.recipe.params["operator"] == name for one in _samples(made)):
                continue
            found = _proven(name, tried, parent, desk)
            if found is not None:
                made.append(desk.sample(job, pair(parent, found, desk)))
                wanted -= 1
            else:
                reason = f"The answer made wrong by {name} passes {tried[-1].check}: nothing proves that it is worse."
                content = pair(parent, _rejected(name, tried[-1], "not turned down"), desk)
                made.append(desk.refused(job, content, CHECK, reason))
    return made


def _samples(made: Sequence[Sample | Judged]) -> list[Sample]:
    return [one for one in made if isinstance(one, Sample)]


def pair(parent: Sample, rejected: Rejected, desk: Desk) -> Content:
    """The content of a pair whose chosen answer is the parent's own."""
    return Content(
        kind=PREFERENCE,
        language=parent.language,
        messages=parent.messages,
        clues=tuple(desk.corpus.clue(id) for id in parent.clues),
        turns=parent.turns,
        params={"of": parent.kind, "operator": rejected.operator},
        parent=parent.id,
        rejected=rejected,
    )


def _order(draw: random.Random) -> list[str]:
    """Operators by chance: those that few answers allow first, those that write other sentences mostly last."""
    order = [STRUCTURAL, EDITS, SENTENCES] if draw.random() < EDITED else [STRUCTURAL, SENTENCES, EDITS]
    return [name for names in order for name in draw.sample(names, len(names))]


def _proven(name: str, tried: Sequence[Wrong], parent: Sample, desk: Desk) -> Rejected | None:
    """The first of an operator's proposals that its check turns down."""
    for wrong in tried:
        verdict = turned_down(parent, wrong.answer, wrong.check, desk)
        if verdict is not None:
            return _rejected(name, wrong, verdict.reason)
    return None


def _asked_for(wrong: Wrong, ground: Ground) -> bool:
    """Whether what was changed stands in the question too: better is a change of what the answer tells."""
    pairs = zip(wrong.answer, ground.answer, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = ground.answer.rfind(" ", 0, same) + 1
    return ground.answer[start : start + max(len(wrong.before), WINDOW)].casefold() in ground.question.casefold()


def turned_down(parent: Sample, answer: str, check: str, desk: Desk) -> Verdict | None:
    """The verdict by which a check turns down another answer to a sample's question; None where it passes."""
    other = replace(parent, messages=(*parent.messages[:-1], Message("assistant", answer)), reasoning=())
    [[verdict]] = desk.check([other], names=[check])
    return None if verdict.passed else verdict


def _rejected(operator: str, wrong: Wrong, reason: str) -> Rejected:
    return Rejected(wrong.answer, operator, wrong.before, wrong.after, wrong.check, reason)
