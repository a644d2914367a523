"""prefer: pairs of a chosen and a rejected answer to the question of an accepted sample, with the proof.

Each way of making one is a recipe of its own underneath; `prefer.by` says which are taken. The chosen answer passes
every check of its parent's kind; the rejected one fails the check that the pair names, or loses to it before judges.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from doc2data.recipes import contests, falsifying, mending
from doc2data.recipes.base import Desk, Job
from doc2data.records import Judged, Sample, content_id

VERSION = 1
WITHOUT = frozenset({"unanswerable", "classify"})
"""Kinds whose answers no check can turn down by their evidence."""
SINGLE = 2
"""Messages of a sample of one question and one answer; models write new answers to these only."""
Way = Callable[[Job, Sample, Desk], Awaitable[Sequence[Sample | Judged]]]
WAYS: Mapping[str, Way] = {
    "corruption": falsifying.run,
    "best-of": contests.best_and_worst,
    "judge": contests.judged_twice,
    "revision": mending.revised,
    "principles": mending.principled,
}


class Prefer:
    """The recipe `prefer`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per accepted sample and way."""
        ways = desk.settings.prefer.by
        for judged in desk.accepted():
            sample = judged.sample
            if _fits(sample, desk):
                chunk = desk.corpus.clue(sample.clues[0]).chunk
                for way in ways:
                    if way == "corruption" or len(sample.messages) == SINGLE:
                        yield Job("prefer", VERSION, chunk, sample.clues, params=_params(way, sample, desk))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Make the pair; what could not be proven is counted with its reason."""
        parent = desk.find(job.params["parent"])
        if parent is None or parent.status != "accepted":
            return []
        return await WAYS[job.params["by"]](job, parent.sample, desk)


def _params(way: str, sample: Sample, desk: Desk) -> dict[str, object]:
    """What makes the job another one: the pairs asked for, the principles as they stand now."""
    of_way: dict[str, object] = {}
    if way == "corruption":
        of_way = {"pairs": desk.settings.prefer.pairs}
    elif way == "best-of":
        of_way = {"answers": desk.settings.prefer.answers}
    elif way == "principles":
        of_way = {"principles": content_id(desk.given.principles)}
    return {"by": way, "parent": sample.id} | of_way


def _fits(sample: Sample, desk: Desk) -> bool:
    """Whether a sample ends with an answer on clues that the corpus holds, and is no pair itself."""
    whole = bool(sample.clues) and all(desk.corpus.holds(clue) for clue in sample.clues)
    return whole and sample.rejected is None and sample.kind not in WITHOUT and bool(sample.evidence)
