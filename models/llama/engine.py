"""The engine that the app sees: requests from any number of coroutines, one model in a process of its own.

A process that dies is started again and given back what it had not answered; a request that was at work in several
dead processes is given up, so that one bad request cannot take the run with it.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from models.engine import Message, ModelInfo, Reply, Request
from models.errors import EngineLost, ModelError, ModelUnusable
from models.fingerprint import fingerprint
from models.gguf_header import Header
from models.llama.child import Child
from models.llama.fit import planned
from models.llama.wire import (
    Answered,
    Cancel,
    Complete,
    Event,
    Load,
    Loaded,
    LoadFailed,
    Progress,
    Score,
    Started,
)
from models.options import EngineOptions

Answer = Reply | list[float]


@dataclass(slots=True)
class _Asked:
    """A question that is not answered yet."""

    question: Complete | Score
    future: Future[Answer] = field(default_factory=Future)
    started: bool = False
    deaths: int = 0


class LlamaEngine:
    """Completes and scores with a GGUF model through llama.cpp."""

    def __init__(self, header: Header, options: EngineOptions) -> None:
        """Start loading; the first question waits for it.

        Args:
            header: of a model that can write.
            options: choices for this engine.

        Raises:
            ModelUnusable: the model does not fit the memory.
        """
        self._header = header
        self._options = options
        self._lock = threading.RLock()
        self._ids = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._failure: ModelError | None = None
        self._loaded = False
        self._plan = planned(header, options)
        self.progress = 0.0
        """Share of the model that is loaded."""
        self.restarts = 0
        """How often the process had to be started again."""
        self._child = self._start()
        self.info = ModelInfo("llama", header.name, fingerprint(header.path), self._plan.context)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen for this machine, a line each."""
        return self._plan.notes

    @property
    def pid(self) -> int:
        """Id of the model's process."""
        return self._child.pid

    async def complete(self, request: Request) -> Reply:
        """Answer a request; cancelling the awaiting task frees its place within one step of the model.

        Raises:
            ModelError: see `models.errors`.
        """
        answer = await self._ask(lambda number: Complete(number, request))
        assert isinstance(answer, Reply)
        return answer

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Mean log-probability (nats per token) of each continuation as the assistant's next words.

        Raises:
            ModelError: see `models.errors`.
        """
        answer = await self._ask(lambda number: Score(number, tuple(messages), tuple(continuations)))
        assert isinstance(answer, list)
        return answer

    async def close(self) -> None:
        """End the process; questions without an answer fail."""
        with self._lock:
            self._give_up(EngineLost("The engine was closed."))
        await asyncio.to_thread(self._child.close)

    async def _ask(self, question: Callable[[int], Complete | Score]) -> Answer:
        with self._lock:
            if self._failure is not None:
                raise self._failure
            number = next(self._ids)
            asked = self._asked[number] = _Asked(question(number))
            self._child.tell(asked.question)
        try:
            return await asyncio.wrap_future(asked.future)
        except asyncio.CancelledError:
            with self._lock:
                if self._asked.pop(number, None) is not None:
                    self._child.tell(Cancel(number))
            raise

    def _start(self) -> Child:
        child = Child(self._heard, self._died)
        child.tell(Load(self._header.path, self._plan, self._options))
        return child

    def _heard(self, event: Event) -> None:
        with self._lock:
            match event:
                case Answered(number, answer):
                    self._settle(number, answer)
                case Started(number) if number in self._asked:
                    self._asked[number].started = True
                case Progress(share):
                    self.progress = share
                case Loaded():
                    self.progress, self._loaded = 1.0, True
                case LoadFailed(error):
                    self._give_up(error)
                case _:
                    pass

    def _settle(self, number: int, answer: Answer | ModelError) -> None:
        asked = self._asked.pop(number, None)
        if asked is None or not asked.future.set_running_or_notify_cancel():
            return
        if isinstance(answer, ModelError):
            asked.future.set_exception(answer)
        else:
            asked.future.set_result(answer)

    def _died(self, status: int) -> None:
        with self._lock:
            if self._failure is not None:
                return
            if not self._loaded:
                self._give_up(_load_crash(self._header, status, self._child.last_words()))
                return
            self._blame(status)
            self.restarts += 1
            dead = self._child
            self._loaded, self._child = False, self._start()
            for asked in self._asked.values():
                self._child.tell(asked.question)
        dead.close()

    def _blame(self, status: int) -> None:
        """Count the death against every request that was at work, and drop those with too many."""
        for number, asked in list(self._asked.items()):
            asked.deaths += asked.started
            asked.started = False
            if asked.deaths >= self._options.attempts:
                self._settle(number, EngineLost(f"The engine's process died {asked.deaths} times (status {status})."))

    def _give_up(self, error: ModelError) -> None:
        self._failure = error
        for number in list(self._asked):
            self._settle(number, error)


def _load_crash(header: Header, status: int, log: str) -> ModelUnusable:
    lines = [line for line in log.splitlines() if line.strip()]
    detail = f" Its last words: {lines[-1].strip()!r}." if lines else ""
    return ModelUnusable(f"llama.cpp stopped while it loaded {header.name!r} (status {status}).{detail}")
