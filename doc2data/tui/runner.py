"""The one run: a thread that listens to the pipeline and hands on what it tells.

The pipeline's generator does blocking work between its events, so it gets a thread with a loop of its own. What it
tells is collected here and announced once; the app takes all of it when it has time, so a fast run cannot drown the
screen. Pausing holds the generator between two events. Stopping closes it, at its next event or wherever long work
breathes, which keeps everything that was finished.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from doc2data.events import Event
from doc2data.progress import watch_over

Events = Callable[[], AsyncGenerator[Event]]
"""Starts the generator of a run."""


class Runner:
    """Runs one generator of events at a time."""

    def __init__(self, announce: Callable[[], object], ended: Callable[[Exception | None, bool], object]) -> None:
        """Both callables are called in the runner's thread.

        Args:
            announce: there is news to take.
            ended: the run is over, with its error and whether a person stopped it.
        """
        self._announce = announce
        self._ended = ended
        self._news: deque[Event] = deque()
        self._lock = threading.Lock()
        self._announced = False
        self._go = asyncio.Event()
        self._stop = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def run(self, events: Events) -> None:
        """Listen to the end; call it in a thread."""
        self._stop, self._go = False, asyncio.Event()
        self._go.set()
        error: Exception | None = None
        watch_over(self._leave_if_stopped)
        try:
            asyncio.run(self._listen(events))
        except asyncio.CancelledError:
            pass
        except Exception as raised:  # noqa: BLE001 - whatever it is, a person must see it
            error = raised
        with self._lock:
            stopped, self._task, self._loop = self._stop, None, None
        self._ended(None if stopped else error, stopped)

    def take(self) -> list[Event]:
        """All news since the last call, oldest first."""
        with self._lock:
            news = list(self._news)
            self._news.clear()
            self._announced = False
        return news

    def pause(self) -> None:
        """Hold the run after the piece of work in hand."""
        self._soon(self._go.clear)

    def resume(self) -> None:
        """Go on."""
        self._soon(self._go.set)

    def stop(self) -> None:
        """End the run now; what was finished is kept."""
        self._stop = True
        if self._task is not None:
            self._soon(self._task.cancel)

    def _leave_if_stopped(self) -> None:
        if self._stop:
            raise asyncio.CancelledError

    def _soon(self, call: Callable[[], object]) -> None:
        """Call in the run's loop; nothing where no run is."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    async def _listen(self, events: Events) -> None:
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        async with aclosing(events()) as told:
            async for event in told:
                self._tell(event)
                if self._stop:
                    return
                # Requests in flight still come home while the run is held.
                await self._go.wait()

    def _tell(self, event: Event) -> None:
        with self._lock:
            self._news.append(event)
            first, self._announced = not self._announced, True
        if first:
            self._announce()
