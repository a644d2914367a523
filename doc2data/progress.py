"""A measured rate, an honest estimate of what is left, and a place where long work lets itself be stopped."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar

from doc2data.events import Stage, StageProgress

WINDOW = 60.0
"""Seconds of the recent past that the rate is taken from: old speeds say little about what is left."""
LEAST = 3
"""Finished units before an estimate is given."""


_WATCHER: ContextVar[Callable[[], None] | None] = ContextVar("watcher", default=None)


def breathe() -> None:
    """Call it in long work that tells no events meanwhile: whoever watches over the run may end it here, by raising."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher()


def watch_over(watcher: Callable[[], None]) -> None:
    """Let `watcher` be called by `breathe` in what is begun from here on, in this thread."""
    _WATCHER.set(watcher)


class Meter:
    """Counts the finished units of one stage."""

    def __init__(self, stage: Stage, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.stage = stage
        self.total = total
        self.done = 0
        self._clock = clock
        self._marks: deque[tuple[float, int, int]] = deque([(clock(), 0, 0)])
        self._measured = 0

    def expect(self, units: int) -> None:
        """More units than were known at first."""
        self.total += units

    def advance(self, units: int = 1, *, measured: bool = True, tokens: int = 0) -> StageProgress:
        """Count units; those finished in an earlier run do not enter the rate.

        Args:
            units: finished since the last call.
            measured: whether they were finished just now.
            tokens: that the model has read and written since the stage began, all together.
        """
        now = self._clock()
        self.done += units
        if measured:
            self._measured += units
            self._marks.append((now, self._measured, tokens))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW:
            self._marks.popleft()
        since, earlier, read = self._marks[0]
        seconds = now - since
        rate = (self._measured - earlier) / seconds if seconds > 0 else 0.0
        known = rate > 0 and self._measured >= LEAST
        left = (self.total - self.done) / rate if known else None
        pace = max(0, tokens - read) / seconds if seconds > 0 else 0.0
        return StageProgress(self.stage, self.done, self.total, rate, left, pace)


def duration(seconds: float) -> str:
    """A span of time in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{rest} s"
