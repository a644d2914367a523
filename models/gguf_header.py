"""What a GGUF model says about itself, read without loading it."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.errors import ModelNotFound, ModelUnusable
from models.gguf_reader import Damage, Reader, Value
from models.parts import parts, stem

_OTHER = "Download the file again and compare its size, or choose another model."
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS",
    20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M",
    28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
_NO_POOLING, _RANK = 0, 4
"""Pooling types: not said or none, and that of rerankers (llama.h)."""
_HEAD = ("cls.output.weight", "cls.weight")
# Architectures that llama.cpp runs as encoders: they embed or rank, they do not write.
_ENCODERS = frozenset(
    {"bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert",
     "gemma-embedding", "t5encoder", "clip"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata of one GGUF model."""

    path: Path
    """Of the file, or of the first part of a model in several."""
    size: int
    """Bytes of all its files."""
    values: dict[str, Value]
    lengths: dict[str, int] = field(default_factory=dict)
    """Number of items of each array, kept or not."""
    files: tuple[Path, ...] = ()
    """The file, or all parts in order."""
    has_head: bool = False
    """Whether it has a head that gives numbers for a whole text, as rerankers and classifiers have."""

    @property
    def architecture(self) -> str:
        """Name of the architecture, such as `llama` or `qwen3`."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The model's own name, or its file's."""
        return self.text("general.name") or stem(self.path)

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
        """Whether this is an embedding model, which cannot write."""
        pools = self.architecture in _ENCODERS or f"{self.architecture}.pooling_type" in self.values
        return pools and not self.ranks

    @property
    def ranks(self) -> bool:
        """Whether this is a reranker or classifier of pairs: a head gives numbers, not vectors."""
        pooling = self.number(f"{self.architecture}.pooling_type")
        # One that pools tokens otherwise gives vectors, whatever else was left in its file.
        return pooling == _RANK or (self.has_head and pooling == _NO_POOLING)

    @property
    def width(self) -> int:
        """Length of the model's vectors."""
        return self.number(f"{self.architecture}.embedding_length")

    @property
    def cell_bytes(self) -> int:
        """Bytes that one token takes in a 16-bit key-value memory; layers with a running state take none."""
        key = self.number(f"{self.architecture}.attention.key_length", self._head_width)
        value = self.number(f"{self.architecture}.attention.value_length", self._head_width)
        return self._kv_heads * (key + value) * 2

    @property
    def attention(self) -> int:
        """Layers x heads x width of a head: the work of attending to one token, in multiplications, halved."""
        width = self.number(f"{self.architecture}.attention.key_length", self._head_width)
        return self._layers * self._heads * width

    @property
    def _layers(self) -> int:
        return self.number(f"{self.architecture}.block_count")

    @property
    def _kv_heads(self) -> int:
        """Of all layers together."""
        listed = self.values.get(f"{self.architecture}.attention.head_count_kv")
        if isinstance(listed, list):
            return sum(count for count in listed if isinstance(count, int))
        stateful = self.values.get(f"{self.architecture}.attention.head_count") == 0
        return 0 if stateful else self._layers * (listed if isinstance(listed, int) and listed else self._heads)

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
    """Read the metadata of a GGUF model and check that it is whole; any part of one in several files names it.

    Raises:
        ModelNotFound: there is no such file.
        ModelUnusable: it is not a GGUF file, is damaged, ends too early, or a part is missing.
    """
    found = parts(path)
    if not path.is_file():
        raise ModelNotFound(f"There is no model file {str(path)!r}.")
    if missing := [part.name for part in found if not part.is_file()]:
        raise ModelUnusable(
            f"{str(path)!r} is one of {len(found)} parts, and {', '.join(missing)} {_are(missing)} not there.",
            "Put all parts into one folder; download what is missing.",
        )
    read = [_read_file(part) for part in found]
    announced = read[0].number("split.count", 1)
    if announced > len(found):
        raise ModelUnusable(
            f"{str(path)!r} is the first of {announced} parts, and its name does not lead to the others.",
            f"Give the parts their names again: {stem(path)}-00001-of-{announced:05d}.gguf and so on.",
        )
    size, heads = sum(part.size for part in read), any(part.has_head for part in read)
    return replace(read[0], size=size, files=found, has_head=heads)


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _read_file(path: Path) -> Header:
    size = path.stat().st_size
    if size < 24:
        raise ModelUnusable(f"{str(path)!r} is not a GGUF file: it has only {size} bytes.", _OTHER)
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = Reader(data).contents(size)
    except Damage as damage:
        raise ModelUnusable(f"{str(path)!r} {damage}.", _OTHER) from None
    except PermissionError:
        raise ModelUnusable(f"You may not read {str(path)!r}.", "Change its permissions, or copy it.") from None
    except OSError as error:
        raise ModelUnusable(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    return Header(path, size, found.values, found.lengths, has_head=any(name in found.tensors for name in _HEAD))
