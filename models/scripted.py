"""Engines without a model: replies from a script or from a recording. For tests, demonstrations and exact reruns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from models.cached import ReplyCache, reply_key, score_key, scores_of, turn_key
from models.engine import Condition, Message, ModelInfo, Reply, Request, Sampling
from models.errors import ModelError, ReplyMissing
from models.schema import validated

Answer = str | Reply | ModelError
Script = Callable[[Request], Answer] | Iterable[Answer]


class ScriptedEngine:
    """Answers from a function of the request, or from a queue, one answer per request.

    Answers are held to the request's schema like any model's; an error in the script is raised in its turn.
    """

    def __init__(self, script: Script, info: ModelInfo | None = None) -> None:
        self.info = info or ModelInfo(engine="scripted", name="scripted", sha256="0" * 64)
        self.history: list[Request] = []
        """Every request, in the order of arrival."""
        self.closed = False
        self._answer = script if callable(script) else _from_queue(iter(script))

    @property
    def condition(self) -> Condition:
        """There is nothing to load."""
        return Condition()

    async def ready(self) -> None:
        """At once."""

    async def complete(self, request: Request) -> Reply:
        """Answer with the script's next word.

        Raises:
            ModelError: the script says so.
            ReplyMissing: the queue is empty.
            ReplyInvalid: the answer does not satisfy the request's schema.
        """
        self.history.append(request)
        answer = self._answer(request)
        if isinstance(answer, ModelError):
            raise answer
        reply = Reply(text=answer) if isinstance(answer, str) else answer
        return replace(reply, text=validated(reply.text, request.schema))

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """Let the user say the script's next word, as it is.

        Raises:
            ModelError: the script says so.
            ReplyMissing: the queue is empty.
        """
        request = Request((Message("system", system),), "", sampling)
        self.history.append(request)
        answer = self._answer(request)
        if isinstance(answer, ModelError):
            raise answer
        return Reply(text=answer) if isinstance(answer, str) else answer

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Score by length alone: minus the number of words, so that shorter is likelier."""
        return [-float(len(text.split())) for text in continuations]

    async def close(self) -> None:
        """Remember that the engine was closed."""
        self.closed = True


def _from_queue(answers: Iterator[Answer]) -> Callable[[Request], Answer]:
    def answer(_: Request) -> Answer:
        try:
            return next(answers)
        except StopIteration:
            raise ReplyMissing("The script has no more answers.", "Give the scripted engine more answers.") from None

    return answer


class ReplayEngine:
    """Answers from recorded replies only: what `CachedEngine` put into a cache, without the model."""

    def __init__(self, cache: ReplyCache, model: ModelInfo) -> None:
        self.info = replace(model, engine="replay")
        self._cache = cache

    @property
    def condition(self) -> Condition:
        """There is nothing to load."""
        return Condition()

    async def ready(self) -> None:
        """At once."""

    async def complete(self, request: Request) -> Reply:
        """Give the recorded reply.

        Raises:
            ReplyMissing: it was never recorded for this model.
        """
        return self._recorded(reply_key(self.info, request))

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """Give the recorded turn.

        Raises:
            ReplyMissing: it was never recorded for this model.
        """
        return self._recorded(turn_key(self.info, system, sampling))

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Give the recorded scores.

        Raises:
            ReplyMissing: they were never recorded for this model.
        """
        return scores_of(self._recorded(score_key(self.info, messages, continuations)))

    async def close(self) -> None:
        """Nothing to free."""

    def _recorded(self, key: str) -> Reply:
        reply = self._cache.get(key)
        if reply is None:
            raise ReplyMissing(f"No reply of {self.info.name!r} was recorded for request {key[:12]}.")
        return reply
