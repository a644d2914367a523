"""The picture of a page, with a frame around each block that was found on it."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from doc2data.pictures import page_picture
from doc2data.tui.host import host_of
from doc2data.tui.screens.dialog import Dialog
from parsers import Document

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage


CELL_ASPECT = 2.0
"""Height of a character's cell over its width, about."""


class PageView(Dialog[None]):
    """One page as it looks."""

    HELP = "The page as it looks in print. Frames show the blocks that were found. The arrows go to other pages."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "cancel", "Close", show=False, id="page.close"),
        Binding("right,n", "turn(1)", "Next page", id="page.next"),
        Binding("left,p", "turn(-1)", "Previous page", id="page.previous"),
    ]

    def __init__(self, path: Path, page: int, document: Document) -> None:
        super().__init__("")
        self._path = path
        self._page = page
        self._document = document
        self.add_class("-large")

    def body(self) -> ComposeResult:
        """The picture, once it is drawn."""
        yield Static(id="drawing")
        yield VerticalScroll(id="page-box")

    def on_mount(self) -> None:
        """Draw the first one."""
        self.action_turn(0)

    def action_turn(self, pages: int) -> None:
        """Draw another page without holding up the screen."""
        self._page = max(1, min(self._page + pages, self._document.pages or 1))
        self.query_one(".dialog").border_title = f"{self._path.name}, page {self._page} of {self._document.pages}"
        self.query_one("#drawing", Static).update("Drawing the page…")
        self.run_worker(self._draw, thread=True, exclusive=True, group="draw", exit_on_error=False)

    def _draw(self) -> None:
        from PIL import Image

        page = self._page
        try:
            picture = Image.open(io.BytesIO(page_picture(self._path, page, self._document)))
            picture.load()
        except Exception as error:  # noqa: BLE001 - shown to the person
            self.app.call_from_thread(self._failed, error)
            return
        self.app.call_from_thread(partial(self._show, page, picture))

    def _failed(self, error: Exception) -> None:
        self.dismiss(None)
        host_of(self).explain(error)

    def _show(self, page: int, picture: PILImage) -> None:
        from textual_image.widget import Image

        if page != self._page or not self.is_attached:
            return
        self.query_one("#drawing", Static).update("")
        box = self.query_one("#page-box", VerticalScroll)
        box.remove_children()
        image = Image(picture)
        width = box.size.width - 1
        image.styles.width, image.styles.height = width, round(width * picture.height / picture.width / CELL_ASPECT)
        box.mount(image)
