"""Library: the documents of the project, what was found in each, and what a careful reader should know."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from doc2data import library
from doc2data.library import Entry
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.screens.dialog import Choice, Question
from doc2data.tui.widgets.duration import bar, time_left
from doc2data.tui.widgets.path_input import pasted_path
from doc2data.tui.widgets.rows import Column, Row, Rows

COLUMNS = (
    Column("", 2),
    Column("Document"),
    Column("Type", 8, wide=70),
    Column("Pages", 5, right=True),
    Column("Lang", 4),
    Column("Blocks", 6, right=True, wide=60),
    Column("Chunks", 6, right=True),
    Column("Samples", 7, right=True),
    Column("Note", 24, wide=90),
)
EMPTY = "No documents yet. Press a and type a path, b to browse, or drop files on the window."
NO_PROJECT = "No project is open. Press 1 and type the path of your documents."
MARKS = {"read": ("✓", "good"), "failed": ("✗", "bad"), "waiting": ("·", "dim")}


class Library(Place):
    """All documents of the project."""

    NAME: ClassVar[PlaceName] = "library"
    CSS_PATH = "library.tcss"
    HELP = (
        "✓ was read, ✗ could not be read (the note says why), · waits for the next run. r reads new and changed files "
        "without making samples. Enter opens a document: its outline, blocks, chunks and pages. L states a licence."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="library.add"),
        Binding("b", "browse", "Browse", show=False, id="library.browse"),
        Binding("r", "read", "Read", id="library.read"),
        Binding("d,delete", "remove", "Remove", id="library.remove"),
        Binding("L", "license", "Licence", show=False, id="library.license"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []

    def body(self) -> ComposeResult:
        """A line of sums, the table, and the note on the document under the cursor."""
        yield Static(id="sums")
        yield Rows(COLUMNS, id="documents", empty=NO_PROJECT)
        yield Static(id="note", markup=False)

    async def renew(self) -> None:
        """Show the documents."""
        rows = self.query_one(Rows)
        rows.focus()
        if self.host.archive is None:
            return
        rows.say_empty(EMPTY)
        self._entries = await self.host.archive.ask(library.entries, slow=True)
        rows.show_all([_row(entry) for entry in self._entries])
        self._show_note(rows.cursor)
        self.follow()

    def follow(self) -> None:
        """Show how far reading is; take in documents as they are read."""
        ledger = self.host.ledger
        line = ledger.stages.get("parse")
        if ledger.active and line is not None and line.done < line.total:
            progress = f"  {line.done}/{line.total} read  {time_left(line.seconds_left)}"
            self.query_one("#sums", Static).update(
                Content.assemble("▶ Reading ", (bar(line.done, line.total, 24), "$text-accent"), progress)
            )
            if len(ledger.documents) > sum(entry.row is not None for entry in self._entries):
                self.ask(self._reload, group="reload")
            return
        self.query_one("#sums", Static).update(_sums(self._entries))

    async def _reload(self) -> None:
        if self.host.archive is not None:
            self._entries = await self.host.archive.ask(library.entries, slow=True)
            self.query_one(Rows).show_all([_row(entry) for entry in self._entries])

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._show_note(event.index)

    def _show_note(self, index: int) -> None:
        note = ""
        if index < len(self._entries):
            entry = self._entries[index]
            warnings = entry.row.warnings if entry.row else ()
            licence = [f"Licence: {entry.licence}"] if entry.licence else []
            note = "\n".join([entry.path, *licence, *([entry.note] if entry.state == "failed" else warnings)])
        self.query_one("#note", Static).update(note)

    @on(Rows.Chosen)
    def action_open(self) -> None:
        """Look into the document under the cursor."""
        from doc2data.tui.screens.document import DocumentView

        entry = self._here()
        if entry is not None and entry.row is not None and entry.state == "read":
            self.host.push_screen(DocumentView(entry.row))
        elif entry is not None:
            self.notify(entry.note or "It was not read yet: r reads it.")

    def _here(self) -> Entry | None:
        index = self.query_one(Rows).cursor
        return self._entries[index] if index < len(self._entries) else None

    def action_add(self, path: str = "") -> None:
        """Ask for a path."""
        if self.host.project is not None:
            text = "A file, or a folder with all documents in it. The right arrow completes."
            self.host.push_screen(Question("Add documents", text, path, paths=True), self._add)

    def action_browse(self) -> None:
        """Choose in a tree of folders."""
        from doc2data.tui.screens.browse import Browse

        if self.host.project is not None:
            self.host.push_screen(Browse(self.host.start_folder), self._add)

    def on_paste(self, event: events.Paste) -> None:
        """A path that was pasted or dropped on the window."""
        if path := pasted_path(event.text):
            self.action_add(path)

    def _add(self, path: str | Path | None) -> None:
        if path:
            self.ask(self._added(Path(path).expanduser()), group="add")

    async def _added(self, path: Path) -> None:
        from doc2data import pipeline

        project = self.host.project
        if project is not None:
            added = await self.in_thread(lambda: pipeline.add(project, [path]))
            self.notify(f"Added {len(added)}. r reads them, F5 reads them and makes samples.")
            await self.renew()

    def action_read(self) -> None:
        """Read what is new, without making samples."""
        self.host.start(lambda project, settings: lambda: library.reading(project, settings))

    def action_license(self) -> None:
        """State the licence of the document under the cursor, or of all that have none."""
        entry = self._here()
        if entry is None:
            return
        bare = [other.name for other in self._entries if not other.licence]
        answers = {"one": f"Of {entry.name}", "all": f"Of all {len(bare)} without one"}
        self.host.push_screen(
            Choice("State a licence", "", answers),
            lambda answer: self._name_licence([entry.name] if answer == "one" else bare, entry.licence, answer),
        )

    def _name_licence(self, names: list[str], licence: str, answer: str | None) -> None:
        if answer is not None:
            text = "An identifier such as CC-BY-4.0, or words; card and metadata say it. Empty takes it back."
            self.host.push_screen(Question("Licence", text, licence), lambda said: self._license(names, said))

    def _license(self, names: list[str], licence: str | None) -> None:
        archive = self.host.archive
        if archive is None or licence is None:
            return

        async def keep() -> None:
            await archive.ask(lambda store: library.license(store, names, licence))
            await self.renew()

        self.ask(keep, group="license")

    def action_remove(self) -> None:
        """Take the document under the cursor off the list, after asking."""
        entry = self._here()
        if entry is not None:
            answers = {"keep": "Keep it", "remove": "Remove it: the file itself stays where it is"}
            title = f"Remove {entry.name} from the project?"
            self.host.push_screen(Choice(title, "", answers), lambda answer: self._remove(entry.name, answer))

    def _remove(self, name: str, answer: str | None) -> None:
        if answer == "remove":
            self.ask(self._removed(name), group="remove")

    async def _removed(self, name: str) -> None:
        project = self.host.project
        if project is not None:
            await self.in_thread(lambda: library.remove(project, [name]))
            await self.renew()


def _row(entry: Entry) -> Row:
    row = entry.row
    if row is None:
        return (MARKS["waiting"], entry.name, "", "", "", "", "", "", ("not read yet", "dim"))
    tone = "bad" if entry.state == "failed" else "warn"
    return (
        MARKS[entry.state],
        entry.name,
        (row.type, "dim"),
        f"{row.pages or '-'}",
        row.language,
        f"{row.blocks}",
        f"{entry.chunks}",
        f"{entry.samples}",
        (entry.note, tone),
    )


def _sums(entries: list[Entry]) -> Content:
    if not entries:
        return Content("")
    counts = {state: sum(entry.state == state for entry in entries) for state in MARKS}
    pages = sum(entry.row.pages or 0 for entry in entries if entry.row)
    chunks, samples = sum(entry.chunks for entry in entries), sum(entry.samples for entry in entries)
    text = f"{counts['read']} read, {counts['failed']} failed, {counts['waiting']} waiting"
    return Content.assemble((text, "bold"), f" · {pages} pages · {chunks} chunks · {samples} samples")
