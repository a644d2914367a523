"""Models load while documents are read; one that cannot be used ends the run early, not one job after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

from doc2data.events import ModelLoading
from models import Engine

_MOMENT = 0.25
"""Seconds between two looks at a model that is being loaded."""


class Loading:
    """A look at models that are on their way."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    async def done(self, seconds: float) -> bool:
        """Whether all have come within so many seconds.

        Raises:
            ModelError: one will not come.
        """
        await asyncio.wait({self._task}, timeout=seconds)
        await self.look()
        return self._task.done()

    async def look(self) -> None:
        """Go on at once, unless it is known by now that a model will not come.

        Raises:
            ModelError: it cannot be loaded, or its server does not answer.
        """
        await asyncio.sleep(0)
        if self._task.done():
            await self._task


@asynccontextmanager
async def awaited(engines: Sequence[Engine]) -> AsyncIterator[Loading]:
    """Let models load in the background while this lasts."""
    task = asyncio.create_task(ready(engines))
    try:
        yield Loading(task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def loaded(engines: Sequence[Engine]) -> AsyncGenerator[ModelLoading]:
    """Wait until all of them can be asked, and tell how far they are.

    Raises:
        ModelError: one cannot be loaded, or its server does not answer.
    """
    for engine in engines:
        async with awaited([engine]) as loading:
            while not await loading.done(_MOMENT):
                yield ModelLoading(engine.info.name, engine.condition.loaded)
        yield ModelLoading(engine.info.name, 1.0, engine.condition.notes)


async def ready(engines: Sequence[Engine]) -> None:
    """Wait until all of them can be asked.

    Raises:
        ModelError: one cannot be loaded, or its server does not answer.
    """
    for engine in engines:
        await engine.ready()


def restarts(engines: Sequence[Engine]) -> Iterator[str]:
    """What to tell of models whose process did not live through the run."""
    for engine in engines:
        if count := engine.condition.restarts:
            times = "once" if count == 1 else f"{count} times"
            yield f"The process of {engine.info.name!r} died {times} and was started again; what it was asked is done."
