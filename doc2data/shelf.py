"""The models that doc2data keeps in its own folder, and how fast one is on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import models
from doc2data import sealing
from doc2data.errors import StorageError, UsageError
from models import EngineOptions, ModelError
from models.memory import cores
from models.options import Flash, Keys
from models.parts import stem
from models.rates import Rates, measured

PIECE = 16 * 1024**2
"""Bytes copied between two looks at the progress."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a model's memory of what it has read is stored and looked through, and by how many threads."""

    keys: Keys = "auto"
    flash: Flash = "auto"
    threads: int = 0
    """0 leaves one core for everything else."""

    def __str__(self) -> str:
        memory = (
            "the usual way" if self.flash == self.keys == "auto" else f"keys {self.keys}, flash attention {self.flash}"
        )
        return f"{memory}, {self.threads} threads" if self.threads else memory


USUAL = Way()
STORED = (Way("f16", "off"), Way("bf16", "off"), Way("q8_0", "off"), Way("f16", "on"))
_CROWD = 16
_READ, _WRITTEN = 500, 480
"""Tokens of a passage and of eight replies about it, the work that ways are compared by."""
_WORTH = 0.95
"""Share of the usual time below which another way is worth it."""


def add(path: Path, told: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Copy a GGUF into doc2data's own folder, and return the name that it can be called by.

    Args:
        path: the file; of a model in several parts, any of them.
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
    header = read_header(path)
    try:
        own_folder().mkdir(parents=True, exist_ok=True)
        _copy(header.files, own_folder(), told)
    except OSError as error:
        raise StorageError(f"Cannot copy the model to {str(own_folder())!r}: {error.strerror}.") from error
    return stem(path)


def pull(name: str, told: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Download a model into doc2data's own folder, and return the name that it can be called by.

    This uses the network: the caller has to lift the seal, which only a command that says so may do.

    Args:
        name: a recommended model, or OWNER/REPOSITORY[:PATTERN] on the Hugging Face hub.
        told: called with bytes that have come and bytes in all.

    Raises:
        ModelError: no such model, no connection, no room, or other bytes than the hub's.
    """
    from models.catalogue import own_folder
    from models.gguf_header import read_header
    from models.hub import fetch, find

    path = fetch(find(name), own_folder(), told)
    read_header(path)
    return stem(path)


async def pulling(name: str) -> AsyncIterator[tuple[int, int]]:
    """Download in a process of its own, so that this one stays sealed; gives bytes come and bytes in all.

    Raises:
        ModelError: as `pull`, in the words that the process said.
    """
    command = (sys.executable, "-m", "doc2data", "models", "pull", name, "--json")
    clean = {key: value for key, value in os.environ.items() if key not in sealing.OFFLINE}
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=clean)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async for line in process.stdout:
            told = json.loads(line)
            if "done" in told:
                yield told["done"], told["total"]
        said = (await process.stderr.read()).decode("utf-8", "replace")
        failed = await process.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
    if failed:
        what, _, remedy = said.removeprefix("error: ").strip().partition("\n")
        raise ModelError(what, remedy.strip() or None)


def remove(name: str) -> None:
    """Delete a model from doc2data's own folder; models of other programs are left alone.

    Raises:
        UsageError: it is not one of our own.
    """
    from models.catalogue import named, own_folder

    entry = named(name)
    if entry is None or own_folder().resolve() not in entry.path.resolve().parents:
        raise UsageError(f"{name!r} is not a model of doc2data's own.", "`doc2data models` shows whose each one is.")
    for file in entry.files:
        file.unlink()


async def bench(spec: str, options: EngineOptions | None = None) -> Rates:
    """How fast a model reads and writes here; remembered for estimates.

    Raises:
        ModelError: it cannot be loaded, or does not answer.
    """
    engine = models.open_engine(spec, options or EngineOptions())
    try:
        rates = await measured(engine)
    finally:
        await engine.close()
    _note(_identity(spec), asdict(rates))
    return rates


async def tune(spec: str, told: Callable[[str, float], None] = lambda way, seconds: None) -> Way:
    """The fastest way to run a model here, measured in a minute or two; runs take it from now on.

    First how its memory is stored, then how many threads look through it. Another way than the one before must be
    faster twice: machines have other work to do.

    Args:
        spec: of a GGUF.
        told: called with each way and the seconds that a passage with its replies takes.

    Raises:
        ModelError: it cannot be loaded, or does not answer.
    """

    async def timed(way: Way) -> float:
        engine = models.open_engine(spec, EngineOptions(keys=way.keys, flash=way.flash, threads=way.threads))
        try:
            rates = await measured(engine, crowds=(_CROWD,))
        finally:
            await engine.close()
        seconds = _READ / rates.prompt + _WRITTEN / rates.reply[_CROWD]
        told(str(way), seconds)
        return seconds

    stored = await _faster(USUAL, STORED, timed)
    best = await _faster(stored, [replace(stored, threads=count) for count in _threads()], timed)
    _note(f"{_identity(spec)} way", asdict(best))
    return best


async def _faster(before: Way, others: Sequence[Way], timed: Callable[[Way], Awaitable[float]]) -> Way:
    """The fastest of other ways if it is worth leaving the one before."""
    if not others:
        return before
    usual = await timed(before)
    first = {way: await timed(way) for way in others}
    best = min(first, key=first.__getitem__)
    if first[best] > usual * _WORTH or await timed(best) > await timed(before) * _WORTH:
        return before
    return best


def _threads() -> list[int]:
    """Numbers of threads other than the usual one: all cores, and all threads of theirs but one."""
    usual = max(1, cores() - 1)
    return sorted({cores(), (os.cpu_count() or 1) - 1} - {0, usual})


def tuned(spec: str) -> Way:
    """What `tune` found for this very file; the usual way where it was not asked."""
    try:
        return Way(**_noted(f"{_identity(spec)} way"))
    except (OSError, ValueError, KeyError, TypeError):
        return USUAL


def known_rates(spec: str) -> Rates | None:
    """What `bench` found for this very file or server; None where it was not measured here."""
    try:
        found = _noted(_identity(spec))
        return Rates(found["prompt"], {int(crowd): rate for crowd, rate in found["reply"].items()})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _noted(name: str) -> Any:
    return json.loads(_rates_file().read_text(encoding="utf-8"))[name]


def _note(name: str, value: Any) -> None:
    path = _rates_file()
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    known[name] = value
    # Losing it costs an estimate only.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")


def _identity(spec: str) -> str:
    """What a measurement is remembered by: a server's address, or a file's path and size."""
    from models.catalogue import named

    if spec.startswith(("http://", "https://")):
        return spec
    path = Path(spec).expanduser()
    entry = None if path.is_file() else named(spec)
    path = entry.path if entry else path
    return f"{path.resolve()} {path.stat().st_size if path.is_file() else 0}"


def _rates_file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("doc2data") / "rates.json"


def _copy(sources: Sequence[Path], folder: Path, told: Callable[[int, int], None]) -> None:
    """Copy files into a folder; they get their names when all of them are there."""
    total, done = sum(source.stat().st_size for source in sources), 0
    drafts = {source: folder / f"{source.name}.part" for source in sources}
    try:
        for source, draft in drafts.items():
            with source.open("rb") as reading, draft.open("wb") as writing:
                while piece := reading.read(PIECE):
                    writing.write(piece)
                    done += len(piece)
                    told(done, total)
            shutil.copymode(source, draft)
        for draft in drafts.values():
            draft.replace(draft.with_suffix(""))
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
