"""Review: a sample at one side, its source at the other, a key for each decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from doc2data import review
from doc2data.records import Evidence, Judged
from doc2data.sources import Setting, Sources
from doc2data.store import Remark, Store
from doc2data.tui.place import PlaceName
from doc2data.tui.screens.amending import Amending
from doc2data.tui.screens.dialog import Choice, Question
from doc2data.tui.widgets.duration import bar
from doc2data.tui.widgets.sample_text import plain_text, sample_head, sample_text, verdict_lines
from doc2data.tui.widgets.source_view import SourceView

QUEUES = {
    "undecided": "Undecided, as made",
    "lowest": "Undecided, lowest score first",
    "audit": "Random audit: how right the checks are",
    "rejected": "Rejected by the checks",
}
MOST_DOCUMENTS = 100
"""Documents that the list of queues names."""
ONE = "one"
"""A queue of a single sample, opened from elsewhere."""
REASONS = {
    "The answer is not in the source.": "Not in the source",
    "The answer is wrong.": "Wrong answer",
    "The question cannot be understood alone.": "Question unclear alone",
    "Nobody would ask this.": "Trivial or odd",
    "The wording is bad.": "Badly worded",
    "other": "Another reason…",
}
NOTHING = {
    "undecided": "Nothing is waiting for you. Press r on the Run screen (4) to make samples, or q for another queue.",
    "audit": "Nothing to audit yet. Press 4 and r to make samples.",
}


class Review(Amending):
    """Decide on samples, quickly."""

    NAME: ClassVar[PlaceName] = "review"
    CSS_PATH = "review.tcss"
    HELP = (
        "a accepts and x rejects, and the next sample comes at once. X rejects without asking why. u takes back the "
        "last decision, edit, tag or note, also after a restart. e edits; the checks look at the new wording at once. "
        "g asks the recipe again, with another seed. t tags, m writes a note.\n"
        "q chooses the queue. The random audit tells how often a person agrees with the checks, with its interval.\n"
        "Up and down scroll the sample, Shift with them the source; v shows the page as it looks, c copies."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept", id="review.accept"),
        Binding("x", "reject", "Reject", id="review.reject"),
        Binding("X", "reject_now", "Reject, no reason", show=False, id="review.reject_now"),
        Binding("e", "edit", "Edit", id="review.edit"),
        Binding("u", "undo", "Undo", show=False, id="review.undo"),
        Binding("q", "queue", "Queue", id="review.queue"),
        Binding("n,right,space", "step(1)", "Next", show=False, id="review.next"),
        Binding("p,left", "step(-1)", "Previous", show=False, id="review.previous"),
        Binding("c", "copy", "Copy", show=False, id="review.copy"),
        Binding("v", "page", "Page of the source", show=False, id="review.page"),
        Binding("down,j", "scroll('#sample', 2)", "Scroll sample", show=False, id="review.down"),
        Binding("up,k", "scroll('#sample', -2)", "Scroll sample", show=False, id="review.up"),
        Binding("shift+down,J", "scroll('#source', 2)", "Scroll source", show=False, id="review.source_down"),
        Binding("shift+up,K", "scroll('#source', -2)", "Scroll source", show=False, id="review.source_up"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._queue = "undecided"
        self._at = 0
        self._sources = Sources()
        self._project: object = None

    def body(self) -> ComposeResult:
        """A line about the queue, the two sides, a line about the audit."""
        yield Static(id="queue-line", markup=False)
        with Horizontal(id="sides"):
            with VerticalScroll(id="sample", can_focus=False) as sample:
                sample.border_title = "Sample"
                yield Static(id="sample-head")
                yield Static(id="sample-text")
                yield Static(id="verdicts")
            yield SourceView(id="source")
        yield Static(id="audit-line")

    async def renew(self) -> None:
        """Take up the queue where it was left."""
        app = self.host
        if app.archive is None or app.project is None:
            self._show(None, [], "No project is open. Press 1 to open one.")
            return
        visit = app.memory.visit(app.project.folder)
        fresh = self._project != app.project
        if fresh or visit.queue == ONE or not self._ids:
            self._project, self._sources = app.project, Sources()
            self.forget_tools()
            await self._open_queue(visit.queue or "undecided", visit.sample)
        self.ask(self._show_audit, group="audit")

    async def _open_queue(self, name: str, first: str = "") -> None:
        archive = self.host.archive
        if archive is None:
            return

        def choose(store: Store) -> list[str]:
            return [first] if name == ONE else review.queued(store, name)

        self._queue, self._ids = name, await archive.ask(choose, slow=True)
        self._at = self._ids.index(first) if first in self._ids else 0
        await self.load()

    async def load(self) -> None:
        """Show the sample that is up."""
        archive = self.host.archive
        if archive is None:
            return
        if not self._ids:
            self._show(None, [], NOTHING.get(self._queue, "This queue is empty. Press q for another."))
            return
        id, sources = self._ids[self._at], self._sources

        def look(store: Store) -> tuple[Judged | None, list[Setting], Remark]:
            judged = store.samples.get(id)
            return judged, sources.settings_of(store, judged.sample) if judged else [], store.remarks.get(id)

        judged, settings, self._remark = await archive.ask(look)
        self._show(judged, settings, "This sample is gone: a later run has replaced it. n goes on.")
        if self._queue != ONE:
            self.host.note_visit(sample=id, queue=self._queue)

    def _show(self, judged: Judged | None, settings: list[Setting], otherwise: str) -> None:
        self._judged = judged
        head, text, verdicts = Content(""), Content(otherwise), Content("")
        if judged is not None:
            head, text, verdicts = sample_head(judged, self._remark), sample_text(judged), verdict_lines(judged)
        self.query_one("#sample-head", Static).update(head)
        self.query_one("#sample-text", Static).update(text)
        self.query_one("#verdicts", Static).update(verdicts)
        hops = judged is not None and judged.sample.kind == "multihop"
        self.query_one("#sample", VerticalScroll).scroll_home(animate=False)
        self.query_one("#source", SourceView).show(settings if judged else [], hops=hops)
        place = f"{self._at + 1} of {len(self._ids)}" if self._ids else "empty"
        title = "One sample" if self._queue == ONE else QUEUES.get(self._queue, self._queue.replace(":", " "))
        self.query_one("#queue-line", Static).update(f"{title} · {place}")
        self.refresh_bindings()

    async def _show_audit(self) -> None:
        if self.host.archive is None:
            return
        audit = await self.host.archive.ask(review.audit, slow=True)
        line = self.query_one("#audit-line", Static)
        if not audit.population:
            line.update("")
            return
        low, high = audit.interval
        known = f"precision {low:.0%} to {high:.0%}" if audit.reviewed else "precision not known yet"
        done = bar(audit.reviewed, audit.needed, 20)
        line.update(Content.assemble("Audit ", (done, "$text-accent"), f" {audit.reviewed}/{audit.needed} · {known}"))

    # Decisions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action in ("accept", "reject", "reject_now", "edit", "regenerate", "tag", "note", "copy"):
            return self._judged is not None
        return True

    def action_accept(self) -> None:
        """Yes; the next one."""
        self._decide(review.accept)

    def action_reject_now(self) -> None:
        """No; the next one."""
        self._decide(lambda store, id: review.reject(store, id, ""))

    def action_reject(self) -> None:
        """No, for a reason."""
        self.host.push_screen(Choice("Why?", "", REASONS), self._rejected)

    def _rejected(self, reason: str | None) -> None:
        if reason == "other":
            self.host.push_screen(Question("Why?"), self._rejected)
        elif reason:
            self._decide(lambda store, id: review.reject(store, id, reason))

    def _decide(self, decide: Callable[[Store, str], Judged]) -> None:
        judged, archive = self._judged, self.host.archive
        if judged is None or archive is None:
            return
        self._judged = None
        self.run_worker(self._decided(decide, judged.sample.id), group="decide", exit_on_error=False)

    async def _decided(self, decide: Callable[[Store, str], Judged], id: str) -> None:
        archive = self.host.archive
        if archive is None:
            return
        after = await archive.ask(lambda store: decide(store, id))
        if self._at + 1 < len(self._ids) or self._queue == ONE:
            self._at = min(self._at + 1, len(self._ids) - 1)
            await self.load()
        else:
            # A run may have made more meanwhile.
            await self._open_queue(self._queue)
        self.notify(f"{after.status.capitalize()}. u takes it back.", timeout=2)
        self.ask(self._show_audit, group="audit")

    def action_undo(self) -> None:
        """Take back the last decision, edit, tag or note, and show it."""
        self.run_worker(self._undo(), group="decide", exit_on_error=False)

    async def _undo(self) -> None:
        if self.host.archive is None:
            return
        before = await self.host.archive.ask(review.undo)
        if before is None:
            self.notify("There is nothing to take back.")
            return
        edited = self._judged.sample.id if self._judged else ""
        if before.sample.id in self._ids:
            self._at = self._ids.index(before.sample.id)
        elif edited in self._ids:
            self._at = self._ids.index(edited)
            self._ids[self._at] = before.sample.id
        else:
            self._ids.insert(self._at, before.sample.id)
        await self.load()
        self.notify("Taken back.", timeout=2)
        self.ask(self._show_audit, group="audit")

    # Moving

    def action_step(self, steps: int) -> None:
        """To another sample of the queue, undecided or not."""
        if self._ids:
            self._at = max(0, min(self._at + steps, len(self._ids) - 1))
            self.ask(self.load(), group="load")

    def action_scroll(self, side: str, lines: int) -> None:
        """Scroll one side."""
        self.query_one(side, VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        """The sample with its quotes, to the clipboard."""
        if self._judged is not None:
            self.host.copy_to_clipboard(plain_text(self._judged))
            self.notify("Copied.")

    def action_page(self) -> None:
        """The page that the first piece of evidence stands on, as it looks."""
        if self._judged is not None and self._judged.sample.evidence:
            self.ask(partial(self._show_page, self._judged.sample.evidence[0]), group="page")

    async def _show_page(self, evidence: Evidence) -> None:
        from doc2data.tui.screens.page import PageView

        archive = self.host.archive
        if archive is None:
            return
        found = await archive.ask(lambda store: store.documents.named(evidence.document), slow=True)
        if found is None or found[0].type != "pdf" or evidence.page is None:
            self.notify("Only PDF pages have pictures.")
            return
        row, document = found
        self.app.push_screen(PageView(Path(row.path), evidence.page, document))

    def action_queue(self) -> None:
        """Choose another queue."""
        self.ask(self._choose_queue(), group="queue")

    async def _choose_queue(self) -> None:
        if self.host.archive is None:
            return
        kinds, reasons, documents, tags = await self.host.archive.ask(_areas, slow=True)
        answers = dict(QUEUES)
        if len(kinds) > 1:
            answers |= {f"kind:{kind}": f"Undecided of kind {kind} ({count})" for kind, count in kinds.items()}
        answers |= {f"tag:{name}": f"Tagged {name} ({count})" for name, count in tags.items()}
        answers |= {f"check:{name}": f"Rejected by {name} ({count})" for name, count in reasons.items()}
        answers |= {f"document:{name}": f"Undecided on {name}" for name in documents}
        self.host.push_screen(Choice("Which samples?", "", answers), self._queue_chosen)

    def _queue_chosen(self, name: str | None) -> None:
        if name is not None:
            self.host.note_visit(queue=name, sample="")
            self.ask(self._open_queue(name), group="queue")


def _areas(store: Store) -> tuple[dict[str, int], dict[str, int], list[str], dict[str, int]]:
    """Kinds, checks that rejected, documents and tags: each is a queue of its own."""
    documents = [row.name for row in store.documents.rows() if row.state == "read"]
    return store.samples.kinds(), store.samples.rejected_by(), documents[:MOST_DOCUMENTS], store.remarks.tags()
