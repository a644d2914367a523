"""Evidence in its surroundings, marked by signs as well as by colour, the first piece of it in sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from doc2data.sources import Setting
from doc2data.tui.themes import MUTED

OPEN, CLOSE = "▶", "◀"
ABOVE = 3
"""Lines that stay in sight above the first quote."""


class _Text(Static):
    """The text, which tells when it has got its place: only then can it be scrolled to."""

    class Placed(Message):
        """The text has another size."""

    def on_resize(self) -> None:
        """Tell."""
        self.post_message(self.Placed())


class SourceView(VerticalScroll, can_focus=False):
    """What a sample stands on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "Source"
        self._first = Content("")
        """The first piece of evidence."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield _Text()

    def show(self, settings: Sequence[Setting], *, hops: bool) -> None:
        """Show all evidence, one piece below the other; hops are numbered in their order."""
        pieces = [_piece(number, setting, hops) for number, setting in enumerate(settings, 1)]
        self._first = pieces[0] if pieces else Content("")
        self.query_one(_Text).update(Content("\n\n").join(pieces))
        self.call_after_refresh(self._to_quote)  # a text of the same size does not tell

    @on(_Text.Placed)
    def _to_quote(self) -> None:
        width = self.query_one(_Text).size.width
        above = self._first[: max(0, self._first.plain.find(OPEN))]
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
