"""A project whose samples a bench of the checks measures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from doc2data import pipeline, project
from doc2data.recipes.base import Desk
from doc2data.recipes.corpus import Corpus
from doc2data.records import Sample
from doc2data.stages.workshop import Workshop
from doc2data.store import Store


@dataclass(frozen=True, slots=True)
class Made:
    """An open project."""

    shop: Workshop
    corpus: Corpus
    desk: Desk
    show: str
    """Of which the errors are to be shown."""

    def accepted(self) -> list[Sample]:
        """The samples that passed."""
        return [judged.sample for judged in self.shop.store.samples.judged("accepted")]


@contextmanager
def named_project(about: str | None) -> Iterator[Made]:
    """The project that the command line names; `about` is the bench's help."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("project", type=Path)
    options.add_argument("--show", default="")
    given = options.parse_args()
    target = project.find(given.project)
    with Store(target.database) as store:
        shop, corpus = Workshop(target, target.settings(), store, engine=None), Corpus(store)
        yield Made(shop, corpus, pipeline.desk(shop, corpus), given.show)
