"""A bordered box with a title, and lines of labels with values."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from doc2data.tui.themes import MUTED


class Panel(Static):
    """Text in a box; what is written into it is never read as markup."""

    DEFAULT_CSS = """
    Panel {
        border: round $primary 60%;
        border-title-color: $text-primary;
        border-title-style: bold;
        padding: 0 1;
        height: auto;
    }
    """

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self.border_title = title

    def write(self, *lines: Content | str) -> None:
        """Replace what it says."""
        self.update(Content("\n").join([line if isinstance(line, Content) else Content(line) for line in lines]))


def pairs(values: Iterable[tuple[str, str]], width: int = 12) -> list[Content]:
    """Lines of a dim label and its value."""
    return [Content.assemble((f"{label:{width}} ", MUTED), value) for label, value in values]
