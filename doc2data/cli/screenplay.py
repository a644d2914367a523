"""A run's events as lines and bars on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from doc2data.cli import talk
from doc2data.progress import duration

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from doc2data.events import DocumentSeen, Event, ModelLoading, Stage, StageProgress

LABELS: dict[Stage, str] = {"parse": "Reading", "index": "Indexing", "make": "Making samples", "export": "Writing"}


class Screenplay:
    """Shows events: bars where a person watches, a line per stage where output goes to a file."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._progress: Progress | None = None
        self._tasks: dict[Stage, TaskID] = {}
        self._loading: TaskID | None = None
        self._kept = 0
        self._rejected = 0

    def __enter__(self) -> Self:
        if not self._quiet:
            self._progress = _bars()
            self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, event: Event) -> None:
        """Show one event."""
        from doc2data import events as e

        match event:
            case e.DocumentSeen():
                self._document(event)
            case e.Warned(message):
                self._line(f"note: {message}")
            case e.ModelLoading():
                self._model(event)
            case e.Paused(reason):
                self._line(f"paused: {reason} The run goes on by itself.", always=True)
            case e.Resumed(seconds):
                self._line(f"went on after {duration(seconds)}", always=True)
            case e.JobFailed(recipe, reason, hint):
                self._line(f"failed: {recipe}: {reason} {hint}", always=True)
            case e.SampleJudged(judged):
                self._kept += judged.status == "accepted"
                self._rejected += judged.status == "rejected"
            case e.StageProgress():
                self._advance(event)
            case _:
                pass

    def _model(self, event: ModelLoading) -> None:
        if event.share < 1 and self._progress is not None:
            self._loading = self._loading or self._progress.add_task("Loading model", total=100, left="", note="")
            self._progress.update(self._loading, completed=int(100 * event.share), note=event.name)
            return
        if self._loading is not None and self._progress is not None:
            self._progress.remove_task(self._loading)
            self._loading = None
        if event.notes:
            self._line(f"model {event.name}: {'; '.join(event.notes)}")

    def _document(self, event: DocumentSeen) -> None:
        if event.state == "failed":
            self._line(f"failed: {event.name}: {event.reason} {event.hint}", always=True)
        elif event.state == "read":
            pages = f"{event.pages} pages, " if event.pages else ""
            self._line(f"read {event.name}: {pages}{event.chunks} chunks, {event.clues} clues")
        for warning in event.warnings:
            self._line(f"note: {event.name}: {warning}")

    def _advance(self, event: StageProgress) -> None:
        if self._progress is None:
            return
        if event.stage not in self._tasks:
            self._tasks[event.stage] = self._progress.add_task(LABELS[event.stage], total=event.total, left="", note="")
        note = f"{self._kept} kept, {self._rejected} rejected" if event.stage == "make" else ""
        self._progress.update(
            self._tasks[event.stage], completed=event.done, total=event.total, left=_left(event), note=note
        )

    def _line(self, text: str, *, always: bool = False) -> None:
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False)
        elif always:
            talk.say(text)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description:15}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True),
    )


def _left(event: StageProgress) -> str:
    if event.done >= event.total:
        return "done"
    if event.seconds_left is None:
        return ""
    return f"about {duration(event.seconds_left)} left"
