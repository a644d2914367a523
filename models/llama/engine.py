"""The engine that the app sees: requests from any number of coroutines, one model in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from models.engine import Condition, Message, ModelInfo, Reply, Request, Sampling
from models.fingerprint import fingerprint_of
from models.gguf_header import Header
from models.llama.fit import planned
from models.llama.line import Line
from models.llama.wire import Answer, Complete, Load, Overhear, Question, Score
from models.options import EngineOptions


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
        self._plan = planned(header, options)
        self._line = Line(Load(header.path, self._plan, options))
        self.info = ModelInfo("llama", header.name, fingerprint_of(header.files), self._plan.context)

    @property
    def condition(self) -> Condition:
        """How much is loaded, what was chosen for this machine, and how often the process died."""
        return self._line.condition

    @property
    def pid(self) -> int:
        """Id of the model's process."""
        return self._line.pid

    async def ready(self) -> None:
        """Wait until the model is loaded.

        Raises:
            ModelError: it cannot be loaded.
        """
        await asyncio.wrap_future(self._line.ready())

    async def complete(self, request: Request) -> Reply:
        """Answer a request; cancelling the awaiting task frees its place within one step of the model.

        Raises:
            ModelError: see `models.errors`.
        """
        answer = await self._ask(lambda number: Complete(number, request))
        assert isinstance(answer, Reply)
        return answer

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """What the user says after a system message, by the model's own idea of a user (Magpie, 2406.08464).

        Raises:
            ModelError: see `models.errors`.
        """
        answer = await self._ask(lambda number: Overhear(number, system, sampling))
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
        await asyncio.to_thread(self._line.close)

    async def _ask(self, question: Callable[[int], Question]) -> Answer:
        number, future = self._line.ask(question)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._line.cancel(number)
            raise
