"""What a GGUF file says about itself, read without loading it and without trusting it.

The format: magic, version, counts, key-value pairs, tensor descriptions, then aligned tensor data
(https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Long arrays (a vocabulary) are counted, not kept.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.errors import ModelNotFound, ModelUnusable

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
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS",
    20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M",
    28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
_RANK = 4
"""The pooling type of rerankers (llama.h)."""
_HEAD = ("cls.output.weight", "cls.weight")
# Architectures that llama.cpp runs as encoders: they embed or rank, they do not write.
_ENCODERS = frozenset(
    {"bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert",
     "gemma-embedding", "t5encoder", "clip"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata of one GGUF file."""

    path: Path
    size: int
    """Bytes of the file."""
    values: dict[str, Value]
    lengths: dict[str, int] = field(default_factory=dict)
    """Number of items of each array, kept or not."""
    tensors: int = 0
    has_head: bool = False
    """Whether it has a head that gives numbers for a whole text, as rerankers and classifiers have."""

    @property
    def architecture(self) -> str:
        """Name of the architecture, such as `llama` or `qwen3`."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The model's own name, or its file's."""
        return self.text("general.name") or self.path.stem

    @property
    def quantisation(self) -> str:
        """How most weights are stored, such as `Q4_K_M`."""
        return _FILE_TYPES.get(self.number("general.file_type", -1), "?")

    @property
    def context(self) -> int:
        """Tokens that the model was trained to read."""
        return self.number(f"{self.architecture}.context_length")

    @property
    def licence(self) -> str:
        """Licence as the file names it, empty where it does not."""
        return self.text("general.license")

    @property
    def template(self) -> str:
        """The chat template, a Jinja source; empty where there is none."""
        return self.text("tokenizer.chat_template")

    @property
    def vocabulary(self) -> int:
        """Number of tokens."""
        return self.lengths.get("tokenizer.ggml.tokens", 0)

    @property
    def embeds(self) -> bool:
        """Whether this is an embedding or ranking model, which cannot write."""
        return self.architecture in _ENCODERS or f"{self.architecture}.pooling_type" in self.values

    @property
    def ranks(self) -> bool:
        """Whether this is a reranker or classifier of pairs: a head gives numbers, not vectors."""
        return self.number(f"{self.architecture}.pooling_type", -1) == _RANK or self.has_head

    @property
    def width(self) -> int:
        """Length of the model's vectors."""
        return self.number(f"{self.architecture}.embedding_length")

    @property
    def cell_bytes(self) -> int:
        """Bytes that one token takes in a 16-bit key-value memory."""
        kv_heads = self._largest(f"{self.architecture}.attention.head_count_kv") or self._heads
        key = self.number(f"{self.architecture}.attention.key_length", self._head_width)
        value = self.number(f"{self.architecture}.attention.value_length", self._head_width)
        return self._layers * kv_heads * (key + value) * 2

    @property
    def attention(self) -> int:
        """Layers x heads x width of a head: the work of attending to one token, in multiplications, halved."""
        width = self.number(f"{self.architecture}.attention.key_length", self._head_width)
        return self._layers * self._heads * width

    @property
    def _layers(self) -> int:
        return self.number(f"{self.architecture}.block_count")

    @property
    def _heads(self) -> int:
        return max(1, self._largest(f"{self.architecture}.attention.head_count"))

    @property
    def _head_width(self) -> int:
        return self.width // self._heads

    def text(self, key: str) -> str:
        """A string of the metadata; empty where it is missing or of another type."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        """An integer of the metadata."""
        value = self.values.get(key)
        return value if isinstance(value, int) else default

    def _largest(self, key: str) -> int:
        value = self.values.get(key)
        numbers = value if isinstance(value, list) else [value]
        return max((number for number in numbers if isinstance(number, int)), default=0)


def read_header(path: Path) -> Header:
    """Read the metadata of a GGUF file and check that the file is whole.

    Raises:
        ModelNotFound: there is no such file.
        ModelUnusable: it is not a GGUF file, is damaged, or ends too early.
    """
    if not path.is_file():
        raise ModelNotFound(f"There is no model file {str(path)!r}.")
    size = path.stat().st_size
    if size < 24:
        raise ModelUnusable(f"{str(path)!r} is not a GGUF file: it has only {size} bytes.")
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data).header(path, size)
    except _Damage as damage:
        raise ModelUnusable(f"{str(path)!r} {damage}.", "Download the file again and compare its size.") from None
    except OSError as error:
        raise ModelUnusable(f"{str(path)!r} cannot be read: {error.strerror}.") from None


class _Damage(Exception):
    """What is wrong with a file, as the rest of a sentence."""


class _Reader:
    """Walks through the bytes of a header."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0
        self._lengths: dict[str, int] = {}

    def header(self, path: Path, size: int) -> Header:
        if self._take(4) != b"GGUF":
            raise _Damage("is not a GGUF file")
        version = self._number("<I")
        if version not in (2, 3):
            raise _Damage(f"is a GGUF file of version {version}; versions 2 and 3 are understood")
        tensors, entries = self._count(), self._count()
        values: dict[str, Value] = {}
        for _ in range(entries):
            key = self._string()
            value = self._value(key, self._number("<I"))
            if value is not None:
                values[key] = value
        header = Header(path, size, values, self._lengths, tensors)
        described = dict(self._tensor() for _ in range(tensors))
        self._check_size(header, described.values())
        return replace(header, has_head=any(name in described for name in _HEAD))

    def _check_size(self, header: Header, ends: Iterable[int]) -> None:
        """Compare the file's size with the end of its last tensor."""
        alignment = max(1, header.number("general.alignment", 32))
        start = -(-self._at // alignment) * alignment
        needed = start + max(ends, default=0)
        if header.size < needed:
            raise _Damage(f"is truncated: it has {header.size:,} bytes of {needed:,}")

    def _tensor(self) -> tuple[str, int]:
        """Name of a tensor and where its data ends."""
        name = self._string()
        dimensions = self._number("<I")
        if dimensions > 8:
            raise _Damage("is damaged: a tensor has too many dimensions")
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
            raise _Damage(f"is damaged: {key!r} has the unknown type {kind}")
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
            raise _Damage(f"is damaged: {key!r} is a list of the unknown type {kind}")
        if length <= _KEPT_ITEMS:
            return [self._scalar(_SCALARS[kind]) for _ in range(length)]
        self._skip(length * struct.calcsize(_SCALARS[kind]))
        return None

    def _count(self) -> int:
        count = self._number("<Q")
        if count > _MOST_ENTRIES:
            raise _Damage("is damaged: its header announces too many entries")
        return count

    def _string(self) -> str:
        return self._take(self._string_length()).decode("utf-8", "replace")

    def _skip_string(self) -> None:
        self._skip(self._string_length())

    def _string_length(self) -> int:
        length = self._number("<Q")
        if length > _LONGEST_STRING:
            raise _Damage("is damaged: a text in its header is too long")
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
            raise _Damage("is truncated: it ends within its header")
