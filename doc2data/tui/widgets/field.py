"""One setting as a field of a form, made from its declaration alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Label, Select, Static

from doc2data.tui.widgets.ticks import Ticks


class Field(Vertical):
    """A label, a widget that fits the setting's type, and what the setting does."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        margin-bottom: 1;
        & > .field--name { text-style: bold; }
        & > .field--about { color: $foreground 60%; }
        & > .field--wrong { color: $text-error; display: none; }
        &.-wrong > .field--wrong { display: block; }
        & Input, & Ticks { border: none; background: $panel; padding: 0 1; height: auto; max-height: 12; }
        & Input { height: 1; }
        & Input:focus, & Ticks:focus { background: $primary 25%; border: none; }
    }
    """

    @dataclass
    class Changed(Message):
        """A person changed the setting."""

        field: Field
        value: Any

    def __init__(self, key: str, info: FieldInfo, value: Any, names: Sequence[tuple[str, str]] = ()) -> None:
        """`names` are the possible members of a list with what each is; without them a list is typed."""
        super().__init__(id=f"field-{key.replace('.', '-')}")
        self.key = key
        self.info = info
        self._value = value
        self._names = names
        self.help_text = f"{key}: {info.description}"

    def compose(self) -> ComposeResult:
        """Label, widget, description, and room for what is wrong."""
        yield Label(self.key.partition(".")[2].replace("_", " "), classes="field--name")
        yield self._widget()
        yield Static(self.info.description or "", classes="field--about", markup=False)
        yield Static("", classes="field--wrong", markup=False)

    def complain(self, text: str) -> None:
        """Say what is wrong with the value; nothing for a good one."""
        self.query_one(".field--wrong", Static).update(f"✗ {text}")
        self.set_class(bool(text), "-wrong")

    def _widget(self) -> Input | Select[str] | Ticks:
        if self._names:
            return Ticks(self._names, self._value)
        if self.info.annotation is bool:
            return Select([("yes", "True"), ("no", "False")], value=str(self._value), allow_blank=False, compact=True)
        if get_origin(self.info.annotation) is Literal:
            options = [(str(option), str(option)) for option in get_args(self.info.annotation)]
            return Select(options, value=str(self._value), allow_blank=False, compact=True)
        return Input(_typed(self._value), select_on_focus=False)

    @on(Input.Changed)
    def _input(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == _typed(self._value):
            return
        text = event.value.strip()
        self._tell(_split(text) if _is_tuple(self.info.annotation) else text)

    @on(Select.Changed)
    def _select(self, event: Select.Changed) -> None:
        event.stop()
        if event.value != str(self._value):
            self._tell(event.value)

    @on(Ticks.Ticked)
    def _ticked(self, event: Ticks.Ticked) -> None:
        event.stop()
        self._tell(event.chosen)

    def _tell(self, value: Any) -> None:
        self._value = value
        self.post_message(self.Changed(self, value))


def _typed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else f"{value}"


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _is_tuple(annotation: object) -> bool:
    return get_origin(annotation) is tuple
