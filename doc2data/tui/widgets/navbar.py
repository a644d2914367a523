"""The line at the top: the seven places with their keys, and the open project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

if TYPE_CHECKING:
    from doc2data.tui.place import PlaceName

PLACES: tuple[tuple[PlaceName, str], ...] = (
    ("home", "Home"),
    ("library", "Library"),
    ("plan", "Plan"),
    ("run", "Run"),
    ("review", "Review"),
    ("dataset", "Dataset"),
    ("models", "Models"),
)


class NavBar(Horizontal):
    """Where a person is, and where they can go."""

    DEFAULT_CSS = """
    NavBar {
        height: 1;
        background: $panel;
        & > .navbar--place {
            width: auto; padding: 0 1;
            link-style: none; link-color: $foreground 70%; link-background-hover: $primary 40%;
        }
        & > .navbar--place.-here { background: $primary; color: $text; link-color: $text; link-style: bold; }
        & > .navbar--project {
            width: 1fr; text-align: right; padding: 0 1; color: $foreground 60%;
            text-overflow: ellipsis; text-wrap: nowrap;
        }
        & > .navbar--run { width: auto; padding: 0 1; color: $text-success; display: none; }
        & > .navbar--run.-busy { display: block; }
    }
    """

    def __init__(self, here: PlaceName) -> None:
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        """One label for each place."""
        for number, (name, title) in enumerate(PLACES, 1):
            mark = " -here" if name == self._here else ""
            label = f"[@click=app.go('{name}')]{number} {title}[/]"
            yield Static(label, classes=f"navbar--place{mark}")
        yield Static("", classes="navbar--project", markup=False)
        yield Static("", classes="navbar--run", markup=False)

    def tell(self, project: str, run: str) -> None:
        """Show the project's name, and how far a run is that goes on in the background."""
        self.query_one(".navbar--project", Static).update(project)
        line = self.query_one(".navbar--run", Static)
        line.update(run)
        line.set_class(bool(run), "-busy")
