"""What a check may look at besides the sample."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from doc2data.records import Hit, Sample, Verdict
from doc2data.settings import CheckSettings
from doc2data.tasks.panel import Panel
from models import Scores, Vectors


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The doors through which checks reach the documents; each may be called from one thread at a time."""

    document_text: Callable[[str], str]
    """The text of a document by its name, as in `Evidence.document`; raises KeyError for one that is not known."""
    search_many: Callable[[Sequence[str], int], list[list[Hit]]]
    """Hybrid search: for each query the best passages, best first."""
    embed: Callable[[Sequence[str]], Vectors]
    """Unit vectors, shape (len(texts), dimension)."""
    settings: CheckSettings = field(default_factory=CheckSettings)
    forbidden: tuple[str, ...] = ()
    """Words that no sample may contain."""
    score_pairs: Callable[[Sequence[tuple[str, str]]], Scores] | None = None
    """How far the first text of each pair bears out the second, 0 to 1; None where there is no cross-encoder."""


@dataclass(frozen=True, slots=True)
class ModelContext:
    """The doors of the checks that ask a model."""

    panel: Panel
    """At least one judge; what takes one answer only is put to the first."""
    search_many: Callable[[Sequence[str], int], list[list[Hit]]]
    """As in `CheckContext`."""
    settings: CheckSettings = field(default_factory=CheckSettings)
    seed: int = 0


Check = Callable[[Sequence[Sample], CheckContext], list[Verdict]]
"""One verdict for each sample, in order."""
ModelCheck = Callable[[Sample, ModelContext], Awaitable[Verdict | None]]
"""A verdict on one sample, or None where the question does not arise."""


def passed(check: str, reason: str, score: float = 1.0) -> Verdict:
    """The verdict on a sample that is right as far as this check can tell."""
    return Verdict(check, True, round(score, 4), reason)


def failed(check: str, reason: str, score: float = 0.0) -> Verdict:
    """The verdict on a sample that this check turns down."""
    return Verdict(check, False, round(score, 4), reason)
