"""The models that doc2data keeps in its own folder, and how fast one is on this machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import models
from doc2data.errors import StorageError, UsageError
from models import EngineOptions, Message, Request, Sampling, canonical

PIECE = 16 * 1024**2
"""Bytes copied between two looks at the progress."""
WORDS = 128
"""Tokens that a benchmark asks for."""
PASSAGE = (
    "The inlet filter keeps particles out of the pump. Clean it once a month, and more often where the sample is "
    "cloudy. Close the valve before the housing is opened. "
)


@dataclass(frozen=True, slots=True)
class Speed:
    """What a model did in a benchmark of one request."""

    load_seconds: float
    """Until the first reply, which waits for the model to load."""
    prompt_tokens: int
    generated_tokens: int
    seconds: float
    """Of the second request, with the model loaded."""

    @property
    def per_second(self) -> float:
        """Tokens written per second."""
        return self.generated_tokens / self.seconds if self.seconds else 0.0


def add(path: Path, told: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Copy a GGUF into doc2data's own folder, and return the name that it can be called by.

    Args:
        path: the file.
        told: called with bytes copied and bytes in all.

    Raises:
        UsageError: there is no such file.
        ModelError: it is no GGUF, or damaged.
        StorageError: the folder cannot be written.
    """
    from models.catalogue import own_folder
    from models.gguf_header import read_header

    if not path.is_file():
        raise UsageError(f"There is no file {str(path)!r}.", "Check the path.")
    read_header(path)
    target = own_folder() / path.name
    draft = target.with_name(f"{path.name}.part")
    try:
        own_folder().mkdir(parents=True, exist_ok=True)
        _copy(path, draft, told)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"Cannot copy the model to {str(target)!r}: {error.strerror}.") from error
    return path.stem


def remove(name: str) -> None:
    """Delete a model from doc2data's own folder; models of other programs are left alone.

    Raises:
        UsageError: it is not one of our own.
    """
    from models.catalogue import named, own_folder

    entry = named(name)
    if entry is None or own_folder().resolve() not in entry.path.resolve().parents:
        raise UsageError(f"{name!r} is not a model of doc2data's own.", "`doc2data models` shows whose each one is.")
    entry.path.unlink()


async def bench(spec: str, options: EngineOptions | None = None) -> Speed:
    """Load a model and let it write twice.

    Raises:
        ModelError: it cannot be loaded, or does not answer.
    """
    engine = models.open_engine(spec, options or EngineOptions())
    try:
        begun = time.monotonic()
        await engine.complete(_request(seed=0))
        loaded = time.monotonic()
        reply = await engine.complete(_request(seed=1))
        return Speed(loaded - begun, reply.prompt_tokens, reply.generated_tokens, time.monotonic() - loaded)
    finally:
        await engine.close()


def _request(seed: int) -> Request:
    schema = {
        "type": "object",
        "properties": {"summary": {"type": "string", "minLength": WORDS * 2, "maxLength": WORDS * 6}},
        "required": ["summary"],
        "additionalProperties": False,
    }
    words = Message("user", f"{PASSAGE * 4}\nSay in your own words what is to be done, and why.")
    return Request((words,), canonical(schema), Sampling(seed=seed, max_tokens=WORDS * 2))


def _copy(source: Path, target: Path, told: Callable[[int, int], None]) -> None:
    total, done = source.stat().st_size, 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            writing.write(piece)
            done += len(piece)
            told(done, total)
    shutil.copymode(source, target)
