"""How an engine is set up: everything that is chosen once, when a model is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Keys = Literal["auto", "f16", "bf16", "q8_0"]
Flash = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Settings of one engine; 0 and None mean "chosen for this model and machine"."""

    context: int = 0
    """Tokens that one prompt and its reply may have together."""
    sequences: int = 0
    """Requests decoded side by side."""
    cells: int = 0
    """Tokens that the key-value memory holds for all sequences together."""
    threads: int = 0
    """Threads of llama.cpp; by default every core but one, which the app keeps."""
    gpu_layers: int = -1
    """Layers on the GPU where there is one; -1 for all, 0 for none."""
    keys: Keys = "auto"
    """How the key-value memory is stored: f16, bf16, or q8_0 (keys alone); auto takes the fastest that fits."""
    flash: Flash = "auto"
    """Flash attention; auto leaves it to llama.cpp on a GPU, and off on a processor, where it is slower."""
    reply_tokens: int = 0
    """A lower ceiling on `Sampling.max_tokens`; 0 leaves the request's own."""
    thinking_tokens: int = 512
    """Most tokens of thought before a reasoning model must answer."""
    attempts: int = 3
    """How often one request is tried before it fails."""
    timeout: float = 300.0
    """Seconds without an answer after which an attempt counts as failed (servers)."""
    concurrency: int = 8
    """Requests sent to a server at once."""
    api_key: str | None = None
    """Bearer token for a server that asks for one."""
