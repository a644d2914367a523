"""The application: its places, the open project, the run, and how it is left."""

from __future__ import annotations

import shlex
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from doc2data import project as projects
from doc2data import recent
from doc2data.errors import EXIT_OK, Doc2dataError, ProjectError
from doc2data.project import Project
from doc2data.settings import FILE_NAME, Settings, override
from doc2data.store import DocumentRow
from doc2data.tui import keys
from doc2data.tui.archive import Archive
from doc2data.tui.help import describe
from doc2data.tui.ledger import Ledger
from doc2data.tui.messages import RunEnded, RunNews
from doc2data.tui.palette import DocumentCommands, SampleCommands
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.printable import Printable
from doc2data.tui.runner import Events, Runner
from doc2data.tui.screens.dialog import Choice, ErrorPanel, HelpPanel
from doc2data.tui.terminal import log_path, own_terminal
from doc2data.tui.themes import DARK, LIGHT, THEMES
from doc2data.tui.widgets.navbar import PLACES, NavBar
from models import ModelError
from parsers import ParseError

PRINTABLE = Printable()
BEAT = 0.25
"""Seconds between two looks of a screen at a run."""
OUR_FAULT = "This is a fault in doc2data. Your project is kept; copy the cause and report it."


def _loaded(module: str, name: str) -> Screen[None]:
    """A place, imported when it is first gone to."""
    place: type[Place] = getattr(import_module(f"doc2data.tui.screens.{module}"), name)
    return place()


def _load_places() -> None:
    for name, _ in PLACES:
        import_module(f"doc2data.tui.screens.{name}")


class Doc2DataApp(App[int]):
    """Everything a person can do with doc2data."""

    TITLE = "doc2data"
    CSS_PATH = "app.tcss"
    HELP = (
        "doc2data turns documents into a dataset for fine-tuning, on this machine alone.\n\n"
        "The keys 1 to 7 go to the seven places, Ctrl+P finds every command, Escape leaves a field or a dialog."
    )
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        name: partial(_loaded, name, title) for name, title in PLACES
    }
    COMMANDS = App.COMMANDS | {lambda: SampleCommands, lambda: DocumentCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"go('{name}')", title, show=False, id=f"app.{name}")
            for number, (name, title) in enumerate(PLACES, 1)
        ),
        Binding("f5", "start_run", "Run", show=False, id="app.start"),
        Binding("f1", "describe", "Help", id="app.help"),
        Binding("ctrl+p", "command_palette", "Commands", id="app.palette", priority=True),
        Binding("ctrl+q", "leave", "Quit", show=False, id="app.quit", priority=True),
    ]

    def __init__(
        self, folder: Path, build: Callable[[Project, Settings], Events] | None = None, *, resume: bool = False
    ) -> None:
        """Open on `folder`, with `resume` its run going on; `build` stands in for the pipeline in tests."""
        super().__init__()
        self.start_folder = folder
        self.project: Project | None = None
        self.archive: Archive | None = None
        self.ledger = Ledger()
        self.memory = recent.Memory()
        self._build = build or _pipeline
        self._runner = Runner(
            lambda: self.post_message(RunNews()), lambda error, stopped: self.post_message(RunEnded(error, stopped))
        )
        self._dirty = False
        self._leaving = False
        self._resume = resume

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and one that keeps documents from steering the terminal."""
        return [*super().get_line_filters(), PRINTABLE]

    # Opening and leaving

    def on_mount(self) -> None:
        """Show the project here, or home."""
        for theme in THEMES:
            self.register_theme(theme)
        self.memory = recent.recall()
        self.theme = self.memory.theme if self.memory.theme in self.available_themes else DARK.name
        self.set_keymap(keys.chosen())
        self.set_interval(BEAT, self._beat)
        # So that no screen waits for its imports when it is first gone to.
        self.run_worker(_load_places, thread=True, group="places", exit_on_error=False)
        here = self.start_folder
        if (here / FILE_NAME).is_file():
            self.open_project(Project(here.resolve()))
        else:
            self.switch_mode("home")

    def open_project(self, project: Project, place: PlaceName | None = None) -> None:
        """Make a project the open one, and go where it was left.

        A project whose settings or database cannot be used is explained, and home is shown.
        """
        if self.ledger.active:
            self.explain(
                ProjectError("A run is going on.", "Stop it on the Run screen before opening another project.")
            )
            return
        if self.current_mode not in self.MODES:
            self.switch_mode("home")
        self.run_worker(self._open(project, place), group="open", exclusive=True)

    async def _open(self, project: Project, place: PlaceName | None) -> None:
        archive = Archive(project.database)
        try:
            project.settings()
            documents = await archive.ask(lambda store: len(store.documents.sources()))
        except Exception as error:  # noqa: BLE001 - any reason not to open it is told
            archive.close()
            self.explain(error)
            return
        self._close_archive()
        self.project, self.archive, self.ledger = project, archive, Ledger()
        visit = self.memory.visit(project.folder)
        self._remember(visit)
        left = next((name for name, _ in PLACES if name == visit.place), None)
        target = place or left or ("library" if documents else "home")
        await self.switch_mode(target)
        if self._resume:
            self._resume = False
            self.action_start_run()
        elif recent.interrupted(project.folder):
            self.offer_to_continue()

    def offer_to_continue(self) -> None:
        """Ask whether a run that was killed should go on."""
        answers = {"continue": "Continue now", "later": "Later: F5 continues at any time"}
        text = "The last run was cut off. Everything it had finished is kept."
        self.push_screen(Choice("Continue the run?", text, answers), self._continue)

    def _continue(self, answer: str | None) -> None:
        if answer == "continue":
            self.action_start_run()

    def action_leave(self) -> None:
        """Quit; a run that goes on is asked about first."""
        if not self.ledger.active:
            self.exit(EXIT_OK)
            return
        answers = {"stay": "Stay here", "quit": "Stop the run and quit: finished work is kept"}
        self.push_screen(Choice("A run is going on", "", answers), self._leave_running)

    def _leave_running(self, answer: str | None) -> None:
        if answer == "quit":
            self._leaving = True
            self.action_stop_run()
            self.notify("Stopping the run…")

    def on_unmount(self) -> None:
        """Let go of the run and the database."""
        self._runner.stop()
        self._close_archive()

    def _close_archive(self) -> None:
        if self.archive is not None:
            self.archive.close()
            self.archive = None

    def _remember(self, visit: recent.Visit) -> None:
        self.memory = self.memory.noting(visit)
        recent.remember(self.memory)

    def note_visit(self, **what: str) -> None:
        """Remember where the person is in the open project."""
        if self.project is not None:
            self._remember(replace(self.memory.visit(self.project.folder), **what))

    # Going places

    def action_go(self, place: PlaceName) -> None:
        """Go to a place."""
        if isinstance(self.screen, Place):
            self.switch_mode(place)
            self.note_visit(place=place)

    @property
    def place(self) -> Place | None:
        """The place at the front, below any dialog, once it can show something."""
        return next(
            (screen for screen in reversed(self.screen_stack) if isinstance(screen, Place) and screen.ready), None
        )

    def action_describe(self) -> None:
        """Help on what has the focus."""
        if isinstance(self.screen, HelpPanel):
            return
        self.push_screen(HelpPanel(*describe(self.screen, self.focused)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers beside samples and documents."""
        for name, title in PLACES:
            yield SystemCommand(f"go: {title}", f"Open the {title} screen", partial(self.action_go, name))
        yield from self._commands_here(screen)
        yield SystemCommand("run: start or continue", "Bring the dataset up to date", self.action_start_run)
        yield SystemCommand("run: pause or resume", "Hold the run, or let it go on", self.action_pause_run)
        yield SystemCommand("run: stop", "Stop the run; finished work is kept", self.action_stop_run)
        yield SystemCommand("theme: light or dark", "Change between light and dark", self.action_light_or_dark)
        yield SystemCommand("theme: choose", "Choose among all themes", self.action_change_theme)
        yield SystemCommand("keys: where to change them", str(keys.path()), self.action_keys)
        yield SystemCommand("help", "What has the focus, and its keys", self.action_describe)
        yield SystemCommand("quit", "Leave doc2data", self.action_leave)

    def _commands_here(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the keys of the place at the front do, those that its foot has no room for among them."""
        area = self.current_mode if isinstance(screen, Place) else "here"
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.node is screen and active.enabled and binding.description:
                title = f"{area}: {binding.description.lower()}"
                yield SystemCommand(
                    title, f"Key {self.get_key_display(binding)}", partial(screen.run_action, binding.action)
                )

    def action_keys(self) -> None:
        """Say how keys are changed."""
        self.push_screen(HelpPanel("changing keys", keys.explained(), keys.listed(self.active_bindings.values())))

    def action_light_or_dark(self) -> None:
        """Change between the light and the dark theme."""
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    def watch_theme(self, theme: str) -> None:
        """Keep the theme for the next start."""
        if self.memory.theme != theme:
            self.memory = replace(self.memory, theme=theme)
            recent.remember(self.memory)

    def review_one(self, id: str) -> None:
        """Show one sample in Review."""
        self.note_visit(sample=id, queue="one")
        self.action_go("review")

    def show_document(self, row: DocumentRow) -> None:
        """Look into a document."""
        from doc2data.tui.screens.document import DocumentView

        self.push_screen(DocumentView(row))

    # Errors

    def explain(self, error: Exception) -> None:
        """Show an error as a panel: what happened, what to do, and the cause."""
        if isinstance(error, Doc2dataError | ModelError | ParseError):
            message, hint, cause = error.message, error.hint, ""
        else:
            message, hint = f"{type(error).__name__}: {error}", OUR_FAULT
            cause = "".join(traceback.format_exception(error))
        self.push_screen(ErrorPanel(message, hint, cause))

    # The run

    def action_start_run(self) -> None:
        """Start the run, or go to the one that is going on."""
        if self.project is None:
            self.notify("Make or open a project first: the fields on Home do.", severity="warning")
            return
        if not self.ledger.active:
            self.start(self._build)
        if self.current_mode != "run":
            self.action_go("run")

    def start(self, build: Callable[[Project, Settings], Events]) -> None:
        """Run a generator of events over the open project, unless one runs already."""
        if self.project is None or self.ledger.active:
            return
        try:
            events = build(self.project, self.project.settings())
        except Exception as error:  # noqa: BLE001 - shown to the person
            self.explain(error)
            return
        if self.archive is not None:
            self.archive.release()
        self.ledger = self.ledger.begin()
        self._dirty = True
        self.run_worker(partial(self._runner.run, events), thread=True, group="run", exit_on_error=False)

    def export(self, formats: tuple[str, ...]) -> None:
        """Write the dataset again in these formats, and keep the choice."""
        if self.ledger.active:
            self.explain(ProjectError("A run is going on.", "It writes the dataset when it ends; or stop it first."))
            return

        def build(project: Project, settings: Settings) -> Events:
            from doc2data.exporting import exporting

            chosen = override(settings, {"export.formats": formats})
            project.write_settings(chosen)
            return lambda: exporting(project, chosen)

        self.start(build)

    def action_pause_run(self) -> None:
        """Hold the run, or let it go on."""
        if self.ledger.state == "running":
            self._runner.pause()
            self.ledger.state = "paused"
        elif self.ledger.state == "paused":
            self._runner.resume()
            self.ledger.state = "running"
        self._dirty = True

    def action_stop_run(self) -> None:
        """Stop the run; what was finished is kept."""
        if self.ledger.active:
            self.ledger.state = "stopping"
            self._runner.stop()
            self._dirty = True

    def on_run_news(self) -> None:
        """Take what the run has told."""
        self.ledger.note(self._runner.take())
        self._dirty = True

    def on_run_ended(self, ended: RunEnded) -> None:
        """Close the book, and tell."""
        self.ledger.note(self._runner.take())
        self.ledger.end("failed" if ended.error else "stopped" if ended.stopped else "finished", ended.error)
        self._dirty = True
        self._beat()
        if self._leaving:
            self.exit(EXIT_OK)
        elif ended.error is not None:
            self.explain(ended.error)
        elif self.current_mode != "run":
            self.notify(f"{self.ledger.state.capitalize()}: {self.ledger.outcome}.")
        if (place := self.place) is not None:
            place.refresh_now()

    def _beat(self) -> None:
        """Let the place at the front look at the run, a few times a second at most."""
        if not self.is_running:
            return
        if (self._dirty or self.ledger.state == "running") and (place := self.place) is not None:
            self._dirty = False
            self.tell_navbar(place)
            place.follow()

    def tell_navbar(self, place: Place) -> None:
        """Say in the top line which project is open and how far a run is."""
        made = self.ledger.stages.get("make")
        run = ""
        if self.ledger.active:
            run = f"▶ {made.done}/{made.total}" if made and made.total else "▶ running"
        for bar in place.query(NavBar):
            bar.tell(self.project.folder.name if self.project else "", run)


def _pipeline(project: Project, settings: Settings) -> Events:
    from doc2data import pipeline

    return lambda: pipeline.build(project, settings, "doc2data run")


def farewell(project: Project) -> str:
    """Where the data is, and the command that repeats the run."""
    folder = shlex.quote(str(project.folder))
    lines = [f"Project:  {project.folder}"]
    if (samples := project.export / "samples.jsonl").is_file():
        lines.append(f"Dataset:  {samples}")
    return "\n".join([*lines, f"Again:    cd {folder} && doc2data run", ""])


def run(folder: Path, *, resume: bool = False) -> int:
    """Open the app on a folder, with `resume` its run going on, and return the exit code.

    Raises:
        ProjectError: the terminal is none: there is nothing to draw on.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ProjectError("The terminal app needs a terminal.", "`doc2data build DOCS --out DIR` works without one.")
    app = Doc2DataApp(_project_folder(folder), resume=resume)
    with own_terminal(log_path()):
        code = app.run()
    if app.project is not None:
        sys.stderr.write(farewell(app.project))
    return EXIT_OK if code is None else code


def _project_folder(folder: Path) -> Path:
    """The project around `folder`, or the folder itself where there is none."""
    try:
        return projects.find(folder).folder
    except ProjectError:
        return folder
