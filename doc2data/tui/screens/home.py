"""Home: begin a dataset, go back to one, and see what this machine can do."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from doc2data import machine, recent
from doc2data.machine import Finding
from doc2data.plain import counted
from doc2data.project import Project
from doc2data.recent import Glance
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.themes import MUTED
from doc2data.tui.widgets.panel import Panel
from doc2data.tui.widgets.path_input import PathInput


class Home(Place):
    """Begin, go back, look around."""

    NAME: ClassVar[PlaceName] = "home"
    CSS_PATH = "home.tcss"
    HELP = (
        "Type the path of your documents and press Enter twice: a project is made beside them, and Plan opens.\n"
        "Or choose a recent project below."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New dataset", id="home.new"),
        Binding("o", "browse", "Browse folders", id="home.browse"),
        Binding("ctrl+o", "browse", "Browse folders", show=False, id="home.browse_from_field"),
    ]

    _placed = False
    """Whether the focus stands where this screen has put it, not where a person has."""

    def body(self) -> ComposeResult:
        """A form, a list and a panel."""
        with Vertical(id="new") as new:
            new.border_title = "New dataset"
            with Horizontal():
                yield Label("Documents")
                yield PathInput(id="documents", placeholder="a file or folder: type, paste or drop its path, or ^o")
            with Horizontal():
                yield Label("Project")
                yield PathInput(id="folder", placeholder="an empty or new folder for the dataset")
            yield Static("Enter goes on. Nothing leaves this machine.", id="new-hint")
        with Container(id="below"):
            with Vertical(id="recent-box") as box:
                box.border_title = "Recent projects"
                yield OptionList(id="recent")
                yield Static("None yet. Type the path of your documents above.", id="no-recent")
            yield Panel("This machine", id="machine")

    async def renew(self) -> None:
        """Recent projects first, since they cost nothing; then a look at the machine."""
        visits = [Path(visit.folder) for visit in self.host.memory.visits]
        self._show_recent(await self.in_thread(lambda: [recent.glance(folder) for folder in visits]))
        folder = self.host.project.folder if self.host.project else self.host.start_folder
        self._show_machine(await self.in_thread(lambda: machine.findings(folder)))

    def _show_recent(self, glances: list[Glance]) -> None:
        options = self.query_one("#recent", OptionList)
        options.clear_options()
        current = self.host.project.folder if self.host.project else None
        for glance in glances:
            options.add_option(Option(_line(glance, is_open=glance.folder == current), id=str(glance.folder)))
        options.highlighted = 0 if glances else None
        options.set_class(not glances, "hidden")
        self.query_one("#no-recent").set_class(bool(glances), "hidden")
        documents = self.query_one("#documents", PathInput)
        # The first look may come before the open project counts as a recent one: what was focused then moves on.
        if self.focused is None or (glances and self.focused is documents and self._placed and not documents.value):
            (options if glances else documents).focus()
            self._placed = True

    def _show_machine(self, findings: list[Finding]) -> None:
        lines = [_finding(finding) for finding in findings]
        hint = next((finding.hint for finding in findings if finding.hint), "")
        self.query_one("#machine", Panel).write(*lines, *([Content.styled(hint, MUTED)] if hint else []))

    def action_new(self) -> None:
        """To the first field."""
        self._placed = False
        self.query_one("#documents").focus()

    def action_browse(self) -> None:
        """Choose documents in a tree of folders."""
        from doc2data.tui.screens.browse import Browse

        self.host.push_screen(Browse(self.host.start_folder), self._browsed)

    def _browsed(self, path: Path | None) -> None:
        if path is not None:
            field = self.query_one("#documents", PathInput)
            field.value = str(path)
            field.focus()

    @on(Input.Submitted, "#documents")
    def _to_folder(self) -> None:
        documents = self.query_one("#documents", PathInput).path
        if not self.query_one("#documents", PathInput).value.strip():
            return
        if not documents.exists():
            self.query_one("#new-hint", Static).update(f"There is no file or folder {str(documents)!r}.")
            return
        self.query_one("#new-hint", Static).update("Enter makes the project and goes on to the plan.")
        folder = self.query_one("#folder", PathInput)
        folder.value = folder.value or str(_free(self.host.start_folder, documents))
        folder.focus()
        folder.cursor_position = len(folder.value)

    @on(Input.Submitted, "#folder")
    def _make(self) -> None:
        documents = self.query_one("#documents", PathInput)
        folder = self.query_one("#folder", PathInput)
        if documents.value.strip() and folder.value.strip():
            self.ask(self._create(documents.path, folder.path), group="create")

    async def _create(self, documents: Path, folder: Path) -> None:
        def make() -> Project:
            from doc2data import pipeline, project
            from doc2data.settings import Settings
            from doc2data.stages.reading import find_sources

            find_sources([documents])
            made = project.create(folder.resolve(), Settings())
            pipeline.add(made, [documents])
            return made

        made = await self.in_thread(make)
        self.query_one("#documents", PathInput).value = self.query_one("#folder", PathInput).value = ""
        self.host.open_project(made, "plan")

    @on(OptionList.OptionSelected, "#recent")
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.host.open_project(Project(Path(str(event.option_id))))


def _line(glance: Glance, *, is_open: bool) -> Content:
    mark = "● " if is_open else "  "
    state = ("  cut off", "$text-warning") if glance.interrupted else ""
    numbers = f"  {counted(glance.documents, 'document')}, {counted(glance.kept, 'sample')}"
    return Content.assemble(mark, (glance.folder.name, "bold"), (numbers, MUTED), state)


def _finding(finding: Finding) -> Content:
    mark = ("✓ ", "$text-success") if finding.works else ("✗ ", "$text-error" if finding.needed else "$text-warning")
    return Content.assemble(mark, (f"{finding.what:11}", MUTED), finding.detail)


def _free(here: Path, documents: Path) -> Path:
    """A folder for the project that is not there yet."""
    name = f"{documents.stem or 'documents'}-dataset"
    names = [name, *(f"{name}-{n}" for n in range(2, 100))]
    return next((here / name for name in names if not (here / name).exists()), here / name)
