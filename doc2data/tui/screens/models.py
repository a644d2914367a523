"""Models: the GGUF files on this machine, which of them fits, how fast it is, and which one writes in this project."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from doc2data import machine, shelf
from doc2data.settings import override
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.screens.dialog import Choice, Question
from doc2data.tui.widgets.duration import gigabytes
from doc2data.tui.widgets.panel import Panel, pairs
from doc2data.tui.widgets.rows import Column, Row, Rows
from models.catalogue import Entry, catalogue
from models.hub import Recommended, recommended
from models.rates import Rates

COLUMNS = (
    Column("", 2),
    Column("Model"),
    Column("Size", 8, right=True),
    Column("Quant", 8, wide=70),
    Column("Context", 8, right=True, wide=90),
    Column("Store", 11, wide=60),
    Column("Fits", 10),
)
_WORK = {"model.spec": "Writes", "index.embedder": "Finds passages", "checks.cross_encoder": "Checks answers"}
EMPTY = (
    "No GGUF model found on this machine. Without one, samples are built by rule.\n"
    "Press p to download one, a to add a GGUF file by its path, or s to use a server on your own network."
)


class Shelf(Rows):
    """The table of models."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Use", id="models.use")]


class Models(Place):
    """Who can write."""

    NAME: ClassVar[PlaceName] = "models"
    CSS_PATH = "models.tcss"
    HELP = (
        "Models of Ollama, LM Studio, llama.cpp and the Hugging Face cache are found where they lie; a copies a GGUF "
        "into doc2data's own folder. p downloads one, the only thing here that uses the network. Enter lets the model "
        "write in the open project, or find passages if it embeds, or check answers if it ranks; s takes a server of "
        "your own network, 0 no model, 9 the embedder that is installed. b measures a model's speed here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="models.add"),
        Binding("p", "pull", "Download", id="models.pull"),
        Binding("b", "bench", "Measure speed", show=False, id="models.bench"),
        Binding("s", "server", "Server", id="models.server"),
        Binding("d,delete", "remove", "Remove", show=False, id="models.remove"),
        Binding("0", "rules", "No model", show=False, id="models.rules"),
        Binding("9", "default_embedder", "Installed embedder", show=False, id="models.default_embedder"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._speeds: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The table, and what is known of the one under the cursor."""
        yield Static(id="writer", markup=False)
        yield Shelf(COLUMNS, id="models", empty="Looking…")
        yield Panel("Model", id="model")
        yield Static(id="embedder", markup=False)

    async def renew(self) -> None:
        """Look through the known stores."""
        rows = self.query_one(Rows)
        rows.focus()
        self._entries = await self.in_thread(catalogue)
        rows.say_empty(EMPTY)
        rows.show_all([_row(entry, self._chosen()) for entry in self._entries])
        self._show_writer()
        self._show_model(rows.cursor)
        finding = await self.in_thread(machine.embedder)
        here = self.host.project.settings().index.embedder if self.host.project else "default"
        text = f"Embedder: {finding.detail} {finding.hint}".rstrip()
        if here != "default":
            text = f"Embedder in this project: {here}. 9 goes back to the installed one."
        if judge := self.host.project.settings().checks.cross_encoder if self.host.project else "":
            text += f"\nAnswers in this project are checked by: {judge}. Enter on it takes it off."
        self.query_one("#embedder", Static).update(text)

    def _spec(self) -> str:
        return self.host.project.settings().model.spec if self.host.project else ""

    def _chosen(self) -> tuple[str, ...]:
        """What writes, what embeds and what checks in the open project."""
        if self.host.project is None:
            return ()
        settings = self.host.project.settings()
        return (settings.model.spec, settings.index.embedder, settings.checks.cross_encoder)

    def _show_writer(self) -> None:
        spec = self._spec()
        if self.host.project is None:
            text = "No project is open; press 1 to open one, then choose here who writes in it."
        elif spec in ("", "rules"):
            text = "In this project: built by rule, without a model."
        else:
            text = f"In this project writes: {spec}. 0 goes back to rules."
        self.query_one("#writer", Static).update(text)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._show_model(event.index)

    def _show_model(self, index: int) -> None:
        panel = self.query_one("#model", Panel)
        panel.display = index < len(self._entries)
        if not panel.display:
            return
        entry = self._entries[index]
        if entry.problem:
            panel.write(*pairs([("Path", str(entry.path)), ("Broken", entry.problem)], 8))
            return
        known = shelf.known_rates(str(entry.path))
        measured = _speed(known) if known else "not measured; b measures it"
        told = [
            ("Path", str(entry.path)),
            ("Kind", f"{entry.architecture} {entry.quantisation}, {entry.purpose}"),
            ("Licence", entry.licence or "not stated"),
            ("Speed", self._speeds.get(entry.name, measured)),
        ]
        panel.write(*pairs(told, 8))

    def _here(self) -> Entry | None:
        index = self.query_one(Rows).cursor
        return self._entries[index] if index < len(self._entries) else None

    @on(Rows.Chosen)
    def action_use(self) -> None:
        """Let the model under the cursor do in the open project what it is for: write, find passages, check answers."""
        entry = self._here()
        if entry is not None and (entry.problem or (_setting(entry) == "model.spec" and not entry.template)):
            self.notify(entry.problem or f"{entry.name} has {entry.purpose}.", severity="warning")
        elif entry is not None and entry.ranks and entry.name in self._chosen():
            self.ask(self._used("", _setting(entry)), group="use")
        elif entry is not None:
            self._use(entry.name, _setting(entry))

    def action_rules(self) -> None:
        """Let rules write in the open project."""
        self._use("rules")

    def action_server(self) -> None:
        """Let a server on the user's own network write."""
        text = "Address of a server that speaks OpenAI's protocol: llama-server, vLLM, Ollama, LM Studio."
        self.host.push_screen(Question("Server", text, "http://localhost:8080/v1"), lambda url: self._use(url or ""))

    def action_default_embedder(self) -> None:
        """Let the embedder that is installed with doc2data find passages in the open project."""
        self._use("default", "index.embedder")

    def _use(self, spec: str, key: str = "model.spec") -> None:
        if not spec:
            return
        if self.host.project is None:
            self.notify("Open a project first: press 1.", severity="warning")
            return
        self.ask(self._used(spec, key), group="use")

    async def _used(self, spec: str, key: str) -> None:
        project = self.host.project
        if project is not None:
            chosen = override(project.settings(), {key: spec})
            await self.in_thread(lambda: project.write_settings(chosen))
            what = _WORK[key]
            self.notify(f"{what} in this project: {spec or 'none'}.")
            await self.renew()

    def action_add(self) -> None:
        """Ask for a GGUF file."""
        text = "Path of a GGUF file. It is copied into doc2data's own folder."
        self.host.push_screen(Question("Add a model", text, paths=True), self._add)

    def _add(self, path: str | None) -> None:
        if path:
            self.ask(self._added(Path(path).expanduser()), group="add")

    async def _added(self, path: Path) -> None:
        def told(done: int, total: int) -> None:
            self.host.call_from_thread(self._say, f"Copying {gigabytes(done)} of {gigabytes(total)}…")

        name = await self.in_thread(partial(shelf.add, path, told))
        self.notify(f"Added {name}. Enter lets it write.")
        await self.renew()

    def action_pull(self) -> None:
        """Ask which model to download."""
        memory = machine.load().memory_total / 1e9
        answers = {entry.name: _offer(entry, memory) for entry in recommended()}
        answers["other"] = "another one of the Hugging Face hub"
        title = "Download a model (this uses the network)"
        self.host.push_screen(Choice(title, "", answers), self._pull)

    def _pull(self, name: str | None) -> None:
        if name == "other":
            text = "OWNER/REPOSITORY, with :FILE behind it where it holds several."
            self.host.push_screen(Question("Download a model", text), self._pull)
        elif name:
            self.ask(self._pulled(name), group="pull")

    async def _pulled(self, name: str) -> None:
        self._say(f"Asking for {name}…")
        async for done, total in shelf.pulling(name):
            self._say(f"Downloading {name}: {gigabytes(done)} of {gigabytes(total)}…")
        self.notify(f"Added {name}. Enter lets it write.")
        await self.renew()

    def _say(self, text: str) -> None:
        self.query_one("#writer", Static).update(text)

    def action_remove(self) -> None:
        """Delete the model under the cursor, if it is our own copy."""
        entry = self._here()
        if entry is not None:
            answers = {"keep": "Keep it", "remove": f"Delete doc2data's copy ({gigabytes(entry.size)})"}
            self.host.push_screen(Choice(f"Remove {entry.name}?", "", answers), partial(self._remove, entry.name))

    def _remove(self, name: str, answer: str | None) -> None:
        if answer == "remove":
            self.ask(self._removed(name), group="remove")

    async def _removed(self, name: str) -> None:
        await self.in_thread(lambda: shelf.remove(name))
        await self.renew()

    def action_bench(self) -> None:
        """Measure the model under the cursor."""
        entry = self._here()
        if entry is not None:
            self._speeds[entry.name] = "measuring: the model is being loaded…"
            self._show_model(self.query_one(Rows).cursor)
            self.ask(self._benched(entry), group="bench")

    async def _benched(self, entry: Entry) -> None:
        import asyncio

        try:
            await self.in_thread(lambda: asyncio.run(shelf.bench(str(entry.path))))
        finally:
            self._speeds.pop(entry.name, None)
        self._show_model(self.query_one(Rows).cursor)


def _setting(entry: Entry) -> str:
    """The setting that says which model does what this one is for."""
    return "checks.cross_encoder" if entry.ranks else "index.embedder" if entry.embeds else "model.spec"


def _row(entry: Entry, chosen: tuple[str, ...]) -> Row:
    here = bool({entry.name, str(entry.path)} & set(chosen))
    fits = ("fits", "good") if entry.fits else ("too big", "bad")
    if entry.problem:
        fits = ("broken", "bad")
    elif entry.embeds or entry.ranks:
        fits = ("ranks" if entry.ranks else "embeds", "dim")
    elif entry.fits and not entry.template:
        fits = ("base model", "dim")
    return (
        "●" if here else "",
        entry.name,
        gigabytes(entry.size),
        (entry.quantisation, "dim"),
        f"{entry.context:,}" if entry.context else "",
        (entry.store, "dim"),
        fits,
    )


def _offer(entry: Recommended, memory: float) -> str:
    fit = "fits here" if entry.memory <= memory else f"for {entry.memory:g} GB of memory"
    return f"{entry.name}, {entry.size:g} GB, {fit}. {entry.about}"


def _speed(rates: Rates) -> str:
    written = ", ".join(f"{rate:.0f} ({crowd} at once)" for crowd, rate in rates.reply.items())
    return f"tokens/s: {rates.prompt:.0f} read; written {written}"
