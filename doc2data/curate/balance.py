"""Length bias of preference pairs: whether the chosen answers are longer, or shorter, than the rejected ones.

A reward model learns length before anything else where it can (Singhal et al., "A Long Way to Go", 2310.03716).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doc2data.records import Sample


@dataclass(frozen=True, slots=True)
class LengthBias:
    """Lengths of the chosen answers against those of the rejected ones, in characters."""

    pairs: int
    ratio: float
    """Mean of chosen to rejected length; 1 where there is no bias, and where there are no pairs."""
    longer: float
    """Share of pairs whose chosen answer is the longer one."""
    shorter: float
    """Share of pairs whose chosen answer is the shorter one."""


def length_bias(samples: Iterable[Sample]) -> LengthBias:
    """The length bias of those samples that are pairs."""
    ratios = [ratio(sample) for sample in samples if sample.rejected is not None]
    n = len(ratios)
    if not n:
        return LengthBias(0, 1.0, 0.0, 0.0)
    return LengthBias(n, sum(ratios) / n, sum(r > 1 for r in ratios) / n, sum(r < 1 for r in ratios) / n)


class LengthBalance:
    """Lets a pair in where the mean ratio stays near 1, or comes nearer; the outcome depends on the order alone."""

    def __init__(self, tolerance: float) -> None:
        """`tolerance` is how far the mean of chosen to rejected lengths may be from 1."""
        self._tolerance = tolerance
        self._pairs = 0
        self._sum = 0.0

    def add(self, pair: Sample) -> None:
        """Count a pair that was accepted."""
        self._pairs += 1
        self._sum += ratio(pair)

    def admits(self, pair: Sample) -> bool:
        """Whether the pair may be accepted."""
        now = self._sum / self._pairs if self._pairs else 1.0
        then = (self._sum + ratio(pair)) / (self._pairs + 1)
        return abs(then - 1) <= self._tolerance or (self._pairs > 0 and abs(then - 1) < abs(now - 1))


def ratio(pair: Sample) -> float:
    """Chosen to rejected length, in characters."""
    assert pair.rejected is not None, "only pairs have two answers"
    return len(pair.answer) / max(1, len(pair.rejected.answer))
