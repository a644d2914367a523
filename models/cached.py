"""Replies kept by what they depend on, so that an interrupted run resumes and a recorded one replays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from models.engine import Engine, Message, ModelInfo, Reply, Request, canonical


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

    @property
    def info(self) -> ModelInfo:
        """The model behind the cache."""
        return self._engine.info

    async def complete(self, request: Request) -> Reply:
        """Answer from the cache, else from the model; errors are not kept."""
        key = reply_key(self.info, request)
        reply = self._cache.get(key)
        if reply is None:
            reply = await self._engine.complete(request)
            self.tokens += reply.prompt_tokens + reply.generated_tokens
            self._cache.put(key, reply)
        return reply

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Score from the cache, else with the model."""
        key = score_key(self.info, messages, continuations)
        kept = self._cache.get(key)
        if kept is not None:
            return scores_of(kept)
        scores = await self._engine.score(messages, continuations)
        self._cache.put(key, Reply(text=canonical(scores)))
        return scores

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


def scores_of(reply: Reply) -> list[float]:
    """The scores that were kept as a reply."""
    return [float(score) for score in json.loads(reply.text)]
