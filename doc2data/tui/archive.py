"""The open project's database behind two threads, so that no question to it stops the screen.

A connection of SQLite belongs to its thread. Quick questions (a page of rows, a decision) do not wait behind slow
ones (counting, searching): each kind has a thread and a connection of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from doc2data.store import Store

Answer = TypeVar("Answer")


class Archive:
    """Asks the project's database from the app's own loop."""

    def __init__(self, path: Path) -> None:
        self._quick = Desk(path)
        self._slow = Desk(path)

    async def ask(self, question: Callable[[Store], Answer], *, slow: bool = False) -> Answer:
        """The answer to a question, worked out in the archive's thread.

        Args:
            question: reads or writes the store; runs in another thread, so it must not touch the screen.
            slow: whether it looks at all samples rather than at a page of them.

        Raises:
            Doc2dataError: whatever the question raises.
        """
        desk = self._slow if slow else self._quick
        return await desk.ask(question)

    def at_close(self, work: Callable[[], None]) -> None:
        """Do something in the thread of slow questions before the database is closed, or when memory is needed."""
        self._slow.closers.append(work)

    def release(self) -> None:
        """Let go of what was kept open for convenience, such as a model."""
        self._slow.release()

    def close(self) -> None:
        """Let go of the database once the questions under way are answered."""
        self._quick.close()
        self._slow.close()


class Desk:
    """One thread with its own connection, opened by the first question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: Store | None = None
        self.closers: list[Callable[[], None]] = []
        """What to do first when the connection is closed."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    async def ask(self, question: Callable[[Store], Answer]) -> Answer:
        """Answer in this desk's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)

    def close(self) -> None:
        """Close the connection in its own thread."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _answer(self, question: Callable[[Store], Answer]) -> Answer:
        if self._store is None:
            self._store = Store(self._path)
        return question(self._store)

    def release(self) -> None:
        """Do now, in the desk's thread, what was left for the end."""
        self._thread.submit(self._release)

    def _release(self) -> None:
        while self.closers:
            self.closers.pop()()

    def _close(self) -> None:
        self._release()
        if self._store is not None:
            self._store.close()
            self._store = None
