"""Plan: what to make and how, in a form that comes from the settings' own declaration."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from doc2data import settings as declaration
from doc2data.errors import SettingsError
from doc2data.estimate import Estimate, estimate
from doc2data.export.formats import FORMATS
from doc2data.recipes import RECIPES
from doc2data.settings import Settings
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.themes import MUTED
from doc2data.tui.widgets.duration import brief_time
from doc2data.tui.widgets.field import Field
from doc2data.tui.widgets.panel import Panel

FIRST = ("generate", "model")
"""Sections that a person changes most stand first."""
CHOICES = {
    "generate.recipes": [(name, f"{info.title} (needs {info.needs})") for name, info in RECIPES.items()],
    "export.formats": [(name, form.title) for name, form in FORMATS.items()],
    "grow.operators": [(name, "") for name in get_args(declaration.Operator)],
    "grow.manners": [(name, "") for name in get_args(declaration.Manner)],
    "grow.styles": [(name, "") for name in get_args(declaration.Style)],
}


class Plan(Place):
    """Settings of the project, what they will cost, and three samples to try them out."""

    NAME: ClassVar[PlaceName] = "plan"
    CSS_PATH = "plan.tcss"
    HELP = (
        "Sections at the left, their settings at the right. Every change is checked and saved at once in "
        "doc2data.toml.\n"
        "r starts the run; t makes three samples now, which are shown and not kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "app.start_run", "Run", id="plan.run"),
        Binding("t", "try_out", "Try three", id="plan.try"),
        Binding("tab", "app.focus_next", "Next field", id="plan.next"),
        Binding("/", "sections", "Sections", show=False, id="plan.sections"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._settings: Settings | None = None

    def body(self) -> ComposeResult:
        """Sections, the form, and what it will cost."""
        yield Static(
            "No project is open. Press 1 and type the path of your documents.", id="no-project", classes="empty"
        )
        with Horizontal(id="plan"):
            yield OptionList(*(Option(_title(name), id=name) for name in _sections()), id="sections")
            yield VerticalScroll(id="form")
        with Vertical(id="cost-box"):
            yield Panel("What this will take", id="cost")

    async def renew(self) -> None:
        """Read the settings file again, since it can be edited outside."""
        project = self.host.project
        self.query_one("#no-project").set_class(project is not None, "hidden")
        self.query_one("#plan").set_class(project is None, "hidden")
        self.query_one("#cost-box").set_class(project is None, "hidden")
        if project is None:
            return
        settings = await self.in_thread(project.settings)
        if settings != self._settings:
            self._settings = settings
            await self._show_section(_sections()[0])
            self.query_one("#sections", OptionList).highlighted = 0
        if self.focused is None:
            self.query_one("#sections").focus()
        await self._estimate()

    @on(OptionList.OptionHighlighted, "#sections")
    def _section(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None:
            self.ask(self._show_section(event.option_id), group="section")

    @on(OptionList.OptionSelected, "#sections")
    def _into_form(self) -> None:
        self.query_one("#form").query("Field Input, Field Ticks, Field Select").first().focus()

    def action_sections(self) -> None:
        """Back to the list of sections."""
        self.query_one("#sections").focus()

    def action_leave_input(self) -> None:
        """From a field back to the list of sections, where letters are keys again."""
        self.action_sections()

    async def _show_section(self, section: str) -> None:
        if self._settings is None:
            return
        values = getattr(self._settings, section)
        fields = [
            Field(key, info, getattr(values, key.partition(".")[2]), CHOICES.get(key, ()))
            for key, info in declaration.declared()
            if key.startswith(f"{section}.")
        ]
        form = self.query_one("#form", VerticalScroll)
        async with self.batch():
            await form.remove_children()
            await form.mount_all(fields)
        form.border_title = _about(section)
        form.scroll_home(animate=False)

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        project = self.host.project
        if self._settings is None or project is None:
            return
        try:
            settings = declaration.override(self._settings, {event.field.key: event.value})
        except SettingsError as error:
            event.field.complain(error.message.partition(": ")[2])
            return
        event.field.complain("")
        self._settings = settings
        self.ask(self._save(settings), group="save")

    async def _save(self, settings: Settings) -> None:
        project = self.host.project
        if project is not None:
            await self.in_thread(lambda: project.write_settings(settings))
            await self._estimate()

    async def _estimate(self) -> None:
        project, settings = self.host.project, self._settings
        if project is None or settings is None or self.host.archive is None:
            return
        found = await self.host.archive.ask(lambda store: estimate(project, settings, store), slow=True)
        self.query_one("#cost", Panel).write(*_cost(found, settings))

    def action_try_out(self) -> None:
        """Make three samples now."""
        from doc2data.tui.screens.try_out import TryOut

        if self.host.project is not None and self._settings is not None and not self.host.ledger.active:
            self.host.push_screen(TryOut(self.host.project, self._settings))


def _sections() -> list[str]:
    names = list(Settings.model_fields)
    return [*FIRST, *(name for name in names if name not in FIRST)]


def _about(section: str) -> str:
    annotation = Settings.model_fields[section].annotation
    return (annotation.__doc__ or section).strip() if annotation else section


def _title(section: str) -> str:
    return {"generate": "What to make"}.get(section, section.capitalize())


def _cost(found: Estimate, settings: Settings) -> list[Content]:
    who = settings.model.spec or "rules (no model)"
    lines = [Content.assemble(("Written by ", MUTED), (who, "bold"))]
    if found.unread:
        lines.append(Content(f"Not read yet: {found.unread}. What these documents yield is known after reading."))
    if found.chunks:
        tokens = f", at most {found.tokens:,} tokens" if found.tokens else ""
        lines.append(
            Content.assemble(("Samples ", MUTED), f"at most {found.samples}, {found.kept} kept already{tokens}")
        )
    if found.seconds is not None:
        source = "by the last run's rate" if found.measured == "run" else "by the model's measured speed"
        lines.append(Content.assemble(("Time ", MUTED), f"about {brief_time(found.seconds)}, {source}"))
    elif found.chunks:
        lines.append(Content.styled("Time is not measured yet for this writer: t tries three samples.", MUTED))
    lines.append(
        Content.assemble(("r ", "bold $text-accent"), "starts the run, and writes ", ", ".join(settings.export.formats))
    )
    return lines
