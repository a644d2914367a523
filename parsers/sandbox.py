"""Readers in worker processes, each file under a limit of time and memory.

A worker reads one file after another. A crash, a hang or memory beyond the limit ends that worker and costs the file
it was reading; a new worker takes the next one. Workers write nothing to the streams of the parent, and reach no
network.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from parsers.document import Document
from parsers.errors import DamagedDocument, ParseError, ParseLimit
from parsers.options import ParseOptions
from parsers.registry import parse
from parsers.unplugged import unplug

Result = Document | ParseError

LOOK = 0.2
"""Seconds between two calls of `idle` while files are being read."""
FILES_PER_WORKER = 100
"""A worker is replaced after so many files, so that memory lost by C libraries does not pile up."""


def parse_isolated(path: Path, options: ParseOptions | None = None) -> Document:
    """Read one file in a worker process.

    Raises:
        ParseLimit: reading took longer than `options.seconds` or more memory than `options.memory_mb`.
        DamagedDocument: among others, when the reader crashed.
        ParseError: whatever else `parse` raises.
    """
    ((_, result),) = parse_many([path], options, workers=1)
    if isinstance(result, ParseError):
        raise result
    return result


def _nothing() -> None:
    """What to do while waiting, where nobody says."""


def parse_many(
    paths: Iterable[Path],
    options: ParseOptions | None = None,
    workers: int | None = None,
    idle: Callable[[], None] = _nothing,
) -> Iterator[tuple[Path, Result]]:
    """Read files in parallel and yield each with its Document or its error, as they come.

    Args:
        paths: the files; each is read once for each time it is named.
        options: settings for every file.
        workers: processes at work at once; by default one for each core.
        idle: called a few times a second while the workers read; what it raises ends the reading and the workers.
    """
    waiting = list(paths)
    pool = _Pool(options or ParseOptions(), min(workers or os.cpu_count() or 1, len(waiting)), idle)
    try:
        yield from pool.results(waiting)
    finally:
        pool.close()


@dataclass(slots=True)
class _Worker:
    """One process with the file it is reading."""

    process: BaseProcess
    connection: Connection
    path: Path | None = None
    deadline: float = 0.0
    files: int = 0

    def start(self, path: Path, seconds: float) -> None:
        self.path = path
        self.deadline = time.monotonic() + seconds
        self.files += 1
        self.connection.send(path)

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


@dataclass(slots=True)
class _Pool:
    options: ParseOptions
    size: int
    idle: Callable[[], None]
    workers: list[_Worker] = field(default_factory=list)

    def results(self, paths: list[Path]) -> Iterator[tuple[Path, Result]]:
        """Hand out `paths` in order; yield results as they come."""
        queue = iter(paths)
        for path in queue:
            self._idle_worker().start(path, self.options.seconds)
            while len(self._busy()) >= self.size:
                yield from self._collect()
        while self._busy():
            yield from self._collect()

    def close(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers.clear()

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self.workers if worker.path is not None]

    def _idle_worker(self) -> _Worker:
        for worker in self.workers:
            if worker.path is None and worker.files < FILES_PER_WORKER:
                return worker
        for worker in [worker for worker in self.workers if worker.path is None]:
            self._discard(worker)
        worker = _started(self.options)
        self.workers.append(worker)
        return worker

    def _collect(self) -> list[tuple[Path, Result]]:
        """Wait until at least one file is done, dead or late."""
        busy = self._busy()
        self.idle()
        timeout = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = set(wait([worker.connection for worker in busy], min(timeout, LOOK)))
        now = time.monotonic()
        return [self._finish(worker) for worker in busy if worker.connection in ready or worker.deadline <= now]

    def _finish(self, worker: _Worker) -> tuple[Path, Result]:
        """What became of the file of a worker that has answered, died or run out of time."""
        path = worker.path
        assert path is not None
        worker.path = None
        try:
            if worker.connection.poll():
                result: Result = worker.connection.recv()
                return path, result
        except (EOFError, OSError):
            worker.process.join()
            self._discard(worker)
            return path, DamagedDocument(f"The reader crashed on {path.name!r} ({_cause(worker.process.exitcode)}).")
        self._discard(worker)
        return path, ParseLimit(f"Reading {path.name!r} took longer than {self.options.seconds:g} seconds.")

    def _discard(self, worker: _Worker) -> None:
        worker.stop()
        self.workers.remove(worker)


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"signal {signal.Signals(-exit_code).name}"
    return f"exit code {exit_code}"


def _started(options: ParseOptions) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, options), daemon=True, name="doc2data-reader")
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(connection: Connection, options: ParseOptions) -> None:
    """The worker's life: read paths from the connection until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unplug()
    _silence()
    _limit_memory(options.memory_mb)
    while True:
        try:
            path: Path = connection.recv()
        except EOFError:
            return
        connection.send(_result(path, options))


def _result(path: Path, options: ParseOptions) -> Result:
    try:
        return parse(path, options)
    except ParseError as error:
        return error


def _silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def _limit_memory(megabytes: int) -> None:
    """Let allocations beyond the limit fail (private data, which unlike address space leaves mapped files out)."""
    if sys.platform == "win32":
        return
    import resource

    limit = megabytes << 20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
