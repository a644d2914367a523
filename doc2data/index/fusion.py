"""How much each side of retrieval is worth, learnt from the corpus itself before any question is written.

Known-item search: a sentence of a passage, half of its words hidden, should bring that passage back. How well the
vectors do this beside the words tells whether the embedder knows the language and the field. Such queries flatter the
lexical side, since what they keep they keep to the letter, so they do not choose the weight themselves: they lower a
weight that suits two sides of equal skill.

Scores are fused, not ranks: a convex sum keeps how sure a side is, which reciprocal ranks throw away (Bruch, Gai and
Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doc2data.records import Passage

EQUAL_SKILL = 0.55
"""The dense share where both sides do known items equally well."""
PRIOR_STRENGTH = 8
"""Known items that the prior weighs as much as; a corpus of three passages teaches little."""
MEASURED_DEPTH = 10
KEPT = 0.5
"""Share of words that a known-item query keeps."""
SENTENCE_WORDS = 6

_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{1,2}|[^\W_\u3040-\u9fff\uf900-\ufaff]+")

Ranked = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class LanguageWeight:
    """What the two sides are worth in one language."""

    dense: float
    """Share of the vectors in the fused score, 0 to 1."""
    floor: float
    """Cosine between a query and a passage that has nothing to do with it."""
    ceiling: float
    """Cosine between a query and the best passage for it."""
    dense_skill: float
    """Mean reciprocal rank of known items by vectors."""
    lexical_skill: float
    """The same by words."""
    items: int
    """Known items that it was learnt from."""


PRIOR = LanguageWeight(0.3, 0.0, 0.7, 0.0, 0.0, 0)
"""Before anything is known: leans on the words, which work in every language."""


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """The weights of a corpus."""

    content: str
    """Hash of the passages and the embedder that they were learnt from."""
    languages: Mapping[str, LanguageWeight]
    """By ISO 639-1 code, the language with most passages first."""

    def of(self, language: str | None) -> LanguageWeight:
        """The weight for a language; for one that the corpus does not have, that of its main language."""
        if language and language in self.languages:
            return self.languages[language]
        return next(iter(self.languages.values()), PRIOR)


@dataclass(frozen=True, slots=True)
class KnownItems:
    """Queries made from passages, and what each side brought back for them."""

    wanted: Sequence[str]
    dense: Sequence[Ranked]
    lexical: Sequence[Ranked]
    unrelated: NDArray[np.float32]
    """Cosines between queries and passages that they were not made from."""


def known_item_query(passage: Passage) -> str | None:
    """A sentence of the passage with half of its words hidden; None where it has no sentence long enough.

    The same passage always gives the same query.
    """
    choice = random.Random(passage.id)
    sentences = [_WORD.findall(sentence) for sentence in _SENTENCE.findall(passage.text)]
    long_enough = [words for words in sentences if len(words) >= SENTENCE_WORDS]
    if not long_enough:
        return None
    words = choice.choice(long_enough)
    kept = sorted(choice.sample(range(len(words)), max(3, round(KEPT * len(words)))))
    return " ".join(words[i] for i in kept)


def weigh(items: KnownItems) -> LanguageWeight:
    """The weight that known items teach."""
    if not items.wanted:
        return PRIOR
    dense_skill = _reciprocal_rank(items.wanted, items.dense)
    lexical_skill = _reciprocal_rank(items.wanted, items.lexical)
    learnt = EQUAL_SKILL * min(1.0, dense_skill / max(lexical_skill, 1e-9))
    trust = len(items.wanted) / (len(items.wanted) + PRIOR_STRENGTH)
    best = [ranked[0][1] for ranked in items.dense if ranked]
    return LanguageWeight(
        dense=round(_blend(learnt, PRIOR.dense, trust), 4),
        floor=round(_blend(float(np.mean(items.unrelated)) if items.unrelated.size else 0.0, PRIOR.floor, trust), 4),
        ceiling=round(_blend(float(np.mean(best)) if best else 1.0, PRIOR.ceiling, trust), 4),
        dense_skill=round(dense_skill, 4),
        lexical_skill=round(lexical_skill, 4),
        items=len(items.wanted),
    )


def fuse(dense: Ranked, lexical: Ranked, weight: LanguageWeight) -> list[tuple[str, float]]:
    """Both sides' results in one list of (id, score), best first; equal scores in the order of ids.

    A cosine counts by where it stands between the language's floor and ceiling, a BM25 score as a share of the best
    one. A passage that only the lexical side found has at most the cosine of the last dense result.
    """
    spread = max(weight.ceiling - weight.floor, 1e-3)
    cosines, best = dict(dense), max((score for _, score in lexical), default=0.0)
    bm25 = {i: score / best for i, score in lexical} if best > 0 else {}
    last = dense[-1][1] if dense else weight.floor
    scores = {
        i: weight.dense * (cosines.get(i, last) - weight.floor) / spread + (1 - weight.dense) * bm25.get(i, 0.0)
        for i in cosines.keys() | bm25.keys()
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def script_is_ideographic(text: str) -> bool:
    """Whether a text is written in Chinese or Japanese characters for a good part."""
    letters = sum(c.isalpha() for c in text)
    return len(_IDEOGRAPH.findall(text)) > 0.3 * letters


def _reciprocal_rank(wanted: Sequence[str], results: Sequence[Ranked]) -> float:
    return float(np.mean([_one_over_rank(item, ranked) for item, ranked in zip(wanted, results, strict=True)]))


def _one_over_rank(item: str, ranked: Ranked) -> float:
    ids = [i for i, _ in ranked[:MEASURED_DEPTH]]
    return 1 / (1 + ids.index(item)) if item in ids else 0.0


def _blend(learnt: float, prior: float, trust: float) -> float:
    return trust * learnt + (1 - trust) * prior
