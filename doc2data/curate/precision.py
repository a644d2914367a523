"""What a person's review says about a whole dataset: its precision, how sure that is, and where thresholds belong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

PRECIOUS = 10_000
"""Up to so many rows a dataset that matters can be read through by people."""
LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the interval that it lies in."""

    share: float
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score from which rows are kept, and what it does to the reviewed ones."""

    score: float
    precision: float
    """Share of right rows among those kept."""
    recall: float
    """Share of the right rows that are kept."""


def precision_interval(right: int, reviewed: int, confidence: float = 0.95) -> Interval:
    """The share of right rows, with Wilson's score interval ("Probable Inference", 1927).

    Raises:
        ValueError: `right` is not between 0 and `reviewed`, or nothing was reviewed.
    """
    if not 0 <= right <= reviewed or reviewed == 0:
        raise ValueError(f"{right} right rows of {reviewed} reviewed ones make no share")
    z = _z(confidence)
    share = right / reviewed
    scale = 1 + z * z / reviewed
    middle = (share + z * z / (2 * reviewed)) / scale
    half = z * math.sqrt(share * (1 - share) / reviewed + z * z / (4 * reviewed * reviewed)) / scale
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half), confidence)


def review_size(population: int, margin: float = 0.05, expected: float = 0.9, confidence: float = 0.95) -> int:
    """How many rows to review, drawn at random, so that the share of right ones is known to within `margin`.

    The usual normal approximation with the correction for a finite population.
    """
    if population <= 0:
        return 0
    needed = _z(confidence) ** 2 * expected * (1 - expected) / margin**2
    return min(population, math.ceil(needed / (1 + (needed - 1) / population)))


def review_advice(population: int) -> str:
    """How much of a dataset to read, in a sentence."""
    enough = review_size(population)
    if population <= enough:
        return f"Read all {population} rows: fewer would not tell the precision to within 5 points."
    if population <= PRECIOUS:
        return (
            f"Read {enough} rows to know the precision to within 5 points; read all {population} if they are precious."
        )
    low, high = (0.05, 0.10) if population <= LARGE else (0.01, 0.03)
    return (
        f"Read at least {enough} rows to know the precision to within 5 points; {round(low * population)} to "
        f"{round(high * population)} ({low:.0%} to {high:.0%}) show rare faults as well."
    )


def fit_threshold(scores: Sequence[float], right: Sequence[bool], precision: float) -> Threshold | None:
    """The lowest score whose rows and all above it are right in the share asked for.

    Args:
        scores: one for each reviewed row, higher is better.
        right: what the person decided.
        precision: the share of right rows wanted among those kept.

    Returns:
        None where no score reaches that share, or nothing was reviewed.
    """
    ranked = sorted(zip(scores, right, strict=True), reverse=True)
    all_right, found = sum(right), None
    kept_right = 0
    for kept, (score, is_right) in enumerate(ranked, 1):
        kept_right += is_right
        last_of_score = kept == len(ranked) or ranked[kept][0] < score
        if last_of_score and kept_right / kept >= precision:
            found = Threshold(score, kept_right / kept, kept_right / all_right if all_right else 0.0)
    return found


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
