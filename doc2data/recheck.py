"""The checks of a run, for samples that a person has edited."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.checks import check_batch
from doc2data.project import Project
from doc2data.recipes.corpus import Corpus
from doc2data.records import Sample, Verdict
from doc2data.settings import Settings
from doc2data.stages.checking import context
from doc2data.stages.workshop import Workshop
from doc2data.store import Store


class Recheck:
    """Checks samples against a project's documents and index. Use it in the thread of its store.

    The embedder and the index are opened by the first check and kept.
    """

    def __init__(self, project: Project, settings: Settings, store: Store) -> None:
        self._context = context(Workshop(project, settings, store, engine=None), Corpus(store))

    def __call__(self, samples: Sequence[Sample]) -> list[tuple[Verdict, ...]]:
        """The verdicts on each sample.

        Raises:
            ModelError: the embedder cannot be opened.
        """
        return check_batch(samples, self._context)
