"""A matrix that grows by rows, in a temporary file."""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from doc2data.store.scratch import temporary

Number = TypeVar("Number", bound=np.generic)

FIRST = 64
"""Rows that there is room for from the beginning."""
TOUCHED = 2048
"""Rows read or written until their pages are given back; Linux maps up to 16 pages of 4 KiB around each."""


class Rows(Generic[Number]):
    """Rows of one width, appended in constant time on average; mapped from a file that nobody else sees."""

    def __init__(self, width: int, dtype: type[Number]) -> None:
        self._width = width
        self._type = np.dtype(dtype)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._used = self._touched = 0
        self._grow(FIRST)

    def __len__(self) -> int:
        return self._used

    def append(self, row: NDArray[Number]) -> None:
        """Add one row of shape (width,)."""
        if self._used == len(self._rows):
            self._grow(2 * self._used)
        self._touch(1)
        self._rows[self._used] = row
        self._used += 1

    def at(self, numbers: Sequence[int]) -> NDArray[Number]:
        """The rows of these numbers, shape (len(numbers), width)."""
        self._touch(len(numbers))
        picked: NDArray[Number] = self._rows[np.asarray(numbers, dtype=np.intp)]
        return picked

    def cells(self) -> memoryview[Any]:
        """All cells one after the other, row by row; single ones are read faster so. Of no use after the next row.

        Their pages stay resident: for narrow rows only.
        """
        return self._cells

    def column(self, number: int) -> NDArray[Number]:
        """A copy of one column, shape (len(self),)."""
        self._touch(TOUCHED)
        return self._rows[: self._used, number].copy()

    def set_column(self, number: int, values: NDArray[Number]) -> None:
        """Put other values, shape (len(self),), into a column."""
        self._touch(TOUCHED)
        self._rows[: self._used, number] = values

    def _grow(self, rows: int) -> None:
        size = rows * self._width * self._type.itemsize
        with temporary():
            if hasattr(os, "posix_fallocate"):  # else a full disk would show only when the map is written, and kill us
                os.posix_fallocate(self._file.fileno(), 0, size)
            self._file.truncate(size)
        self._map = mmap.mmap(self._file.fileno(), size)
        self._rows: NDArray[Number] = np.frombuffer(self._map, self._type).reshape(rows, self._width)
        code: Any = self._type.char
        self._cells: memoryview[Any] = memoryview(self._map).cast(code)

    def _touch(self, rows: int) -> None:
        self._touched += rows
        if self._touched > TOUCHED and hasattr(self._map, "madvise"):
            self._map.madvise(mmap.MADV_DONTNEED)  # the file keeps them
            self._touched = rows
