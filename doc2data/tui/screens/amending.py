"""What Review can do to a sample beside deciding: reword it, ask the recipe again, tag it, note something on it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from doc2data import review
from doc2data.errors import ProjectError
from doc2data.project import Project
from doc2data.recheck import Recheck
from doc2data.records import Judged, Message
from doc2data.remake import Remaker
from doc2data.store import Remark, Store
from doc2data.tui.place import Place
from doc2data.tui.screens.dialog import Question
from doc2data.tui.screens.edit import Edit


class Amending(Place):
    """The half of Review that changes the sample in hand; it keeps checks and model open in between."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "regenerate", "Ask the recipe again", show=False, id="review.regenerate"),
        Binding("t", "tag", "Tag", show=False, id="review.tag"),
        Binding("m", "note", "Note", show=False, id="review.note"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._ids: list[str] = []
        self._judged: Judged | None = None
        self._remark = Remark()
        self._recheck: Recheck | None = None
        self._remaker: Remaker | None = None

    async def load(self) -> None:
        """Show the sample that is up."""
        raise NotImplementedError

    def forget_tools(self) -> None:
        """Another project is open: its checks and its model are others."""
        self._recheck = self._remaker = None

    def action_edit(self) -> None:
        """Change the wording."""
        if self._judged is not None:
            self.host.push_screen(Edit(self._judged.sample), self._edited)

    def _edited(self, messages: tuple[Message, ...] | None) -> None:
        judged = self._judged
        if messages is not None and judged is not None and messages != judged.sample.messages:
            self._amend("Checking the new wording…", self._replaced(partial(self._edit, judged.sample.id, messages)))

    def _edit(self, id: str, messages: tuple[Message, ...], project: Project, store: Store) -> Judged:
        if self._recheck is None:
            self._recheck = Recheck(project, project.settings(), store)
        return review.edit(store, id, messages, self._recheck)

    def action_regenerate(self) -> None:
        """Have the recipe make another sample from the same clues, in this one's place."""
        if self._judged is None:
            return
        if self.host.ledger.active:
            self.host.explain(ProjectError("A run is going on.", "Ask again when it has ended, or stop it first."))
            return
        id = self._judged.sample.id
        self._amend("Asking the recipe again…", self._replaced(partial(self._remake, id)))

    def _remake(self, id: str, project: Project, store: Store) -> Judged:
        if self._remaker is None or self._remaker.closed:
            self._remaker = Remaker(project, project.settings(), store)
            if self.host.archive is not None:
                self.host.archive.at_close(self._remaker.close)
        return self._remaker(id)

    def _amend(self, saying: str, work: Coroutine[None, None, None]) -> None:
        self.query_one("#verdicts", Static).update(saying)
        self.run_worker(work, group="decide", exit_on_error=False)

    async def _replaced(self, change: Callable[[Project, Store], Judged]) -> None:
        project, archive, before = self.host.project, self.host.archive, self._judged
        if project is None or archive is None or before is None:
            return
        try:
            after = await archive.ask(partial(change, project), slow=True)
        except Exception:
            await self.load()
            raise
        if before.sample.id in self._ids:
            self._ids[self._ids.index(before.sample.id)] = after.sample.id
        await self.load()
        self.notify(f"The checks say: {after.status}. {after.reason}".strip())

    def action_tag(self) -> None:
        """Give the sample other tags."""
        if self._judged is not None:
            text = "Words to find it by, parted by commas. q shows the samples of a tag."
            self.host.push_screen(Question("Tags", text, ", ".join(self._remark.tags)), self._tagged)

    def _tagged(self, words: str | None) -> None:
        if words is not None:
            self._remarked(lambda store, id: review.tag(store, id, words.replace("，", ",").split(",")))

    def action_note(self) -> None:
        """Write a note on the sample."""
        if self._judged is not None:
            self.host.push_screen(Question("Note", "", self._remark.note), self._noted)

    def _noted(self, text: str | None) -> None:
        if text is not None:
            self._remarked(lambda store, id: review.note(store, id, text))

    def _remarked(self, change: Callable[[Store, str], Remark]) -> None:
        judged, archive = self._judged, self.host.archive
        if judged is None or archive is None:
            return

        async def work() -> None:
            await archive.ask(lambda store: change(store, judged.sample.id))
            await self.load()

        self.run_worker(work(), group="decide", exit_on_error=False)
