"""The dataset that these tests export, with a retrieval that needs no model."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from doc2data.export import ExportSources
from doc2data.records import Hit
from tests.export.corpus import Corpus, build_corpus
from tests.export.pairs import Paired, paired


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Sixty samples over three documents."""
    return build_corpus()


@pytest.fixture(scope="session")
def pairs(corpus: Corpus) -> Paired:
    """The same samples with preference pairs among them."""
    return paired(corpus)


@pytest.fixture(scope="session")
def sources(corpus: Corpus) -> ExportSources:
    """Documents, passages, and a search that ranks by shared words."""

    def search(query: str, depth: int) -> Sequence[Hit]:
        words = set(query.split())
        scored = [(len(words & set(p.text.split())) + len(set(query) & set(p.text)) / 1000, p) for p in passages]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:depth]
        return [Hit(p, score, None, rank) for rank, (score, p) in enumerate(best, 1)]

    passages = list(corpus.passages())
    return ExportSources(documents=corpus.texts, passages=corpus.passages, search=search)
