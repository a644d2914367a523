"""A list to choose several from: a sign, not a colour, says which are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from doc2data.tui.themes import MUTED

CHOSEN, OPEN = "[✓] ", "[ ] "


class Ticks(OptionList):
    """Options that are ticked and unticked with Space or Enter."""

    HELP = "Space or Enter ticks the line under the cursor, or takes its tick away."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "select", "Tick", show=False, id="ticks.tick")]

    @dataclass
    class Ticked(Message):
        """Another choice was made."""

        ticks: Ticks
        chosen: tuple[str, ...]

    def __init__(self, names: Sequence[tuple[str, str]], chosen: Collection[str], *, id: str | None = None) -> None:
        """`names` are the choices with what each is."""
        self._names = names
        self._chosen = set(chosen)
        super().__init__(*(Option(self._line(name, about), id=name) for name, about in names), id=id)

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is ticked, in the order of the list."""
        return tuple(name for name, _ in self._names if name in self._chosen)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tick or untick."""
        event.stop()
        name, about = self._names[event.option_index]
        self._chosen ^= {name}
        self.replace_option_prompt_at_index(event.option_index, self._line(name, about))
        self.post_message(self.Ticked(self, self.chosen))

    def _line(self, name: str, about: str) -> Content:
        mark = CHOSEN if name in self._chosen else OPEN
        return Content.assemble((mark, "bold"), name, (f"  {about}" if about else "", MUTED))
