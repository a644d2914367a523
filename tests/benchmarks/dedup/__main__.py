"""Time, memory and leftovers of de-duplicating synthetic questions.

    python -m tests.benchmarks.dedup [--size 100000]

Questions are drawn from templates and made-up names; one in five is a light rewording of an earlier one. Prints the
seconds, the peak memory of the process, and the share of kept questions that still have a near-duplicate (counted by
brute force on a sample). A question that rewords another one has its evidence, its answer and nearly its vector.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from doc2data.curate import DuplicateFilter
from doc2data.curate.trigrams import jaccard, trigrams
from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample
from doc2data.settings import CheckSettings
from models import Vectors

TEMPLATES = [
    "What is the {a} of the {n} in the {m} unit?",
    "How often must the {n} of the {m} be {v}?",
    "Which {a} does the {n} need before the {m} is {v}?",
    "Why should the {n} never be {v} while the {m} is running?",
    "What happens when the {a} of the {m} falls below the limit of the {n}?",
    "Who has to approve that the {n} is {v} after work on the {m}?",
]
VERBS = ["cleaned", "replaced", "opened", "calibrated", "greased", "inspected", "drained", "tightened"]
ATTRIBUTES = ["pressure", "temperature", "voltage", "clearance", "torque", "flow", "weight", "thickness"]
REWORDED = 0.2
CHECKED = 100
GROUP = 12
"""Questions of one chunk."""
DIMENSION = 384
PARTS = 8192


def questions(size: int) -> tuple[list[str], list[int]]:
    """Questions, and for each the number of the one that it rewords, or its own."""
    draw = random.Random(0)
    names = ["".join(draw.choice("bdfgklmnprstv") + draw.choice("aeiou") for _ in range(3)) for _ in range(size // 4)]
    texts: list[str] = []
    origins: list[int] = []
    for number in range(size):
        if texts and draw.random() < REWORDED:
            origin = draw.randrange(number)
            texts.append(draw.choice([str.upper, str.title, "Please tell me: {}".format, "{} ?".format])(texts[origin]))
            origins.append(origins[origin])
        else:
            texts.append(_fresh(draw, names))
            origins.append(number)
    return texts, origins


def _fresh(draw: random.Random, names: Sequence[str]) -> str:
    return draw.choice(TEMPLATES).format(
        a=draw.choice(ATTRIBUTES),
        n=f"{draw.choice(names)} {draw.choice(names)}",
        m=f"{draw.choice(names)} {draw.choice(names)}",
        v=draw.choice(VERBS),
    )


class Meanings:
    """A unit vector for each question, close to that of the one it rewords; made as they are asked for."""

    def __init__(self, numbers: Mapping[str, int], origins: NDArray[np.int64]) -> None:
        self._numbers, self._origins = numbers, origins
        self._parts = np.random.default_rng(0).standard_normal((PARTS, DIMENSION), dtype=np.float32)

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), DIMENSION)."""
        numbers = np.array([self._numbers[text] for text in texts])
        mixed = self._own(self._origins[numbers]) + 0.15 * self._own(numbers)
        unit: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit

    def _own(self, numbers: NDArray[np.int64]) -> Vectors:
        """The sum of three vectors by which no two numbers of a few millions are near each other."""
        mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        parts = (mixed[:, None] >> np.array([20, 33, 46], np.uint64)) % np.uint64(PARTS)
        summed: Vectors = self._parts[parts.astype(np.intp)].sum(axis=1)
        return summed


def kept_of(texts: Sequence[str], origins: Sequence[int], known: DuplicateFilter) -> list[str]:
    """Questions that are not asked twice, group by group, as a run settles them."""
    kept = []
    for start in range(0, len(texts), GROUP):
        numbers = range(start, min(start + GROUP, len(texts)))
        group = [_sample(number, texts[number], origins[number]) for number in numbers]
        known.prepare(group)
        for sample in group:
            if known.seen(sample) is None:
                known.add(sample)
                kept.append(sample.question)
    return kept


def _sample(number: int, text: str, origin: int) -> Sample:
    """A sample with the evidence and the answer of the question that it rewords."""
    messages = (Message("user", text), Message("assistant", f"That is told by entry {origin} of the register."))
    evidence = (Evidence(f"{origin // 1000}.pdf", "", None, (), origin % 1000 * 50, origin % 1000 * 50 + 40, ""),)
    made = MadeBy("rules", "rules", "", "", 0)
    return Sample(str(number), "qa", "en", messages, evidence, RecipeRef("qa", 1), made)


def leftovers(kept: Sequence[str], threshold: float) -> float:
    """Share of a sample of kept questions that have a near-duplicate among all kept ones."""
    sample = random.Random(1).sample(range(len(kept)), min(CHECKED, len(kept)))
    grams = [trigrams(text) for text in kept]
    found = sum(any(i != j and jaccard(grams[i], other) >= threshold for j, other in enumerate(grams)) for i in sample)
    return found / len(sample)


def main() -> None:
    """Measure one size."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=100_000)
    given = options.parse_args()
    settings = CheckSettings()
    texts, origins = questions(given.size)
    meanings = Meanings({text: number for number, text in enumerate(texts)}, np.array(origins))
    started, processor = time.perf_counter(), time.process_time()
    kept = kept_of(texts, origins, DuplicateFilter(meanings, settings))
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{given.size} questions, {len(kept)} kept: {seconds:.1f} s ({processor:.1f} s of processor), "
        f"peak {memory:.0f} MB\n"
    )
    sys.stdout.flush()
    left = leftovers(kept, settings.duplicate_jaccard)
    sys.stdout.write(f"kept ones with a near-duplicate: {left:.2%}\n")


if __name__ == "__main__":
    main()
