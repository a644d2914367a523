"""The bytes of a GGUF's header, walked through without trusting them.

The format: magic, version, counts, key-value pairs, tensor descriptions, then aligned tensor data
(https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Long arrays (a vocabulary) are counted, not kept.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable
from dataclasses import dataclass

Value = int | float | bool | str | list[int | float | bool | str]

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_KEPT_ITEMS = 64
_MOST_ENTRIES = 1_000_000
_LONGEST_STRING = 1 << 24
# Elements and bytes per block of each tensor type (ggml.h); a type that is missing here is not measured.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contents:
    """What a header holds."""

    values: dict[str, Value]
    lengths: dict[str, int]
    """Number of items of each array, kept or not."""
    tensors: frozenset[str]
    """Names of the tensors."""


class Damage(Exception):
    """What is wrong with a file, as the rest of a sentence."""


class Reader:
    """Walks through the bytes of a header."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0
        self._lengths: dict[str, int] = {}

    def contents(self, size: int) -> Contents:
        """All of it.

        Args:
            size: bytes of the file.

        Raises:
            Damage: it is no GGUF, or not whole.
        """
        if self._take(4) != b"GGUF":
            raise Damage("is not a GGUF file")
        version = self._number("<I")
        if version not in (2, 3):
            raise Damage(f"is a GGUF file of version {version}; versions 2 and 3 are understood")
        tensors, entries = self._count(), self._count()
        values: dict[str, Value] = {}
        for _ in range(entries):
            key = self._string()
            value = self._value(key, self._number("<I"))
            if value is not None:
                values[key] = value
        ends = dict(self._tensor() for _ in range(tensors))
        alignment = values.get("general.alignment", 32)
        self._check_size(size, ends.values(), alignment if isinstance(alignment, int) else 32)
        return Contents(values, self._lengths, frozenset(ends))

    def _check_size(self, size: int, ends: Iterable[int], alignment: int) -> None:
        """Compare the file's size with the end of its last tensor."""
        start = -(-self._at // max(1, alignment)) * max(1, alignment)
        needed = start + max(ends, default=0)
        if size < needed:
            raise Damage(f"is truncated: it has {size:,} bytes of {needed:,}")

    def _tensor(self) -> tuple[str, int]:
        """Name of a tensor and where its data ends."""
        name = self._string()
        dimensions = self._number("<I")
        if dimensions > 8:
            raise Damage("is damaged: a tensor has too many dimensions")
        elements = 1
        for _ in range(dimensions):
            elements *= self._number("<Q")
        block, size = _BLOCKS.get(self._number("<I"), (1, 0))
        return name, self._number("<Q") + elements // block * size

    def _value(self, key: str, kind: int) -> Value | None:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array(key)
        if kind not in _SCALARS:
            raise Damage(f"is damaged: {key!r} has the unknown type {kind}")
        return self._scalar(_SCALARS[kind])

    def _array(self, key: str) -> Value | None:
        kind, length = self._number("<I"), self._number("<Q")
        self._lengths[key] = length
        if kind == _STRING:
            if length <= _KEPT_ITEMS:
                return [self._string() for _ in range(length)]
            for _ in range(length):
                self._skip_string()
            return None
        if kind not in _SCALARS:
            raise Damage(f"is damaged: {key!r} is a list of the unknown type {kind}")
        if length <= _KEPT_ITEMS:
            return [self._scalar(_SCALARS[kind]) for _ in range(length)]
        self._skip(length * struct.calcsize(_SCALARS[kind]))
        return None

    def _count(self) -> int:
        count = self._number("<Q")
        if count > _MOST_ENTRIES:
            raise Damage("is damaged: its header announces too many entries")
        return count

    def _string(self) -> str:
        return self._take(self._string_length()).decode("utf-8", "replace")

    def _skip_string(self) -> None:
        self._skip(self._string_length())

    def _string_length(self) -> int:
        length = self._number("<Q")
        if length > _LONGEST_STRING:
            raise Damage("is damaged: a text in its header is too long")
        return length

    def _number(self, form: str) -> int:
        return int(self._scalar(form))

    def _scalar(self, form: str) -> int | float | bool:
        value: int | float | bool = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        return value

    def _take(self, size: int) -> bytes:
        start = self._at
        self._skip(size)
        return self._data[start : self._at]

    def _skip(self, size: int) -> None:
        self._at += size
        if self._at > len(self._data):
            raise Damage("is truncated: it ends within its header")
