"""Evidence in its surroundings, marked by signs as well as by colour, the first piece of it in sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from doc2data.sources import Setting
from doc2data.tui.themes import MUTED

OPEN, CLOSE = "▶", "◀"
ABOVE = 3
"""Lines that stay in sight above the first quote."""


class SourceView(VerticalScroll, can_focus=False):
    """What a sample stands on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "Source"

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static()

    def show(self, settings: Sequence[Setting], *, hops: bool) -> None:
        """Show all evidence, one piece below the other; hops are numbered in their order."""
        pieces = [_piece(number, setting, hops) for number, setting in enumerate(settings, 1)]
        text = self.query_one(Static)
        text.update(Content("\n\n").join(pieces))
        self.call_after_refresh(self._to_quote, pieces[0] if pieces else Content(""))

    def _to_quote(self, piece: Content) -> None:
        width = self.query_one(Static).size.width
        above = piece[: max(0, piece.plain.find(OPEN))]
        lines = len(above.wrap(width)) if width and len(above) else 0
        self.scroll_to(y=max(0, lines - 1 - ABOVE), animate=False)


def _piece(number: int, setting: Setting, hops: bool) -> Content:
    evidence = setting.evidence
    page = f" · page {evidence.page}" if evidence.page else ""
    section = f"\n    {' › '.join(evidence.section)}" if evidence.section else ""
    label = f"[{number}] hop {number}" if hops else f"[{number}]"
    head = Content.assemble((label, "bold $text-accent"), (f" {evidence.document}{page}{section}", MUTED))
    if not setting.found:
        missing = ("✗ This quote does not stand in the source as it says.", "$text-error")
        return Content.assemble(head, "\n", missing, "\n", (setting.quote, "bold"))
    return Content.assemble(
        head,
        "\n",
        (setting.before, MUTED),
        (f"{OPEN}{setting.quote}{CLOSE}", "bold $foreground on $warning 30%"),
        (setting.after, MUTED),
    )
