"""What the seven screens share: the bars, fresh contents whenever they come to the front, errors as panels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import Worker, WorkerState

from doc2data.tui.widgets.navbar import NavBar

if TYPE_CHECKING:
    from doc2data.tui.app import Doc2DataApp

PlaceName = Literal["home", "library", "plan", "run", "review", "dataset", "models"]
Result = TypeVar("Result")


class Place(Screen[None]):
    """One of the seven screens."""

    NAME: ClassVar[PlaceName]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave_input", "Leave the field", show=False, id="place.leave_input"),
    ]

    ready = False
    """Whether its widgets are there."""

    @property
    def host(self) -> Doc2DataApp:
        """The app, as what it is."""
        return cast("Doc2DataApp", self.app)

    def compose(self) -> ComposeResult:
        """The bars around the body."""
        yield NavBar(self.NAME)
        yield from self.body()
        yield Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        """What the place holds between the bars."""
        raise NotImplementedError

    async def renew(self) -> None:
        """Show what the project holds now."""

    def follow(self) -> None:
        """Show what the run has just told."""

    def on_mount(self) -> None:
        """From here on there is something to show things in."""
        self.ready = True
        self.refresh_now()

    def on_screen_resume(self) -> None:
        """Come to the front: with fresh contents."""
        self.refresh_now()

    def refresh_now(self) -> None:
        """Renew without holding up the keys."""
        if self.ready:
            self.host.tell_navbar(self)
            self.ask(self.renew, group="renew")

    def ask(
        self, work: Callable[[], Coroutine[None, None, None]] | Awaitable[None], group: str = "ask"
    ) -> Worker[None]:
        """Do something that waits; a later one of the same group takes its place."""
        return self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Whatever went wrong in the background becomes a panel."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self.host.explain(event.worker.error)

    def action_leave_input(self) -> None:
        """Give the keys back from a field to the screen."""
        self.set_focus(None)

    def in_thread(self, work: Callable[[], Result]) -> Awaitable[Result]:
        """Do blocking work beside the loop that draws."""
        import asyncio

        return asyncio.to_thread(work)
