"""The quality gate: each check decides from the documents and says why.

Checks run cheapest first, each over a whole batch, so that embedding and retrieval are batched too; a sample that
fails one is not shown to the dearer ones behind it. Behind them come those that ask a model, sample by sample. To add
one, write `check(samples, context)` in a module of its own and name it in `CHECKS`, or `async check(sample, context)`
and name it in `MODEL_CHECKS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from doc2data.checks.context import Check, CheckContext, ModelCheck, ModelContext
from doc2data.checks.floors import read_floors, under_floor
from doc2data.checks.preference import chosen
from doc2data.errors import UsageError
from doc2data.records import WORDING_OF, Sample, Verdict
from doc2data.settings import CheckSettings

__all__ = [
    "CHECKS",
    "CROSS_ENCODER",
    "MODEL_CHECKS",
    "UNANSWERABLE",
    "Check",
    "CheckContext",
    "CheckInfo",
    "ModelContext",
    "ask_checks",
    "check_batch",
    "model_checks",
    "read_floors",
    "under_floor",
]

UNANSWERABLE = "unanswerable"
"""The kind of a sample whose right answer is that the documents do not say."""


CROSS_ENCODER = "cross-encoder"
"""What a check needs that runs only where settings name such a model."""


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
    only: str = ""
    """Parameter of the recipe that a sample must have for this check to look at it; empty: it looks at all."""


CHECKS: Mapping[str, CheckInfo] = {
    "structure": CheckInfo("doc2data.checks.structure:check", "Complete, well-formed and free of template junk"),
    "evidence": CheckInfo("doc2data.checks.evidence:check", "Every quote equals its source", ("documents",)),
    "language": CheckInfo("doc2data.checks.language:check", "Question, answer and evidence in one language"),
    "selfcontained": CheckInfo("doc2data.checks.selfcontained:check", "The question can be understood alone"),
    "completeness": CheckInfo(
        "doc2data.checks.completeness:check", "Steps of the evidence are told without a gap and in their order"
    ),
    "wording": CheckInfo(
        "doc2data.checks.wording:check",
        "Another wording asks what the first question asks",
        ("embedder",),
        only=WORDING_OF,
    ),
    "support": CheckInfo("doc2data.checks.support:check", "The answer stands on its evidence", ("embedder",)),
    "inference": CheckInfo(
        "doc2data.checks.inference:check", "A cross-encoder finds each statement in the evidence", (CROSS_ENCODER,)
    ),
    "retrievability": CheckInfo(
        "doc2data.checks.retrievability:check", "The question alone brings its evidence back", ("index",)
    ),
    "preference": CheckInfo(
        "doc2data.checks.preference:check", "The rejected answer of a pair fails the check it names", pairs=True
    ),
}
"""Name to check, cheapest first."""
MODEL_CHECKS: Mapping[str, CheckInfo] = {
    "entailment": CheckInfo(
        "doc2data.checks.entailment:check",
        "Asked with the evidence alone, a model finds each statement in it",
        ("model",),
    ),
    "roundtrip": CheckInfo(
        "doc2data.checks.roundtrip:check", "Answered again from what retrieval brings back, it is the same", ("model",)
    ),
    "judge": CheckInfo("doc2data.checks.judge:check", "A panel of models finds no defect that counts", ("model",)),
}
"""Name to check that asks a model, cheapest first."""


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
    floors = read_floors(context.settings.floors)
    for name in _ordered(names):
        info = CHECKS[name]
        if CROSS_ENCODER in info.needs and context.score_pairs is None:
            continue
        standing = [
            i
            for i, (sample, found) in enumerate(zip(samples, verdicts, strict=True))
            if all(v.passed for v in found) and _concerns(info, sample)
        ]
        shown = [samples[i] if info.pairs else chosen(samples[i]) for i in standing]
        found_now = cast(Check, _load(name))(shown, context) if shown else []
        for i, verdict in zip(standing, found_now, strict=True):
            verdicts[i].append(under_floor(verdict, floors))
    return [tuple(found) for found in verdicts]


def model_checks(settings: CheckSettings) -> list[str]:
    """Names of the checks that settings put to a model where there is one, cheapest first."""
    wanted = {"entailment": settings.entailment, "roundtrip": settings.round_trip > 0, "judge": bool(settings.judges)}
    return [name for name in MODEL_CHECKS if wanted[name]]


async def ask_checks(sample: Sample, context: ModelContext, names: Sequence[str]) -> tuple[Verdict, ...]:
    """The verdicts of the named model checks on a sample that passed all others, up to the first that fails.

    Raises:
        ModelError: the model gave no usable reply.
    """
    found: list[Verdict] = []
    floors = read_floors(context.settings.floors)
    for name in names:
        if not all(verdict.passed for verdict in found):
            break
        verdict = await cast(ModelCheck, _load(name))(sample, context)
        found += [under_floor(verdict, floors)] if verdict is not None else []
    return tuple(found)


def _concerns(info: CheckInfo, sample: Sample) -> bool:
    """Whether a check has anything to look at in a sample."""
    if info.pairs and sample.rejected is None:
        return False
    return not info.only or info.only in sample.recipe.params


def _ordered(names: Sequence[str] | None) -> list[str]:
    if names is None:
        return list(CHECKS)
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise UsageError(f"There is no check named {unknown[0]!r}.", f"Known checks: {', '.join(CHECKS)}.")
    return [name for name in CHECKS if name in names]


def _load(name: str) -> object:
    module, _, function = {**CHECKS, **MODEL_CHECKS}[name].target.partition(":")
    return getattr(importlib.import_module(module), function)
