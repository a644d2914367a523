from typing import ClassVar
from textual.app import ComposeResult
from textual.widgets import Static
from doc2data.tui.place import Place, PlaceName
class Library(Place):
    NAME: ClassVar[PlaceName] = "library"
    def body(self) -> ComposeResult:
        yield Static("soon")
