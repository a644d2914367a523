"""One document: its outline at the left, its blocks or chunks at the right, and the text of the one in hand."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from doc2data.records import Chunk
from doc2data.store import DocumentRow, Store
from doc2data.tui.host import host_of
from doc2data.tui.widgets.rows import Column, Row, Rows
from parsers import Block, Document

MARKS = {
    "heading": "#",
    "paragraph": "¶",
    "list_item": "•",
    "table": "▦",
    "code": "<>",
    "caption": "❝",
    "footnote": "†",
}


class DocumentView(Screen[None]):
    """What was found in one document."""

    CSS_PATH = "document.tcss"
    HELP = (
        "The outline at the left jumps to its place. b shows blocks, c chunks, as they were cut, with the number of "
        "accepted samples (✓) made from each; v shows the page "
        "that the block in hand stands on. Tab changes sides."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back", show=False, id="document.back"),
        Binding("b", "blocks", "Blocks", id="document.blocks"),
        Binding("c", "chunks", "Chunks", id="document.chunks"),
        Binding("v", "page", "Page", id="document.page"),
        Binding("y", "copy", "Copy", show=False, id="document.copy"),
    ]

    def __init__(self, row: DocumentRow) -> None:
        super().__init__()
        self._row = row
        self._document: Document | None = None
        self._chunks: list[Chunk] = []
        self._samples: dict[str, int] = {}
        """Accepted samples by chunk."""
        self._headings: list[int] = []
        """Indices of the blocks that are headings."""
        self._texts: list[str] = []
        """Whole texts of the rows that are shown."""

    def compose(self) -> ComposeResult:
        """The head, the two tables, the text."""
        yield Static(_head(self._row), id="document-head", markup=False)
        with Horizontal(id="document-sides"):
            yield Rows((Column("Outline"),), id="outline", empty="No headings.")
            with Vertical():
                yield Rows((Column("", 2), Column("Page", 4, right=True), Column("Text")), id="parts", empty="Opening…")
                with VerticalScroll(id="part-box", can_focus=False):
                    yield Static(id="part", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Fetch the document without holding up the screen: a long one takes a while."""
        self.query_one("#parts").focus()
        self.run_worker(self._open(), exit_on_error=False)

    async def _open(self) -> None:
        archive = host_of(self).archive
        if archive is None:
            return
        id = self._row.id

        def fetch(store: Store) -> tuple[Document, list[Chunk], dict[str, int]]:
            return store.documents.document(id), list(store.documents.chunks(id)), store.documents.samples_of(id)

        document, self._chunks, self._samples = await archive.ask(fetch, slow=True)
        self._document, blocks = document, document.blocks
        self._headings = [index for index, block in enumerate(blocks) if block.kind == "heading"]
        outline = self.query_one("#outline", Rows)
        outline.show_all([(_indented(blocks[index]),) for index in self._headings])
        self.action_blocks()

    def action_blocks(self) -> None:
        """Show blocks."""
        if self._document is not None:
            self._texts = [block.text for block in self._document.blocks]
            self._show([_block_row(block) for block in self._document.blocks])

    def action_chunks(self) -> None:
        """Show chunks."""
        if self._document is not None:
            text = self._document.text
            self._texts = [f"{' › '.join(chunk.section)}\n\n{chunk.text(text)}" for chunk in self._chunks]
            self._show([_chunk_row(chunk, text, self._samples.get(chunk.id, 0)) for chunk in self._chunks])

    def _show(self, rows: list[Row]) -> None:
        parts = self.query_one("#parts", Rows)
        parts.cursor = 0
        parts.show_all(rows)
        self._show_part(0)

    @on(Rows.Moved, "#parts")
    def _moved(self, event: Rows.Moved) -> None:
        self._show_part(event.index)

    def _show_part(self, index: int) -> None:
        text = self._texts[index] if index < len(self._texts) else ""
        self.query_one("#part", Static).update(text)
        self.query_one("#part-box").scroll_home(animate=False)

    @on(Rows.Chosen, "#outline")
    def _jump(self, event: Rows.Chosen) -> None:
        self.action_blocks()
        parts = self.query_one("#parts", Rows)
        parts.cursor = self._headings[event.index]
        parts.focus()

    def action_page(self) -> None:
        """Show the page that the block in hand stands on."""
        from doc2data.tui.screens.page import PageView

        if self._document is None:
            return
        blocks = self._document.blocks
        index = min(self.query_one("#parts", Rows).cursor, len(blocks) - 1)
        page = blocks[index].page
        if self._row.type != "pdf" or page is None:
            self.notify("Only PDF pages have pictures.")
            return
        self.app.push_screen(PageView(Path(self._row.path), page, self._document))

    def action_copy(self) -> None:
        """The text in hand, to the clipboard."""
        index = self.query_one("#parts", Rows).cursor
        if index < len(self._texts):
            self.app.copy_to_clipboard(self._texts[index])
            self.notify("Copied.")


def _head(row: DocumentRow) -> str:
    pages = f", {row.pages} pages" if row.pages else ""
    warnings = "".join(f"\n! {warning}" for warning in row.warnings[:3])
    return f"{row.title} · {row.name}\n{row.type}, {row.language}{pages}, {row.blocks} blocks{warnings}"


def _indented(block: Block) -> str:
    # No-break spaces, since a row's text is freed of other ones.
    return "\u00a0\u00a0" * ((block.level or 1) - 1) + block.text


def _block_row(block: Block) -> Row:
    tone = "strong" if block.kind == "heading" else ""
    return ((MARKS.get(block.kind, "·"), "dim"), f"{block.page or ''}", (block.text[:200], tone))


def _chunk_row(chunk: Chunk, text: str, samples: int) -> Row:
    made = f"{samples}✓" if samples else "-"
    return ((f"{chunk.index + 1}", "dim"), made, f"[{chunk.tokens}] {chunk.text(text)[:200]}")
