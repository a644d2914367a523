"""A dialog to reword a sample, turn by turn."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Label, TextArea

from doc2data.records import Message, Sample
from doc2data.tui.screens.dialog import Dialog


class Edit(Dialog[tuple[Message, ...]]):
    """Every turn in a field of its own."""

    HELP = "Tab goes to the next turn, Ctrl+S keeps the new wording and lets the checks look at it, Escape forgets it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep and check", id="edit.keep", priority=True),
    ]

    def __init__(self, sample: Sample) -> None:
        super().__init__("Edit")
        self._sample = sample
        self.add_class("-large")

    def body(self) -> ComposeResult:
        """One text area for each turn."""
        with VerticalScroll(can_focus=False):
            for message in self._sample.messages:
                yield Label(message.role)
                yield TextArea(message.content, soft_wrap=True, tab_behavior="focus")

    def action_keep(self) -> None:
        """Return the new wording."""
        areas = self.query(TextArea)
        turns = zip(self._sample.messages, areas, strict=True)
        self.dismiss(tuple(Message(message.role, area.text.strip()) for message, area in turns))
