"""Scripted runs: what a pipeline would tell, held back where a test wants to look."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence

from doc2data.events import DocumentSeen, Event, Finished, SampleJudged, StageProgress, StageStarted, Warned
from doc2data.project import Project
from doc2data.settings import Settings
from doc2data.tui.runner import Events
from tests.tui.projects import samples


def whole_run() -> list[Event]:
    """All that a small run tells."""
    made = list(samples())
    return [
        Warned("No model: questions and answers are built by rule."),
        StageStarted("parse", 2),
        DocumentSeen("manual.md", "read", chunks=4, clues=9),
        StageProgress("parse", 1, 2, 0.5, None),
        DocumentSeen("手册.md", "read", chunks=2, clues=3),
        StageProgress("parse", 2, 2, 0.5, 0.0),
        StageStarted("index", 6),
        StageProgress("index", 6, 6, 12.0, 0.0),
        StageStarted("make", len(made)),
        *(
            event
            for done, judged in enumerate(made, 1)
            for event in (SampleJudged(judged), StageProgress("make", done, len(made), 2.0, (len(made) - done) / 2.0))
        ),
        StageStarted("export", 3),
        StageProgress("export", 3, 3, 1.0, 0.0),
        Finished({"counts": {"documents": {"failed": 0}, "jobs": {"failed": 0}}}),
    ]


class ScriptedRun:
    """Stands in for the pipeline: tells its events, waits at the gate after `hold` of them, then goes on or fails."""

    def __init__(
        self, events: Sequence[Event] | None = None, hold: int | None = None, error: Exception | None = None
    ) -> None:
        self.events = whole_run() if events is None else list(events)
        self.hold = hold
        self.error = error
        self.gate = threading.Event()
        self.told = threading.Event()
        """Set when the gate is reached, or all was told."""
        self.started: list[tuple[Project, Settings]] = []
        self.closed = threading.Event()

    def __call__(self, project: Project, settings: Settings) -> Events:
        """What the app takes as `build`."""
        self.started.append((project, settings))
        return self._tell

    async def _tell(self) -> AsyncGenerator[Event]:
        try:
            for number, event in enumerate(self.events):
                if number == self.hold:
                    self.told.set()
                    await asyncio.get_running_loop().run_in_executor(None, self.gate.wait, 100)
                yield event
            self.told.set()
            if self.error is not None:
                raise self.error
        finally:
            self.gate.set()
            self.closed.set()
