"""What is to be done with a prompt: write a reply to it, or score a continuation of it."""

from __future__ import annotations

import itertools
from typing import Protocol

import numpy as np

from models.engine import Reply, Sampling
from models.llama.composer import Composer
from models.llama.native import Logits, Memory, Sampler
from models.llama.turn import Turn
from models.llama.vocabulary import Mask

_numbers = itertools.count()


class Task(Protocol):
    """Tokens to read, and what to do with the logits of some of them."""

    number: int
    """Order of arrival."""
    tokens: list[int]
    """Everything that the model must have read so far."""
    wanted: int
    """First position whose logits are asked for; all after it are."""
    room: int
    """Tokens that may still be added."""

    def take(self, memory: Memory, row: int, position: int) -> bool:
        """Use the logits of a position, in rising order; True once the task is done."""
        ...

    def close(self) -> None:
        """Free what the task holds."""
        ...


class Writing:
    """Writes a reply to a request."""

    def __init__(
        self, prompt: list[int], composer: Composer | Turn, sampling: Sampling, room: int, *, logprobs: bool = False
    ) -> None:
        """Begin after a prompt; `room` is how many tokens may follow it."""
        self.number = next(_numbers)
        self.prompt = prompt
        self.tokens = [*prompt, *composer.opening()]
        self.wanted = len(self.tokens) - 1
        self.room = room
        self._wants_logprobs = logprobs
        self._composer = composer
        self.sampler = Sampler(sampling, sampling.seed)
        self._logprobs: list[float] = []

    @property
    def reply(self) -> Reply:
        """What was written."""
        mean = float(np.mean(self._logprobs)) if self._logprobs else None
        composer = self._composer
        return Reply(composer.text, composer.thoughts, len(self.prompt), composer.drawn, mean)

    def take(self, memory: Memory, row: int, position: int) -> bool:
        """Draw a token and add what follows.

        Raises:
            ReplyIncomplete: the reply has used up its tokens.
        """
        del position
        logits = memory.logits(row) if self._wants_logprobs else None
        total = _log_sum(logits) if logits is not None else 0.0
        drawn = 0

        def draw(mask: Mask | None) -> int:
            nonlocal drawn
            if mask is not None:
                memory.logits(row)[~mask] = -np.inf
            drawn = memory.draw(self.sampler, row)
            return drawn

        added = self._composer.take(draw)
        if logits is not None:
            self._logprobs.append(float(logits[drawn]) - total)
        self.tokens += added
        self.room -= len(added)
        self.wanted = len(self.tokens) - 1
        return self._composer.finished

    def close(self) -> None:
        """Free the sampler."""
        self.sampler.close()


class Scoring:
    """Scores a continuation of a prompt."""

    def __init__(self, prompt: list[int], continuation: list[int]) -> None:
        self.number = next(_numbers)
        self.tokens = [*prompt, *continuation[:-1]]
        self.wanted = len(prompt) - 1
        self.room = 0
        self._continuation = continuation
        self._first = len(prompt)
        self._logprobs: list[float] = []

    @property
    def score(self) -> float:
        """Mean log-probability of the continuation's tokens, in nats."""
        return float(np.mean(self._logprobs))

    def take(self, memory: Memory, row: int, position: int) -> bool:
        """Note how likely the next token of the continuation was."""
        logits = memory.logits(row)
        token = self._continuation[position + 1 - self._first]
        self._logprobs.append(float(logits[token]) - _log_sum(logits))
        self.wanted = position + 1
        return len(self._logprobs) == len(self._continuation)

    def close(self) -> None:
        """Nothing to free."""


def _log_sum(logits: Logits) -> float:
    """Logarithm of the sum of exponentials, without overflow."""
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - top).sum()))
