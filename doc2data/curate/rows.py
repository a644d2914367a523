"""A matrix that grows by rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


class Rows(Generic[Number]):
    """Rows of one width, appended in constant time on average."""

    def __init__(self, width: int, dtype: type[Number]) -> None:
        self._rows: NDArray[Number] = np.zeros((64, width), dtype)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def append(self, row: NDArray[Number]) -> None:
        """Add one row of shape (width,)."""
        if self._used == len(self._rows):
            grown = np.zeros((len(self._rows) * 3 // 2, self._rows.shape[1]), self._rows.dtype)
            grown[: self._used] = self._rows
            self._rows = grown
        self._rows[self._used] = row
        self._used += 1

    def at(self, numbers: Sequence[int]) -> NDArray[Number]:
        """The rows of these numbers, shape (len(numbers), width)."""
        picked: NDArray[Number] = self._rows[np.asarray(numbers, dtype=np.intp)]
        return picked
