"""Three samples made now, to judge the plan by."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from doc2data.events import Event, SampleJudged, StageStarted
from doc2data.project import Project
from doc2data.records import Judged
from doc2data.settings import Settings
from doc2data.trial import trial
from doc2data.tui.host import host_of
from doc2data.tui.runner import Runner
from doc2data.tui.screens.dialog import Dialog
from doc2data.tui.widgets.sample_text import sample_head, sample_text

SAYING = {"parse": "Reading a document…", "index": "Indexing it…"}
"""What is going on, by stage."""


class TryOut(Dialog[None]):
    """Makes a few samples and shows them; they are not kept."""

    HELP = "These samples show what the plan makes. They are not kept: r on the Plan screen makes the dataset."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "cancel", "Close", show=False, id="try.close")]

    def __init__(self, project: Project, settings: Settings) -> None:
        super().__init__("Try-out: not kept")
        self._project = project
        self._settings = settings
        self._shown: list[Judged] = []
        self._refused = 0
        self._runner = Runner(
            lambda: self.app.call_later(self._news), lambda error, _: self.app.call_later(self._ended, error)
        )
        self.add_class("-large")

    def body(self) -> ComposeResult:
        """What is going on, and the samples."""
        yield Static("Opening the model and the documents…", id="doing")
        with VerticalScroll():
            yield Static(id="tried")

    def on_mount(self) -> None:
        """Start in a thread."""
        self.run_worker(partial(self._runner.run, self._events), thread=True, exit_on_error=False)

    def _events(self) -> AsyncGenerator[Event]:
        return trial(self._project, self._settings)

    def on_unmount(self) -> None:
        """Closing the dialog ends the try-out."""
        self._runner.stop()

    def _news(self) -> None:
        for event in self._runner.take():
            if isinstance(event, StageStarted):
                self._say(SAYING.get(event.stage, "Making samples…"))
            if isinstance(event, SampleJudged):
                self._sample(event.judged)

    def _sample(self, judged: Judged) -> None:
        if judged.status == "accepted":
            self._shown.append(judged)
        else:
            self._refused += 1
        parts = [Content("\n").join([sample_head(shown), sample_text(shown)]) for shown in self._shown]
        self.query_one("#tried", Static).update(Content("\n\n──────────\n\n").join(parts))
        self._say(f"{len(self._shown)} passed the checks, {self._refused} did not…")

    def _ended(self, error: Exception | None) -> None:
        if not self.is_attached:
            return
        self._news()
        if error is not None:
            self.dismiss(None)
            host_of(self).explain(error)
            return
        self._say(f"Done: {len(self._shown)} passed the checks, {self._refused} did not. Escape closes.")

    def _say(self, text: str) -> None:
        self.query_one("#doing", Static).update(text)
