"""What an engine is: the records that go in and out, and the protocols that recipes are written against.

A Request carries everything that a reply may depend on, so its `key` (with the model's fingerprint) names the reply
for caching, resuming and replay. Engines return replies whose `text` is JSON valid under `Request.schema`, or raise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["system", "user", "assistant"]
Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat. The content is text: special tokens written in it are never read as such."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How values are drawn; temperature 0 is greedy."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0
    max_tokens: int = 512
    """Most tokens of one reply, structure included."""
    forbidden: tuple[str, ...] = ()
    """Words that no text of the reply may hold, in any case; servers, whose tokens are out of sight, do not mind it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One typed request: a chat prompt and the JSON schema that its reply satisfies."""

    messages: tuple[Message, ...]
    schema: str
    """The JSON schema as canonical JSON text (`canonical`), so that requests can be hashed and compared."""
    sampling: Sampling = field(default_factory=Sampling)
    thinking: bool = False
    """Whether a reasoning model may think first; its thoughts are kept apart in `Reply.thinking`."""
    logprobs: bool = False

    @property
    def key(self) -> str:
        """Hash of everything above, hexadecimal."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What an engine answered."""

    text: str
    """JSON, valid under the request's schema."""
    thinking: str | None = None
    prompt_tokens: int = 0
    generated_tokens: int = 0
    """Tokens sampled, without those that structure forced."""
    logprob: float | None = None
    """Mean log-probability (nats) of the sampled tokens, where asked for."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answers: goes into every sample and every cache key."""

    engine: str
    """llama, server, rules, scripted, replay."""
    name: str
    sha256: str
    """Hash of the model file, or of server address and model name where the file cannot be seen."""
    context: int = 0
    """Tokens of prompt and reply together; 0 where unknown."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How an engine is doing."""

    loaded: float = 1.0
    """Share of the model that is loaded, from 0 to 1."""
    notes: tuple[str, ...] = ()
    """What was chosen for this model and machine, once it is loaded."""
    restarts: int = 0
    """How often the model's process died and was started again."""


class Engine(Protocol):
    """Completes prompts into a schema."""

    @property
    def info(self) -> ModelInfo:
        """Which model answers."""
        ...

    @property
    def condition(self) -> Condition:
        """How it is doing now."""
        ...

    async def ready(self) -> None:
        """Wait until the model can be asked.

        Raises:
            ModelError: it cannot be loaded, or its server does not answer.
        """
        ...

    async def complete(self, request: Request) -> Reply:
        """Answer one request; many may be awaited at once.

        Raises:
            ModelError: the request cannot be answered.
        """
        ...

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """What a user says after a system message: plain text, as the model itself completes the user's turn.

        Raises:
            ModelError: the engine does not see the model's chat template, or that has no user turn.
        """
        ...

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Mean log-probability (nats per token) of each continuation as the assistant's next words.

        Raises:
            ModelError: the engine cannot score.
        """
        ...

    async def close(self) -> None:
        """Free the model; the engine is not used afterwards."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Which model embeds."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash of the weights; vectors of different fingerprints do not compare."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Tokens that one text may have before it would be cut."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, as `window` counts them."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension), in the order of the texts."""
        ...


class PairScorer(Protocol):
    """Reads two texts together and says how far the first bears out the second."""

    @property
    def name(self) -> str:
        """Which model scores."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash of the weights."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """0 to 1 for each pair, float32, shape (len(pairs),)."""
        ...


def canonical(value: object) -> str:
    """JSON text with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
