"""Where a sample comes from: the samples that it grew out of, back to the first one and the clues that it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doc2data.records import Judged, Sample

MOST = 64
"""Longest line that is walked; a damaged one may run in a circle."""


def ancestors(sample: Sample, find: Callable[[str], Judged | None]) -> Iterator[Judged]:
    """The sample's parent, the parent's parent and so on; ends at a first sample, or where one is no longer kept."""
    for _ in range(MOST):
        found = find(sample.parent) if sample.parent is not None else None
        if found is None:
            return
        yield found
        sample = found.sample


def manner_of(sample: Sample) -> str:
    """How a sample was made, in a few words: its recipe, and which of its ways."""
    params = sample.recipe.params
    ways = [str(params[name]) for name in ("operator", "manner") if params.get(name)]
    edited = ["edited"] if params.get("edited") else []
    return ", ".join([sample.recipe.name, *ways, *edited])
