"""A measured rate and an honest estimate of what is left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from doc2data.events import Stage, StageProgress

WINDOW = 60.0
"""Seconds of the recent past that the rate is taken from: old speeds say little about what is left."""
LEAST = 3
"""Finished units before an estimate is given."""


class Meter:
    """Counts the finished units of one stage."""

    def __init__(self, stage: Stage, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.stage = stage
        self.total = total
        self.done = 0
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])
        self._measured = 0

    def expect(self, units: int) -> None:
        """More units than were known at first."""
        self.total += units

    def advance(self, units: int = 1, *, measured: bool = True) -> StageProgress:
        """Count units; those finished in an earlier run do not enter the rate."""
        now = self._clock()
        self.done += units
        if measured:
            self._measured += units
            self._marks.append((now, self._measured))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW:
            self._marks.popleft()
        rate = self._rate(now)
        known = rate > 0 and self._measured >= LEAST
        return StageProgress(
            self.stage, self.done, self.total, rate, (self.total - self.done) / rate if known else None
        )

    def _rate(self, now: float) -> float:
        since, units = self._marks[0]
        return (self._measured - units) / (now - since) if now > since else 0.0
