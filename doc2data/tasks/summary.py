"""Which sentences stand for a text, by rule and without a model.

Continuous LexRank (Erkan and Radev, 2004), biased (Otterbacher et al., 2005) to the front, where texts say what they
are about.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from doc2data.tasks.joins.words import content

DAMPING = 0.7
ROUNDS = 60
REPEATS = 0.5
"""Cosine from which two sentences say too much of the same to stand in one summary."""


def central(sentences: Sequence[str], most: int) -> list[int]:
    """Positions of the most central sentences, none of which repeats another, in reading order.

    Args:
        sentences: of one text.
        most: how many at most.
    """
    if not sentences:
        return []
    cosines = _cosines([content(sentence) for sentence in sentences])
    scores = _ranks(cosines)
    chosen: list[int] = []
    for at in sorted(range(len(sentences)), key=lambda i: (-round(float(scores[i]), 9), i)):
        if len(chosen) < most and all(cosines[at, other] < REPEATS for other in chosen):
            chosen.append(at)
    return sorted(chosen)


def _cosines(words: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Cosines of the sentences by their words, rare ones weighing more, shape (n, n)."""
    found = Counter(word for sentence in words for word in sentence)
    weights = {word: math.log((1 + len(words)) / n) for word, n in found.items()}
    order = {word: at for at, word in enumerate(sorted(weights))}
    table = np.zeros((len(words), max(1, len(order))))
    for row, sentence in enumerate(words):
        for word in sentence:
            table[row, order[word]] = weights[word]
    norms = np.linalg.norm(table, axis=1, keepdims=True)
    unit = np.divide(table, norms, out=np.zeros_like(table), where=norms > 0)
    cosines: NDArray[np.float64] = unit @ unit.T
    return cosines


def _ranks(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    """The stationary distribution of a walk from sentence to like sentence, begun near the front, shape (n,)."""
    n = len(cosines)
    lead = 1 / np.arange(1, n + 1)
    lead /= lead.sum()
    sums = cosines.sum(axis=1, keepdims=True)
    steps = np.divide(cosines, sums, out=np.full_like(cosines, 1 / n), where=sums > 0)
    ranks = np.full(n, 1 / n)
    for _ in range(ROUNDS):
        ranks = (1 - DAMPING) * lead + DAMPING * (ranks @ steps)
    return ranks
