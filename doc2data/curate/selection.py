"""A subset of a dataset: as many as asked for, evenly over what is named, within quotas, and as different as can be.

Diversity is that of the greedy k-center (Gonzalez, "Clustering to Minimize the Maximum Intercluster Distance", 1985;
for choosing training data Sener and Savarese, 1708.00489): next comes what is farthest from all that was chosen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from doc2data.errors import UsageError
from doc2data.records import Judged, Sample
from models import Vectors

POOL, SMALLEST = 20_000, 2_000
"""Most samples that are compared with each other, and fewest where there are more; more are parted by id (a hash)."""
EFFORT = 40_000_000
"""Comparisons for one choice, by which the parts get smaller as more is chosen: time then grows with the choice."""
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
    ordered = sorted(judged, key=lambda one: one.sample.id)
    most = min(size or len(ordered), len(ordered))
    caps = _caps(ordered, most, () if size else balance, quotas)
    if most == len(ordered) and not caps:
        return list(judged)
    bounded = ordered if size else [one for one in ordered if _is_bounded(one, caps)]
    chosen = _Choice(embed, balance, caps)
    chosen.ids = {one.sample.id for one in ordered} - {one.sample.id for one in bounded}
    parts = _parts(bounded, most)
    ahead = len(bounded)
    for part in parts:
        chosen.add(part, math.ceil((most - len(chosen.ids)) * len(part) / ahead), len(part) / ahead)
        ahead -= len(part)
    for part in parts if len(chosen.ids) < most else ():  # room that the caps of later parts have left
        chosen.add([one for one in part if one.sample.id not in chosen.ids], most - len(chosen.ids), 1.0)
    return [one for one in judged if one.sample.id in chosen.ids]


def _parts(ordered: Sequence[Judged], most: int) -> list[Sequence[Judged]]:
    """Samples in parts that can be compared; each part is a random one, since ids are hashes."""
    size = min(POOL, max(SMALLEST, EFFORT // max(1, most)))
    count = math.ceil(len(ordered) / size)
    return [ordered[i::count] for i in range(count)]


Caps = dict[str, dict[str, int]]


def _is_bounded(one: Judged, caps: Caps) -> bool:
    return any(KEYS[key](one.sample) in of_key for key, of_key in caps.items())


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


class _Choice:
    """What was chosen so far, from one part of the pool after the other."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], balance: Sequence[str], caps: Caps) -> None:
        self._embed, self._balance, self._caps = embed, balance, caps
        self._taken: dict[str, Counter[str]] = {key: Counter() for key in {*balance, *caps}}
        self.ids: set[str] = set()

    def add(self, part: Sequence[Judged], most: int, share: float) -> None:
        """Choose `most` of a part: of the groups that have least so far, what is farthest from all chosen of it.

        Of the room that the caps leave it takes no more than its `share`, 0 to 1.
        """
        if not part or most < 1:
            return
        vectors = np.asarray(self._embed([one.sample.question for one in part]), np.float32)
        codes, names = _coded(part, sorted(self._taken))
        taken = {key: np.array([self._taken[key][v] for v in names[key]], np.int64) for key in codes}
        full = {key: taken[key] + self._room(key, names[key], share, len(part)) for key in codes}
        free = np.ones(len(part), bool)
        nearest = np.full(len(part), -1.0, np.float32)
        merit = np.array([one.score for one in part], np.float32) * 1e-4  # decides between equally far ones only
        for _ in range(most):
            open_ones = free.copy()
            for key, of_key in codes.items():
                open_ones &= (taken[key] < full[key])[of_key]
            if not open_ones.any():
                break
            load = sum((taken[key][codes[key]] for key in self._balance), np.zeros(len(part), np.int64))
            least = open_ones & (load == load[open_ones].min())
            best = int(np.where(least, merit - nearest, -np.inf).argmax())
            self.ids.add(part[best].sample.id)
            free[best] = False
            nearest = np.maximum(nearest, vectors @ vectors[best])
            for key, of_key in codes.items():
                taken[key][of_key[best]] += 1
                self._taken[key][names[key][of_key[best]]] += 1

    def _room(self, key: str, values: Sequence[str], share: float, size: int) -> NDArray[np.int64]:
        """How many more of each value a part may take."""
        caps = self._caps.get(key, {})
        rooms = (math.ceil(share * (caps[v] - self._taken[key][v])) if v in caps else size for v in values)
        return np.fromiter(rooms, np.int64, len(values))


def _coded(pool: Sequence[Judged], keys: Sequence[str]) -> tuple[dict[str, NDArray[np.int64]], dict[str, list[str]]]:
    """For each key the number of every sample's value, and the values by number."""
    codes, names = {}, {}
    for key in keys:
        values = [KEYS[key](one.sample) for one in pool]
        names[key] = sorted(set(values))
        numbers = {value: number for number, value in enumerate(names[key])}
        codes[key] = np.array([numbers[value] for value in values], np.int64)
    return codes, names
