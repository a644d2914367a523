"""Files that appear only when whole: written beside their place, flushed to disk, renamed.

A name that ends in `.gz` or `.zst` is compressed on the way; the same rows always give the same bytes.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from doc2data.rowfiles import zstandard

# A JSON string may hold these as they are, but readers that cut text at every Unicode line end would cut there.
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when it is complete and on disk.

    Leaving the block by an exception leaves what stood under the name before.

    Raises:
        OSError: the disk is full, read-only or gone.
        UsageError: the name asks for a compression that is not installed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")  # always the same, so that a killed run's is written over
    try:
        with partial.open("wb") as raw:
            with _compressed(raw, path.suffix) as stream:
                yield stream
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> Path:
    """Write a small text file atomically, as UTF-8 with LF line ends."""
    with atomic(path) as stream:
        stream.write(text.encode())
    return path


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of UTF-8 JSON, its line feed included."""
    text = json.dumps(row, ensure_ascii=False)
    for character, escape in _LINE_ENDS.items():
        text = text.replace(character, escape)
    try:
        return (text + "\n").encode()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form, only an escape
        return (json.dumps(row, ensure_ascii=True) + "\n").encode()


def utf8_text(text: str) -> str:
    """The text with lone surrogates, which have no UTF-8 form, spelt out as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


class RowFiles:
    """JSON Lines files by name in one folder, each made when first used, all committed together at exit."""

    def __init__(self, folder: Path, ending: str = ".jsonl") -> None:
        self._folder = folder
        self._ending = ending
        self._stack = ExitStack()
        self._streams: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def write(self, name: str, row: Mapping[str, Any]) -> None:
        """Append one row to the file of that name.

        Raises:
            OSError: the disk is full, read-only or gone.
        """
        self.open(name).write(json_line(row))

    def open(self, name: str) -> IO[bytes]:
        """The file of that name, made on the first call; one that gets no row is written empty."""
        if name not in self._streams:
            self._streams[name] = self._stack.enter_context(atomic(self._path(name)))
        return self._streams[name]

    @property
    def paths(self) -> list[Path]:
        """The files that were opened, in that order."""
        return [self._path(name) for name in self._streams]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{self._ending}"


def _compressed(raw: IO[bytes], suffix: str) -> AbstractContextManager[IO[bytes]]:
    if suffix == ".gz":  # no name and no time in the header: same rows, same bytes
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0)
        return cast(AbstractContextManager[IO[bytes]], packed)
    if suffix == ".zst":
        writer = zstandard().ZstdCompressor().stream_writer(raw, closefd=False)
        return cast(AbstractContextManager[IO[bytes]], writer)
    return nullcontext(raw)


def _sync_folder(folder: Path) -> None:
    """Put the renaming itself on disk, where the system can (Windows cannot open folders)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
