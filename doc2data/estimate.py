"""What a run will take at most: samples by chunks and settings, tokens by both, minutes by the last run's rate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from doc2data.project import Project
from doc2data.settings import Settings
from doc2data.store import Store

WRITING = 2
"""Requests of one sample: a question, and an answer that is written without sight of the clue."""
INSTRUCTION_TOKENS = 250
"""Tokens of one request beside passage and reply."""
REPLY_TOKENS = 80
"""Tokens of an ordinary reply."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the settings ask for, as far as it can be known before."""

    unread: int
    """Documents that no run has read yet."""
    chunks: int
    samples: int
    """Accepted samples at most."""
    kept: int
    """Of these, accepted already."""
    tokens: int
    """Read and written by the model for what is left, at most; 0 for rules."""
    seconds: float | None
    """For what is left; None where no run with this writer was measured."""


def estimate(project: Project, settings: Settings, store: Store) -> Estimate:
    """What a run would have to do now."""
    rows = store.documents.rows()
    unread = len(store.documents.sources().keys() - {row.name for row in rows})
    chunks, tokens = store.documents.chunk_totals()
    generate = settings.generate
    most = chunks * generate.per_chunk * len(generate.recipes)
    samples = min(most, generate.limit) if generate.limit else most
    kept = min(samples, store.samples.counts()["accepted"])
    left = samples - kept
    by_rule = settings.model.spec in ("", "rules")
    request = (tokens / chunks if chunks else 0) + INSTRUCTION_TOKENS + REPLY_TOKENS
    pace = _seconds_per_sample(project, settings)
    return Estimate(
        unread=unread,
        chunks=chunks,
        samples=samples,
        kept=kept,
        tokens=0 if by_rule else round(left * _requests(settings) * request),
        seconds=None if pace is None else left * pace,
    )


def _requests(settings: Settings) -> int:
    """Requests of one sample with its drafts, and with what the model checks ask about each."""
    checks = settings.checks
    asked = int(checks.entailment) + (2 if checks.round_trip else 0) + len(checks.judges)
    return settings.generate.candidates * (WRITING + asked)


def _seconds_per_sample(project: Project, settings: Settings) -> float | None:
    """Of an accepted sample, by the last run if the same writer wrote it."""
    try:
        manifest: dict[str, Any] = json.loads(project.manifest.read_text(encoding="utf-8"))
        accepted = int(manifest["counts"]["this_run"].get("accepted", 0))
        seconds = float(manifest["seconds"]["make"])
        same = manifest["settings"]["model"]["spec"] == settings.model.spec
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return seconds / accepted if accepted and same else None
