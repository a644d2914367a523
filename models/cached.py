"""Replies kept by what they depend on, so that an interrupted run resumes and a recorded one replays."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from models.engine import Condition, Engine, Message, ModelInfo, Reply, Request, Sampling, canonical


class ReplyCache(Protocol):
    """Where replies are kept, by `reply_key`."""

    def get(self, key: str) -> Reply | None:
        """The reply kept under a key."""
        ...

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply."""
        ...


class CachedEngine:
    """An engine that asks its model only for what the cache does not hold yet."""

    def __init__(self, engine: Engine, cache: ReplyCache) -> None:
        self._engine = engine
        self._cache = cache
        self.tokens = 0
        """Read and written by the model; replies out of the cache cost none."""
        self._asking: dict[str, asyncio.Lock] = {}
        """Questions under way: who asks the same meanwhile waits for the answer."""

    @property
    def info(self) -> ModelInfo:
        """The model behind the cache."""
        return self._engine.info

    @property
    def condition(self) -> Condition:
        """How the engine behind the cache is doing."""
        return self._engine.condition

    async def ready(self) -> None:
        """Wait until the model behind the cache can be asked."""
        await self._engine.ready()

    async def complete(self, request: Request) -> Reply:
        """Answer from the cache, else from the model; errors are not kept."""
        return await self._once(reply_key(self.info, request), lambda: self._engine.complete(request))

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """The user's turn from the cache, else from the model."""
        key = turn_key(self.info, system, sampling)
        return await self._once(key, lambda: self._engine.user_turn(system, sampling))

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Score from the cache, else with the model."""
        key = score_key(self.info, messages, continuations)
        kept = self._cache.get(key)
        if kept is not None:
            return scores_of(kept)
        scores = await self._engine.score(messages, continuations)
        self._cache.put(key, Reply(text=canonical(scores)))
        return scores

    async def _once(self, key: str, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """The reply kept under a key, else the one that is asked for now and kept."""
        lock = self._asking.setdefault(key, asyncio.Lock())
        async with lock:
            reply = self._cache.get(key)
            if reply is None:
                try:
                    reply = await ask()
                finally:
                    self._asking.pop(key, None)
                self.tokens += reply.prompt_tokens + reply.generated_tokens
                self._cache.put(key, reply)
        self._asking.pop(key, None)
        return reply

    async def close(self) -> None:
        """Free the model; the cache stays."""
        await self._engine.close()


class ReplyFile:
    """A cache in one JSON Lines file, one reply per line, appended as they come; the last one of a key counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._replies = dict(_read(path)) if path.exists() else {}

    def get(self, key: str) -> Reply | None:
        """The reply kept under a key."""
        return self._replies.get(key)

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply, on disk at once."""
        self._replies[key] = reply
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(canonical({"key": key, "reply": asdict(reply)}) + "\n")


def _read(path: Path) -> list[tuple[str, Reply]]:
    """Replies of a file; a last line that was cut while it was written is left out."""
    lines = path.read_text(encoding="utf-8").split("\n")
    records = (json.loads(line) for line in lines[:-1] if line)
    return [(record["key"], Reply(**record["reply"])) for record in records]


def reply_key(model: ModelInfo, request: Request) -> str:
    """Names the reply of a model to a request, hexadecimal."""
    return hashlib.sha256(f"{model.sha256}:{request.key}".encode()).hexdigest()


def score_key(model: ModelInfo, messages: Sequence[Message], continuations: Sequence[str]) -> str:
    """Names the scores of a model for continuations, hexadecimal."""
    asked = canonical([[asdict(message) for message in messages], list(continuations)])
    return hashlib.sha256(f"{model.sha256}:score:{asked}".encode()).hexdigest()


def turn_key(model: ModelInfo, system: str, sampling: Sampling) -> str:
    """Names what a model lets a user say after a system message, hexadecimal."""
    asked = canonical([system, asdict(sampling)])
    return hashlib.sha256(f"{model.sha256}:turn:{asked}".encode()).hexdigest()


def scores_of(reply: Reply) -> list[float]:
    """The scores that were kept as a reply."""
    return [float(score) for score in json.loads(reply.text)]
