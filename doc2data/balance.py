"""How evenly a dataset is spread over kinds, languages, lengths and documents, and what in it repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc2data.project import Project
from doc2data.store import Store

QUOTES = 3
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Balance:
    """Accepted samples by what they are and where they come from."""

    kinds: Mapping[str, int]
    languages: Mapping[str, int]
    lengths: Mapping[str, int]
    """By the length of the answer."""
    documents: Mapping[str, int]
    """By name, most first."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What is said more than once."""

    turned_down: int
    """Samples rejected because another one asks the same."""
    kept: int
    """Such samples that a person has accepted all the same."""
    same_answers: int
    """Accepted samples whose answer another one gives word for word."""
    quotes: Mapping[str, int]
    """The quotes that most accepted samples stand on."""


def balance(store: Store) -> Balance:
    """How the accepted samples are spread."""
    coverage = store.documents.coverage()
    counts = {row.name: coverage[row.id][2] for row in store.documents.rows() if row.id in coverage}
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    overview = store.overview
    return Balance(store.samples.kinds(), overview.languages(), overview.lengths(), dict(ranked))


def repeats(store: Store) -> Repeats:
    """What repeats among the samples."""
    overview = store.overview
    return Repeats(
        turned_down=store.samples.rejected_by().get(DUPLICATE, 0),
        kept=len(store.samples.overruled(DUPLICATE)),
        same_answers=overview.same_answers(),
        quotes=overview.quotes(QUOTES),
    )


def measured(project: Project) -> Mapping[str, Any]:
    """The measures of the last run, as run.json has them; empty where there are none."""
    found = project.last_run().get("measures")
    return found if isinstance(found, dict) else {}
