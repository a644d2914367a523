"""What the recipes that grow samples share: which samples grow, and what kind of question each asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.recipes.base import Desk
from doc2data.records import Sample, content_id

GROWN = frozenset({"evolve", "augment"})
"""Recipes whose samples have a parent that asks for something too."""


def parents(desk: Desk, kinds: frozenset[str], without: frozenset[str] = GROWN) -> Iterator[Sample]:
    """Accepted samples of one question and one answer that stand on clues of this corpus, in plan order.

    Args:
        desk: whose samples.
        kinds: kinds of sample that may grow.
        without: recipes whose samples do not.
    """
    for judged in desk.accepted():
        sample = judged.sample
        if sample.kind not in kinds or sample.recipe.name in without or sample.rejected is not None:
            continue
        if [m.role for m in sample.messages if m.role != "system"] == ["user", "assistant"] and _stands(sample, desk):
            yield sample


def chunk_of(sample: Sample, desk: Desk) -> str:
    """The chunk that a sample's first clue stands in."""
    return desk.corpus.clue(sample.clues[0]).chunk


def choice(names: Sequence[str], *parts: object) -> str:
    """One of the names, the same for the same parts."""
    return names[int(content_id("choice", *parts)[:8], 16) % len(names)]


def _stands(sample: Sample, desk: Desk) -> bool:
    return bool(sample.clues) and all(desk.corpus.holds(clue) for clue in sample.clues)


def root_of(sample: Sample) -> str:
    """The id of the sample that its line begins with: its own, where it did not grow."""
    return str(sample.recipe.params.get("root", sample.id))
