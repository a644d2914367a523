"""What a run has told so far, counted: all that the run screen shows. Knows no screen."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from doc2data import events as e
from doc2data.events import DocumentSeen, Event, Stage
from doc2data.plain import counted
from doc2data.records import QUOTA, REVIEW, Judged

NEWEST = 200
"""Samples that are kept to be shown; all of them are in the project."""
TRACE_SECONDS = 1.0
"""Time between two points of the rate's curve."""
TRACE_LENGTH = 600
RATE_SECONDS = 15.0
"""Stretch of the run that a point of the rate's curve looks back over."""

RunState = Literal["idle", "running", "paused", "stopping", "stopped", "finished", "failed"]
ACTIVE: frozenset[RunState] = frozenset({"running", "paused", "stopping"})


@dataclass(frozen=True, slots=True)
class StageLine:
    """How far one stage is."""

    stage: Stage
    done: int
    total: int
    per_second: float = 0.0
    seconds_left: float | None = None
    tokens_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Trace:
    """Counts at one moment of the run."""

    seconds: float
    """Since the run began."""
    done: int
    """Jobs."""
    kept: int
    rejected: int


@dataclass(slots=True)
class Ledger:
    """One run's story."""

    clock: Callable[[], float] = time.monotonic
    state: RunState = "idle"
    error: Exception | None = None
    stages: dict[Stage, StageLine] = field(default_factory=dict)
    documents: dict[str, DocumentSeen] = field(default_factory=dict)
    kept: int = 0
    rejected: int = 0
    failed: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    """Samples that each check looked at."""
    passed: Counter[str] = field(default_factory=Counter)
    """Of these, samples that passed it."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Rejected samples by the check that rejected them."""
    failures: Counter[str] = field(default_factory=Counter)
    """Failed jobs by reason."""
    notes: list[str] = field(default_factory=list)
    loading: str = ""
    """Which model the run waits for, if it does."""
    newest: deque[Judged] = field(default_factory=lambda: deque(maxlen=NEWEST))
    """Last made first."""
    drafts: dict[str, Judged] = field(default_factory=dict)
    """What passed its checks and is not settled yet, by id."""
    traces: deque[Trace] = field(default_factory=lambda: deque(maxlen=TRACE_LENGTH))
    started: float = 0.0
    ended: float | None = None

    @property
    def active(self) -> bool:
        """Whether a run is under way, paused or not."""
        return self.state in ACTIVE

    @property
    def seconds(self) -> float:
        """How long the run has taken, or took."""
        if self.state == "idle":
            return 0.0
        return (self.clock() if self.ended is None else self.ended) - self.started

    @property
    def outcome(self) -> str:
        """What a run that ended has brought, in a few words."""
        parts = [f"{counted(sum(seen.state == 'read' for seen in self.documents.values()), 'document')} read"]
        if "make" in self.stages:
            parts.append(f"{self.kept} new samples kept")
        if "export" in self.stages:
            parts.append("files in export/")
        return ", ".join(parts[1:] or parts)

    def yields(self) -> dict[str, float]:
        """Percent of the samples that reached each check and passed it, lowest first."""
        shares = {check: 100 * self.passed[check] / reached for check, reached in self.reached.items()}
        return dict(sorted(shares.items(), key=lambda pair: (pair[1], pair[0])))

    def rates(self) -> list[tuple[float, float, float]]:
        """Kept and rejected samples a minute over the run: (seconds, kept, rejected), each over a short stretch."""
        found, first = [], 0
        traces = list(self.traces)
        for last, trace in enumerate(traces):
            while trace.seconds - traces[first].seconds > RATE_SECONDS and first < last - 1:
                first += 1
            since = traces[first]
            if minutes := (trace.seconds - since.seconds) / 60:
                kept, rejected = trace.kept - since.kept, trace.rejected - since.rejected
                found.append((trace.seconds, kept / minutes, rejected / minutes))
        return found

    def begin(self) -> Ledger:
        """An empty ledger for a run that starts now."""
        return Ledger(self.clock, state="running", started=self.clock())

    def end(self, state: RunState, error: Exception | None = None) -> None:
        """Close the book."""
        self.state, self.error, self.ended = state, error, self.clock()
        self.drafts.clear()
        self._trace(always=True)

    def note(self, told: Sequence[Event]) -> None:
        """Count events in the order they came."""
        for event in told:
            self._note(event)
        self._trace()

    def _note(self, event: Event) -> None:
        match event:
            case e.StageStarted(stage, total):
                self.stages[stage] = StageLine(stage, 0, total)
            case e.StageProgress(stage, done, total, per_second, left, tokens):
                self.stages[stage] = StageLine(stage, done, total, per_second, left, tokens)
            case e.DocumentSeen(name=name):
                self.documents[name] = event
            case e.SampleDrafted(judged):
                self.drafts[judged.sample.id] = judged
            case e.SampleJudged(judged):
                self._judged(judged)
            case e.JobFailed(recipe, reason):
                self.failed += 1
                self.failures[f"{recipe}: {reason}"] += 1
            case e.Finished():
                self.stages = {stage: replace(line, seconds_left=0.0) for stage, line in self.stages.items()}
            case _:
                self._told(event)

    def _told(self, event: Event) -> None:
        """Keep what a person should read."""
        match event:
            case e.Warned(message):
                self.notes.append(message)
            case e.ModelLoading(name, share, notes):
                self.loading = f"{name} is being loaded: {share:.0%}" if share < 1 else ""
                self.notes += [f"{name}: {'; '.join(notes)}."] if notes else []
            case e.Paused(reason):
                self.notes.append(f"Paused: {reason} The run goes on by itself.")
            case e.Resumed():
                self.notes.append("Went on.")

    def _judged(self, judged: Judged) -> None:
        self.drafts.pop(judged.sample.id, None)
        self.newest.appendleft(judged)
        for verdict in judged.verdicts:
            if verdict.check not in (QUOTA, REVIEW):
                self.reached[verdict.check] += 1
                self.passed[verdict.check] += verdict.passed
        if judged.status == "accepted":
            self.kept += 1
        else:
            self.rejected += 1
            self.reasons[judged.reason.partition(":")[0]] += 1

    def _trace(self, *, always: bool = False) -> None:
        seconds = self.seconds
        if always or not self.traces or seconds - self.traces[-1].seconds >= TRACE_SECONDS:
            made = self.stages.get("make")
            self.traces.append(Trace(seconds, made.done if made else 0, self.kept, self.rejected))
