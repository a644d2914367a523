"""A subset of a dataset: as many as asked for, evenly over what is named, within quotas, and as different as can be.

Diversity is that of the greedy k-center (Gonzalez, "Clustering to Minimize the Maximum Intercluster Distance", 1985;
for choosing training data Sener and Savarese, 1708.00489): next comes what is farthest from all that was chosen.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from doc2data.errors import UsageError
from doc2data.records import Judged, Sample
from models import Vectors

POOL = 20_000
"""Samples that are compared with each other; of more, the first by id (a hash) of each group in turn."""
EASY_STEPS, HARD_STEPS = 1, 3
"""Up to so many steps a sample is easy; from so many it is hard."""


def difficulty(sample: Sample) -> str:
    """easy, medium or hard, by how many pieces of evidence have to be joined and steps of reasoning made."""
    steps = max(len(sample.evidence) if sample.kind != "dialogue" else 1, len(sample.reasoning))
    grown = int(sample.recipe.params.get("evolved", 0)) if str(sample.recipe.params.get("evolved", 0)).isdigit() else 0
    steps += grown
    return "easy" if steps <= EASY_STEPS else "hard" if steps >= HARD_STEPS else "medium"


def _document(sample: Sample) -> str:
    return sample.evidence[0].document if sample.evidence else ""


def _section(sample: Sample) -> str:
    return " > ".join((_document(sample), *sample.evidence[0].section)) if sample.evidence else ""


KEYS: dict[str, Callable[[Sample], str]] = {
    "kind": lambda sample: sample.kind,
    "difficulty": difficulty,
    "document": _document,
    "section": _section,
    "language": lambda sample: sample.language,
    "recipe": lambda sample: sample.recipe.name,
}
"""What samples may be balanced over."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The most that one group may have."""

    key: str
    value: str
    most: float
    share: bool
    """Whether `most` is a share of the whole, 0 to 1, and not a number of samples."""

    def of(self, size: int) -> int:
        """Samples of this group among `size`."""
        return math.floor(self.most * size) if self.share else int(self.most)


def read_quota(text: str) -> Quota:
    """A quota as written: `kind=dialogue:100` or `document=manual.pdf:25%`.

    Raises:
        UsageError: it is written otherwise, or its key is unknown.
    """
    group, colon, most = text.rpartition(":")
    key, equals, value = group.partition("=")
    number = most.removesuffix("%")
    if not (colon and equals and value) or not number.isdecimal() or key not in KEYS:
        raise UsageError(
            f"A quota is written KEY=VALUE:NUMBER or KEY=VALUE:SHARE%, not {text!r}.",
            f"For instance kind=dialogue:100 or document=manual.pdf:25%. Keys: {', '.join(KEYS)}.",
        )
    share = most.endswith("%")
    return Quota(key, value, int(number) / 100 if share else float(number), share)


def check_keys(names: Sequence[str]) -> None:
    """Refuse what samples cannot be balanced over.

    Raises:
        UsageError: a name is none of `KEYS`.
    """
    unknown = [name for name in names if name not in KEYS]
    if unknown:
        raise UsageError(f"Samples cannot be balanced over {unknown[0]!r}.", f"Choose from: {', '.join(KEYS)}.")


def choose(
    judged: Sequence[Judged],
    embed: Callable[[Sequence[str]], Vectors],
    size: int = 0,
    balance: Sequence[str] = (),
    quotas: Sequence[Quota] = (),
) -> list[Judged]:
    """The subset, in the order given; the same for the same samples, whatever their order.

    Args:
        judged: accepted samples.
        embed: unit vectors.
        size: most samples; 0 for as many as balance and quotas leave.
        balance: names of `KEYS`. Each group gets as many as the others while it has some; without `size`, no group
            keeps more than the median group has.
        quotas: the most of single groups.
    """
    pool = _pool(sorted(judged, key=lambda one: one.sample.id), balance, size)
    most = min(size or len(pool), len(pool))
    caps = _caps(pool, most, () if size else balance, quotas)
    vectors = np.asarray(embed([one.sample.question for one in pool]), np.float32) if pool else None
    if vectors is None:
        return []
    chosen = {pool[i].sample.id for i in _greedy(pool, vectors, most, balance, caps)}
    return [one for one in judged if one.sample.id in chosen]


def _pool(judged: list[Judged], balance: Sequence[str], size: int) -> list[Judged]:
    """What is looked at: of a very large set the first of each group in turn."""
    room = max(POOL, 2 * size)
    if len(judged) <= room:
        return judged
    groups: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
    for one in judged:
        groups[tuple(KEYS[key](one.sample) for key in balance)].append(one)
    turns = ((turn, one.sample.id, one) for group in groups.values() for turn, one in enumerate(group))
    first = sorted(turns, key=lambda turn: turn[:2])[:room]
    return sorted((one for _, _, one in first), key=lambda one: one.sample.id)


Caps = dict[str, dict[str, int]]


def _caps(pool: Sequence[Judged], size: int, levelled: Sequence[str], quotas: Sequence[Quota]) -> Caps:
    """The most of each value of each key that has such a bound."""
    caps: Caps = {}
    for key in levelled:
        counts = Counter(KEYS[key](one.sample) for one in pool)
        level = math.ceil(median(counts.values())) if counts else 0
        caps[key] = dict.fromkeys(counts, level)
    for quota in quotas:
        of_key = caps.setdefault(quota.key, {})
        of_key[quota.value] = min(quota.of(size), of_key.get(quota.value, len(pool)))
    return caps


def _greedy(pool: Sequence[Judged], vectors: Vectors, most: int, balance: Sequence[str], caps: Caps) -> list[int]:
    """Numbers of the chosen: of the groups that have least so far, what is farthest from all that was chosen."""
    codes, names = _coded(pool, sorted({*balance, *caps}))
    taken = {key: np.zeros(len(names[key]), np.int64) for key in codes}
    full = {key: np.array([caps.get(key, {}).get(v, len(pool)) for v in names[key]]) for key in codes}
    free = np.ones(len(pool), bool)
    nearest = np.full(len(pool), -1.0, np.float32)
    merit = np.array([one.score for one in pool], np.float32) * 1e-4  # decides between equally far ones only
    chosen: list[int] = []
    while len(chosen) < most:
        open_ones = free.copy()
        for key, of_key in codes.items():
            open_ones &= (taken[key] < full[key])[of_key]
        if not open_ones.any():
            break
        load = sum((taken[key][codes[key]] for key in balance), np.zeros(len(pool), np.int64))
        least = open_ones & (load == load[open_ones].min())
        best = int(np.where(least, merit - nearest, -np.inf).argmax())
        chosen.append(best)
        free[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
        for key, of_key in codes.items():
            taken[key][of_key[best]] += 1
    return chosen


def _coded(pool: Sequence[Judged], keys: Sequence[str]) -> tuple[dict[str, NDArray[np.int64]], dict[str, list[str]]]:
    """For each key the number of every sample's value, and the values by number."""
    codes, names = {}, {}
    for key in keys:
        values = [KEYS[key](one.sample) for one in pool]
        names[key] = sorted(set(values))
        numbers = {value: number for number, value in enumerate(names[key])}
        codes[key] = np.array([numbers[value] for value in values], np.int64)
    return codes, names
