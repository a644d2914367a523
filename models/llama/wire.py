"""What the app and the engine's process say to each other: pickled records in length-prefixed frames over pipes.

Both ends are this package, started by it on this machine, so pickle is safe here; no other bytes reach the pipes.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.engine import Message, Reply, Request, Sampling, Vectors
from models.errors import ModelError
from models.llama.fit import Plan
from models.options import EngineOptions

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Load:
    """First order: load this model."""

    path: Path
    plan: Plan
    options: EngineOptions
    embeds: bool = False
    """Whether it is to embed, not to write."""
    ranks: bool = False
    """Whether it is to score pairs of texts, not to write."""


@dataclass(frozen=True, slots=True)
class Complete:
    """Answer a request."""

    id: int
    request: Request


@dataclass(frozen=True, slots=True)
class Overhear:
    """Let the user speak after a system message, in plain text."""

    id: int
    system: str
    sampling: Sampling


@dataclass(frozen=True, slots=True)
class Score:
    """Score continuations of a prompt."""

    id: int
    messages: tuple[Message, ...]
    continuations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """Turn texts into vectors."""

    id: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Count the tokens of texts."""

    id: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Read pairs of texts together; the answer has a row of numbers for each."""

    id: int
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop a request; nothing is answered."""

    id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the model is loaded."""

    share: float
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is ready."""

    notes: tuple[str, ...] = ()
    """What was chosen for it, a line each."""


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """The model cannot be used."""

    error: ModelError


@dataclass(frozen=True, slots=True)
class Started:
    """A request was admitted: if the process dies now, this request may be why."""

    id: int


Answer = Reply | list[float] | tuple[int, ...] | Vectors


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question."""

    id: int
    answer: Answer | ModelError


Question = Complete | Overhear | Score | Embed | Count | Compare
Order = Load | Question | Cancel
Event = Progress | Loaded | LoadFailed | Started | Answered


def send(stream: BinaryIO, record: Order | Event) -> None:
    """Write one record and flush.

    Raises:
        OSError: the other end is gone.
    """
    body = pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: BinaryIO) -> Order | Event | None:
    """Read one record; None once the other end is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    body = stream.read(_LENGTH.unpack(head)[0])
    if len(body) < _LENGTH.unpack(head)[0]:
        return None
    record: Order | Event = pickle.loads(body)
    return record
