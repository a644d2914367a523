"""A look at all samples before the first is written: how many there are of each kind, and which go first.

Loaders learn the columns of a JSON Lines file from its first megabytes. `datasets` then refuses a file in which a
list that was empty so far gets an element, a null gets a value, or an object gets a key. So the first samples that
show each of these are written before the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from doc2data.export.curriculum import Order, in_order
from doc2data.export.splits import Split
from doc2data.records import Judged, to_canonical

Placed: TypeAlias = tuple[Judged, Split]

_SINGLE_TURN = 3
"""Most messages of a sample without earlier turns: system, question, answer."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known before the first row."""

    counts: Counter[tuple[Split, str]] = field(default_factory=Counter)
    """Samples by split and kind."""
    first: dict[str, Placed] = field(default_factory=dict)
    """Samples, by id, that show a column or a type first in their split: a few dozen, however large the set."""

    def in_order(self, samples: Iterable[Placed], order: Order = "plan") -> Iterator[Placed]:
        """Those that go first, in the order asked for among themselves, then the others as they come."""
        yield from in_order(lambda: iter(self.first.values()), lambda placed: placed[0].sample, order)
        yield from (placed for placed in samples if placed[0].sample.id not in self.first)


class Shapes:
    """Columns and types that the samples of each file have shown so far."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}

    def shows_new(self, judged: Judged, file: str) -> bool:
        """Whether a sample is the first of its file to show something."""
        shape = set(_shape(to_canonical(judged), ""))
        if len(judged.sample.messages) > _SINGLE_TURN:
            shape.add("earlier turns")
        known = self._seen.setdefault(file, set())
        fresh = not shape <= known
        known |= shape
        return fresh


def survey_samples(samples: Iterable[Placed]) -> Survey:
    """Look at every sample once."""
    found, shapes = Survey(), Shapes()
    for judged, split in samples:
        found.counts[split, judged.sample.kind] += 1
        if shapes.shows_new(judged, split):
            found.first[judged.sample.id] = judged, split
    return found


def _shape(value: Any, path: str) -> Iterator[str]:
    """Every place in a row that holds a value, with the value's type; empty lists and nulls hold none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _shape(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _shape(inner, f"{path}[]")
    elif value is not None:
        yield f"{path}:{type(value).__name__}"
