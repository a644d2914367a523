"""Choosing export formats, with a look at the real bytes of each."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from doc2data.errors import Doc2dataError
from doc2data.export.formats import FORMATS
from doc2data.exporting import Preview, Previews
from doc2data.project import Project
from doc2data.store import Store
from doc2data.transcripts import Reading, read_project, summary, template_model
from doc2data.tui.host import host_of
from doc2data.tui.screens.dialog import Dialog
from doc2data.tui.themes import MUTED
from doc2data.tui.widgets.ticks import Ticks
from models import ModelError

COUNTED = 2000
"""Samples whose tokens are counted for a look; `doc2data export --template` counts all."""


class Export(Dialog[tuple[str, ...]]):
    """Which formats to write."""

    HELP = (
        "Space chooses a format, Enter writes the chosen ones. The right side shows what its files will hold.\n"
        "t shows samples as the chat template of a model on this machine has them, and counts their tokens."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Write the chosen ones", id="export.write", priority=True),
        Binding("t", "template", "Chat template", id="export.template"),
    ]

    def __init__(self, project: Project) -> None:
        super().__init__("Export")
        self._project = project
        self._settings = project.settings()
        self._previews: Previews | None = None
        self.add_class("-large")

    def body(self) -> ComposeResult:
        """Formats, and the bytes of the one under the cursor."""
        chosen = set(self._settings.export.formats)
        with Horizontal():
            yield Ticks([(name, "") for name in FORMATS], chosen, id="formats")
            with VerticalScroll(id="preview-box", can_focus=False):
                yield Static("", id="preview")

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.query_one("#formats").focus()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.run_worker(self._preview(str(event.option_id)), group="preview", exclusive=True, exit_on_error=False)

    async def _preview(self, name: str) -> None:
        archive = host_of(self).archive
        if archive is None:
            return
        try:
            found = await archive.ask(lambda store: self._begun(store).of(name), slow=True)
            text = _text(name, found)
        except Doc2dataError as error:
            text = Content(f"✗ {error.message}\n{error.hint}")
        self.query_one("#preview", Static).update(text)

    def _begun(self, store: Store) -> Previews:
        """The previews of this visit; in the archive's thread."""
        if self._previews is None:
            self._previews = Previews(self._project, store, self._settings)
        return self._previews

    def action_template(self) -> None:
        """Show samples under the chat template of the project's model, or of the first one that has a template."""
        self.query_one("#preview", Static).update("Reading the model's vocabulary…")
        self.run_worker(self._template(), group="preview", exclusive=True, exit_on_error=False)

    async def _template(self) -> None:
        archive, project = host_of(self).archive, self._project
        if archive is None:
            return

        def read(store: Store) -> Reading:
            settings = project.settings()
            return read_project(project, store, settings, template_model(settings), COUNTED)

        try:
            found = await archive.ask(read, slow=True)
            text = Content.assemble(("\n".join(summary(found)), "bold"), "\n\n", (found.example, MUTED))
        except (Doc2dataError, ModelError) as error:
            text = Content(f"✗ {error.message}\n{error.hint}")
        self.query_one("#preview", Static).update(text)

    def action_write(self) -> None:
        """Return the chosen formats."""
        self.dismiss(self.query_one(Ticks).chosen)


def _text(name: str, found: Preview) -> Content:
    files = "\n".join(f"{path}  {size:,} bytes" for path, size in found.files[:8])
    notes = "\n".join(f"! {note}" for note in found.notes[:4])
    head = found.head.decode("utf-8", "backslashreplace") if found.head else "No accepted sample to show yet."
    return Content.assemble(
        (FORMATS[name].title, "bold"),
        f"\n{found.told}\n{files}\n",
        (notes + "\n" if notes else "", "$text-warning"),
        "\n",
        (head, MUTED),
    )
