from typing import ClassVar
from textual.app import ComposeResult
from textual.widgets import Static
from doc2data.tui.place import Place, PlaceName
class Review(Place):
    NAME: ClassVar[PlaceName] = "review"
    def body(self) -> ComposeResult:
        yield Static("soon")
