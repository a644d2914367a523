"""Whole conversations as a GGUF's own chat template writes them, with their tokens: what training on them will see.

Only the vocabulary is loaded, and in a process of its own: llama.cpp can end the process that it runs in, and takes
over its streams while it loads.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

from models.engine import Message
from models.errors import ModelUnusable
from models.gguf_header import Header
from models.llama.unplugged import unplug

if TYPE_CHECKING:
    from models.llama.template import ChatTemplate


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation under a template."""

    text: str
    """Markers of turns and all; empty where the template refuses the conversation."""
    tokens: int
    refusal: str = ""
    """Why the template refuses it."""


class Transcriber:
    """Writes conversations under one model's template. Use it as a context manager: its process goes with it."""

    def __init__(self, header: Header) -> None:
        """Begin.

        Raises:
            ModelUnusable: the model has no chat template.
        """
        if not header.template:
            raise ModelUnusable(f"{header.name!r} has no chat template.", "Name the instruct version of the model.")
        self._header = header
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def write(self, conversations: Sequence[Sequence[Message]]) -> list[Transcript]:
        """The conversations under the template, in their order.

        Raises:
            ModelUnusable: llama.cpp cannot load the vocabulary, or the template is damaged.
        """
        try:
            return self._pool.submit(_write, self._header, [tuple(turns) for turns in conversations]).result()
        except BrokenProcessPool as error:
            raise ModelUnusable(f"llama.cpp ended while it read the vocabulary of {self._header.name!r}.") from error


def _write(header: Header, conversations: list[tuple[Message, ...]]) -> list[Transcript]:
    chat = _template(str(header.path), header.template)
    return [_transcript(chat, turns) for turns in conversations]


def _transcript(chat: ChatTemplate, turns: tuple[Message, ...]) -> Transcript:
    try:
        return Transcript(*chat.transcript(turns))
    except ModelUnusable as error:
        return Transcript("", 0, error.message)


@lru_cache(maxsize=1)
def _template(path: str, source: str) -> ChatTemplate:
    from pathlib import Path

    from models.llama.native import Model
    from models.llama.template import ChatTemplate
    from models.llama.vocabulary import Vocabulary

    model = Model(Path(path), 0, lambda share: None, words_only=True)
    return ChatTemplate(source, Vocabulary(model), bos=model.named("bos"), eos=model.named("eos"), begin=model.bos)


def _begin() -> None:
    """Without a network, and silent."""
    unplug()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)
