"""Models load while documents are read; one that cannot be used ends the run early, not one job after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from models import Engine


class Loading:
    """A look at models that are on their way."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

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


async def ready(engines: Sequence[Engine]) -> None:
    """Wait until all of them can be asked.

    Raises:
        ModelError: one cannot be loaded, or its server does not answer.
    """
    for engine in engines:
        await engine.ready()
