"""What a run tells its audience, the command line and the terminal app alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from doc2data.records import Judged

Stage = Literal["parse", "index", "make", "export"]


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage begins; `total` counts its units (files, passages, jobs, formats)."""

    stage: Stage
    total: int


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage got further."""

    stage: Stage
    done: int
    total: int
    per_second: float
    """Units per second of late; 0 until measured."""
    seconds_left: float | None
    """None until enough was measured to say."""
    tokens_per_second: float = 0.0
    """Read and written by the model, of late; 0 where rules write or the stage asks none."""


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """A file was read, or could not be."""

    name: str
    state: Literal["read", "failed", "unchanged"]
    reason: str = ""
    hint: str = ""
    pages: int | None = None
    chunks: int = 0
    clues: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleDrafted:
    """A candidate has passed its checks; whether it is kept is settled with the others of its chunk."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class SampleJudged:
    """A sample is stored with its verdicts."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job could not be done; the next run tries it again."""

    recipe: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a careful user wants to know."""

    message: str


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """The run waits for a model; once it is there, `notes` say what was chosen for it and this machine."""

    name: str
    share: float
    """What is loaded, from 0 to 1."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paused:
    """The run holds, and goes on by itself once the reason is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on."""

    seconds: float
    """How long it held."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The run ended by itself; `manifest` is what run.json holds."""

    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Documents and jobs that failed."""
        counts = self.manifest["counts"]
        return int(counts["documents"]["failed"]) + int(counts["jobs"]["failed"])


Event = (
    StageStarted
    | StageProgress
    | DocumentSeen
    | SampleDrafted
    | SampleJudged
    | JobFailed
    | Warned
    | ModelLoading
    | Paused
    | Resumed
    | Finished
)
