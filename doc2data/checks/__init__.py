"""The quality gate: each check decides from the documents and says why.

Checks run cheapest first, each over a whole batch, so that embedding and retrieval are batched too; a sample that
fails one is not shown to the dearer ones behind it. To add one, write `check(samples, context)` in a module of its
own and name it in `CHECKS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from doc2data.checks.context import Check, CheckContext
from doc2data.checks.preference import chosen
from doc2data.errors import UsageError
from doc2data.records import Sample, Verdict

__all__ = ["CHECKS", "UNANSWERABLE", "Check", "CheckContext", "CheckInfo", "check_batch"]

UNANSWERABLE = "unanswerable"
"""The kind of a sample whose right answer is that the documents do not say."""


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """One entry of the registry."""

    target: str
    """module:function, imported on use."""
    title: str
    """What it makes sure of, in a few words."""
    needs: tuple[str, ...] = ()
    """What it looks at besides the sample: documents, embedder, index."""
    pairs: bool = False
    """Whether it looks at preference pairs as such, and at nothing else."""


CHECKS: Mapping[str, CheckInfo] = {
    "structure": CheckInfo("doc2data.checks.structure:check", "Complete, well-formed and free of template junk"),
    "evidence": CheckInfo("doc2data.checks.evidence:check", "Every quote equals its source", ("documents",)),
    "language": CheckInfo("doc2data.checks.language:check", "Question, answer and evidence in one language"),
    "selfcontained": CheckInfo("doc2data.checks.selfcontained:check", "The question can be understood alone"),
    "completeness": CheckInfo(
        "doc2data.checks.completeness:check", "Steps of the evidence are told without a gap and in their order"
    ),
    "support": CheckInfo("doc2data.checks.support:check", "The answer stands on its evidence", ("embedder",)),
    "retrievability": CheckInfo(
        "doc2data.checks.retrievability:check", "The question alone brings its evidence back", ("index",)
    ),
    "preference": CheckInfo(
        "doc2data.checks.preference:check", "The rejected answer of a pair fails the check it names", pairs=True
    ),
}
"""Name to check, cheapest first."""


def check_batch(
    samples: Sequence[Sample], context: CheckContext, names: Sequence[str] | None = None
) -> list[tuple[Verdict, ...]]:
    """The verdicts on each sample, in the order of the samples and, within one, of the checks.

    Args:
        samples: any number; a batch of some dozens keeps embedding and retrieval busy.
        context: where checks look things up.
        names: which checks to run, in the registry's order whatever theirs; all of them by default.

    Raises:
        UsageError: no check has such a name.
    """
    verdicts: list[list[Verdict]] = [[] for _ in samples]
    for name in _ordered(names):
        pairs = CHECKS[name].pairs
        standing = [
            i
            for i, found in enumerate(verdicts)
            if all(v.passed for v in found) and (samples[i].rejected is not None or not pairs)
        ]
        shown = [samples[i] if pairs else chosen(samples[i]) for i in standing]
        for i, verdict in zip(standing, _load(name)(shown, context) if shown else (), strict=True):
            verdicts[i].append(verdict)
    return [tuple(found) for found in verdicts]


def _ordered(names: Sequence[str] | None) -> list[str]:
    if names is None:
        return list(CHECKS)
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise UsageError(f"There is no check named {unknown[0]!r}.", f"Known checks: {', '.join(CHECKS)}.")
    return [name for name in CHECKS if name in names]


def _load(name: str) -> Check:
    module, _, function = CHECKS[name].target.partition(":")
    return cast(Check, getattr(importlib.import_module(module), function))
