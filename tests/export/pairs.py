"""The tests' dataset with a preference pair for each accepted question of one kind, and for one dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from doc2data.records import PREFERENCE, Judged, RecipeRef, Rejected, content_id
from tests.export.corpus import Corpus

WRONG = "It is not rated at all."


@dataclass(frozen=True)
class Paired:
    """The dataset, and the pairs in it."""

    judged: tuple[Judged, ...]

    def samples(self) -> Iterator[Judged]:
        """A fresh pass."""
        return iter(self.judged)

    @property
    def pairs(self) -> list[Judged]:
        """The pairs that were accepted."""
        return [one for one in self.judged if one.sample.rejected and one.status == "accepted"]


def paired(corpus: Corpus) -> Paired:
    """Every accepted qa and dialogue sample with a pair, and the first qa sample with two."""
    parents = [one for one in corpus.judged if one.status == "accepted" and one.sample.kind in ("qa", "dialogue")]
    pairs = [_pair(parent, WRONG) for parent in parents]
    return Paired((*corpus.judged, *pairs, _pair(parents[0], "It is rated for nothing.")))


def _pair(parent: Judged, wrong: str) -> Judged:
    sample = parent.sample
    rejected = Rejected(wrong, "negation", "is", "is not", "support", "the answer puts in 'not'")
    pair = replace(
        sample,
        id=content_id("pair", sample.id, wrong),
        kind=PREFERENCE,
        parent=sample.id,
        recipe=RecipeRef("prefer", 1, {"of": sample.kind, "operator": "negation"}),
        rejected=rejected,
        clues=(),
        evidence=(),
    )
    return Judged(pair, parent.verdicts)
