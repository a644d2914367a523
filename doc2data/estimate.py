"""What a run will take at most: samples by chunks and settings, tokens by both, minutes by what was measured here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from doc2data.project import Project
from doc2data.recipes import RECIPES, chosen
from doc2data.settings import ChunkingSettings, Settings
from doc2data.shelf import known_rates
from doc2data.store import Store
from models.rates import Rates

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
    """For what is left; None where nothing of this writer was measured."""
    measured: Literal["run", "bench", ""]
    """What `seconds` comes from: the last run, or a measurement of the model alone."""


def estimate(project: Project, settings: Settings, store: Store) -> Estimate:
    """What a run would have to do now."""
    rows = store.documents.rows()
    unread = len(store.documents.sources().keys() - {row.name for row in rows})
    chunks, tokens = store.documents.chunk_totals()
    generate = settings.generate
    each = {"evolve": settings.grow.rounds, "augment": settings.grow.variants}
    most = chunks * generate.per_chunk * sum(each.get(name, 1) for name in generate.recipes)
    samples = min(most, generate.limit) if generate.limit else most
    kept = min(samples, store.samples.counts()["accepted"])
    left = samples - kept
    by_rule = settings.model.spec in ("", "rules")
    requests = 0.0 if by_rule else left * _requests(settings)
    prompt = (tokens / chunks if chunks else 0) + INSTRUCTION_TOKENS
    pace = _seconds_per_sample(project, settings)
    rates = None if by_rule or pace is not None else known_rates(settings.model.spec)
    seconds = None if pace is None else left * pace
    if rates is not None:
        seconds = requests * _seconds_per_request(rates, prompt)
    return Estimate(
        unread=unread,
        chunks=chunks,
        samples=samples,
        kept=kept,
        tokens=round(requests * (prompt + REPLY_TOKENS)),
        seconds=seconds,
        measured="" if seconds is None else "run" if pace is not None else "bench",
    )


def samples_per_hour(rates: Rates, recipe: str) -> float:
    """How many samples of a recipe a model writes in an hour at its measured rates, before the checks.

    Every request is counted with a passage of its own, as long as the settings allow, so that it is rather more.
    """
    prompt = ChunkingSettings().tokens + INSTRUCTION_TOKENS
    return 3600 / (RECIPES[recipe].requests * _seconds_per_request(rates, prompt))


def _seconds_per_request(rates: Rates, prompt: float) -> float:
    return prompt / rates.prompt + REPLY_TOKENS / max(rates.reply.values())


def _requests(settings: Settings) -> float:
    """Requests of one sample with its drafts, and with what the model checks ask about each, over all recipes."""
    names = chosen(settings.generate)
    writing = sum(RECIPES[name].requests for name in names) / len(names)
    checks = settings.checks
    asked = int(checks.entailment) + (2 if checks.round_trip else 0) + len(checks.judges)
    return settings.generate.candidates * (writing + asked)


def _seconds_per_sample(project: Project, settings: Settings) -> float | None:
    """Of an accepted sample, by the last run if the same writer wrote it."""
    try:
        manifest = project.last_run()
        accepted = int(manifest["counts"]["this_run"].get("accepted", 0))
        seconds = float(manifest["seconds"]["make"])
        same = manifest["settings"]["model"]["spec"] == settings.model.spec
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return seconds / accepted if accepted and same else None
