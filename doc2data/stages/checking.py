"""What the checks may look at in a project."""

from __future__ import annotations

from doc2data.checks import CheckContext
from doc2data.recipes.corpus import Corpus
from doc2data.stages.workshop import Workshop


def context(shop: Workshop, corpus: Corpus) -> CheckContext:
    """The doors through which checks reach the documents; embedder and index are opened when first asked."""
    scorer = shop.pair_scorer
    return CheckContext(
        document_text=lambda name: corpus.named(name).text,
        search_many=shop.search_many,
        embed=shop.embed,
        score_pairs=None if scorer is None else scorer.score,
        settings=shop.settings.checks,
        forbidden=shop.settings.generate.forbidden,
    )
