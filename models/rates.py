"""How fast a model is on this machine: tokens read and tokens written in a second."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from models.engine import Engine, Message, Reply, Request, Sampling, canonical

_LETTERS = 160
_TEXT = canonical({"type": "string", "minLength": _LETTERS, "maxLength": _LETTERS})
_ANSWER = canonical({"type": "boolean"})
_WORDS = 600


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens per second."""

    prompt: float
    """Read, of one long prompt."""
    reply: dict[int, float]
    """Written by all requests together, for each number of requests side by side."""


async def measured(engine: Engine, crowds: tuple[int, ...] = (1, 4, 16)) -> Rates:
    """Measure a model by using it; the first request, which waits for it to load, does not count.

    Raises:
        ModelError: the model cannot be used.
    """
    await engine.complete(_request("Is a pump a machine?", _ANSWER))
    prompt, seconds = await _timed(engine, [_request(_passage(), _ANSWER)])
    read = prompt[0].prompt_tokens / seconds
    written: dict[int, float] = {}
    for crowd in crowds:
        requests = [_request(f"Describe pump {crowd}.", _TEXT, seed) for seed in range(crowd)]
        replies, seconds = await _timed(engine, requests)
        written[crowd] = sum(reply.generated_tokens for reply in replies) / seconds
    return Rates(read, written)


async def _timed(engine: Engine, requests: list[Request]) -> tuple[list[Reply], float]:
    start = time.perf_counter()
    replies = await asyncio.gather(*map(engine.complete, requests))
    return replies, time.perf_counter() - start


def _request(text: str, schema: str, seed: int = 0) -> Request:
    return Request((Message("user", text),), schema, Sampling(seed=seed, max_tokens=256))


def _passage() -> str:
    """A long text, tokenised like prose."""
    return " ".join(f"pump {word} holds cover {word * 7};" for word in range(_WORDS // 6))
