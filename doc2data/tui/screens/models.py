from typing import ClassVar
from textual.app import ComposeResult
from textual.widgets import Static
from doc2data.tui.place import Place, PlaceName
class Models(Place):
    NAME: ClassVar[PlaceName] = "models"
    def body(self) -> ComposeResult:
        yield Static("soon")
