"""Rows of data files, told by their ending: JSON Lines, a JSON array, CSV, TSV, and Parquet.

A name that ends in `.gz` or `.zst` is unpacked on the way. What a row means is for its reader to say: a line of JSON
comes as it stands, so that a damaged one costs itself alone, and the first row of a table may be its header or not.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from doc2data.errors import UsageError

TABLES = frozenset({".csv", ".tsv"})
"""Endings of files whose rows are lists of cells."""
DATA = TABLES | {".jsonl", ".json", ".parquet"}
"""Endings of files that hold rows."""
_PACKED = frozenset({".gz", ".zst"})
_LONGEST_ARRAY = 1 << 30
"""Bytes of JSON that is still read whole; longer sets come as one row a line."""
_LONGEST_CELL = 1 << 24
"""Characters of a cell."""
_FORMS = "Give JSON Lines, a JSON array, CSV, TSV or Parquet, in UTF-8."


def ending(path: Path) -> str:
    """What a file's name says it holds, packed or not."""
    return (Path(path.stem) if path.suffix.lower() in _PACKED else path).suffix.lower()


def read_rows(path: Path) -> Iterator[Any]:
    """The rows of a file: bytes for a line of JSON Lines, values of a JSON array, cells of a table, or a mapping.

    Raises:
        UsageError: the file cannot be opened, or is not what its name says.
    """
    kind = ending(path)
    try:
        if kind == ".parquet":
            yield from _parquet(path)
            return
        with open_read(path) as stream:
            yield from _cells(stream, kind) if kind in TABLES else _json(stream, path, kind)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"Cannot read {str(path)!r}: {error}.", _FORMS) from error


@contextmanager
def open_read(path: Path) -> Iterator[IO[bytes]]:
    """Open for reading, decompressing by the name's ending.

    Raises:
        OSError: the file cannot be opened, or what is packed in it is damaged.
        UsageError: the name asks for a compression that is not installed.
    """
    damages: tuple[type[Exception], ...] = (EOFError, zlib.error)
    with path.open("rb") as raw:
        stream: IO[bytes] = raw
        if path.suffix == ".gz":
            stream = cast(IO[bytes], gzip.GzipFile(fileobj=raw))
        elif path.suffix == ".zst":
            library = zstandard()
            damages = (library.ZstdError,)
            stream = io.BufferedReader(library.ZstdDecompressor().stream_reader(raw))
        try:
            yield stream
        except damages as error:
            raise OSError(f"what is packed in it is damaged: {error}") from error


def zstandard() -> Any:
    """The library that packs and unpacks `.zst`.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import zstandard as library
    except ModuleNotFoundError as error:
        raise UsageError(
            "Files that end in .zst need zstandard, which is not installed.",
            "Install it with `pip install zstandard`, or use .gz.",
        ) from error
    return library


def _json(stream: IO[bytes], path: Path, kind: str) -> Iterator[Any]:
    """Lines as they stand, or the elements of an array; a `.json` file may also be one value over many lines."""
    first = next((line for line in stream if line.strip()), b"")
    is_array = first.lstrip(b"\xef\xbb\xbf \t").startswith(b"[")
    if not is_array and kind != ".json":
        yield from (line for line in chain([first], stream) if line.strip())
        return
    whole = first + stream.read(_LONGEST_ARRAY)
    if stream.read(1):
        raise UsageError(f"{path.name} is one value of more than 1 GiB.", "Write it as JSON Lines, one row a line.")
    try:
        value = json.loads(whole.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        if is_array:
            raise UsageError(f"{path.name} is not valid JSON: {error}.", _FORMS) from error
        yield from (line for line in whole.splitlines() if line.strip())
        return
    yield from value if isinstance(value, list) else [value]


def _cells(stream: IO[bytes], kind: str) -> Iterator[list[str]]:
    """The rows of a table that are not empty."""
    csv.field_size_limit(_LONGEST_CELL)
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        first = text.readline()
        mark = "\t" if kind == ".tsv" else _mark(first)
        lines: Iterable[str] = chain([first], text)
        yield from (row for row in csv.reader(lines, delimiter=mark) if row)


def _mark(line: str) -> str:
    """What parts the cells: spreadsheets write a semicolon where the comma is the decimal mark."""
    return next((mark for mark in (",", ";", "\t") if mark in line), ",")


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UsageError(
            f"Reading {path.name!r} needs pyarrow.", "Install it with `pip install pyarrow`, or give a CSV file."
        ) from None
    try:
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=1000):
            yield from batch.to_pylist()
    except ArrowException as error:
        raise UsageError(f"Cannot read {str(path)!r}: {error}.", _FORMS) from error
