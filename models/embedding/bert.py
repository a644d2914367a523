"""BERT-like sentence encoders (all-MiniLM-L6-v2 and its kin) run directly: no padding, no second library.

sentence-transformers imports for seconds and pads every batch to its longest text. Here the tokens of a batch lie end
to end through all matrix products, and only attention looks at texts one length at a time; the arithmetic is the
published model's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.embedding.threads import let_threads_sleep
from models.engine import Vectors
from models.errors import ModelUnusable
from models.fingerprint import fingerprint

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor, dtype

_BATCH_TOKENS = 4096
_FAST_BF16 = ("avx512_bf16", "amx_bf16")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the folder's configuration says."""

    width: int
    layers: int
    heads: int
    window: int
    """Tokens of one text, special ones included."""
    epsilon: float


def readable(folder: Path) -> Shape | None:
    """The shape of a model that this module can run: BERT with mean pooling and unit vectors; None for others."""
    try:
        modules = [module["type"].rsplit(".", 1)[-1] for module in _json(folder / "modules.json")]
        config = _json(folder / "config.json")
        pooling = _json(folder / "1_Pooling" / "config.json")
        window = _json(folder / "sentence_bert_config.json")["max_seq_length"]
        plain = (
            modules == ["Transformer", "Pooling", "Normalize"]
            and config["model_type"] == "bert"
            and config["hidden_act"] == "gelu"
            and pooling["pooling_mode_mean_tokens"]
            and (folder / "tokenizer.json").is_file()
            and (folder / "model.safetensors").is_file()
        )
        if not plain:
            return None
        return Shape(
            width=int(config["hidden_size"]),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            window=int(window),
            epsilon=float(config["layer_norm_eps"]),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


class BertEmbedder:
    """Embeds with a BERT-like folder; weights are loaded at the first text."""

    def __init__(self, folder: Path, shape: Shape, name: str) -> None:
        self.name = name
        self._folder = folder
        self._shape = shape

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, hexadecimal."""
        return fingerprint(self._folder / "model.safetensors")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._shape.width

    @property
    def window(self) -> int:
        """Tokens that one text may have, the two special ones included."""
        return self._shape.window

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones included, uncut."""
        return [len(tokens) for tokens in self._tokens(texts)]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); a text beyond `window` is cut."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        tokens = [_cut(ids, self.window) for ids in self._tokens(texts)]
        for batch in _batches(tokens):
            vectors[batch] = self._encoder.encode([tokens[index] for index in batch])
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        # Lone surrogates have no UTF-8 form; they become question marks.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean)]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _encoder(self) -> _Encoder:
        let_threads_sleep()
        return _Encoder(self._folder / "model.safetensors", self._shape)


class _Encoder:
    """The weights, and the way of a batch through them."""

    def __init__(self, weights: Path, shape: Shape) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            tensors = load_file(weights)
            self._tensors = {name.removeprefix("bert."): tensor.float() for name, tensor in tensors.items()}
            kind = _product_type()
            self._layers = [_Layer(self._tensors, f"encoder.layer.{n}.", shape, kind) for n in range(shape.layers)]
            self._words = self._tensors["embeddings.word_embeddings.weight"]
            self._places = (
                self._tensors["embeddings.position_embeddings.weight"]
                + self._tensors["embeddings.token_type_embeddings.weight"][0]
            )
        except (SafetensorError, KeyError, OSError) as error:
            raise ModelUnusable(f"{str(weights)!r} does not hold a BERT model: {error}.") from None
        self._epsilon = shape.epsilon

    def encode(self, texts: list[list[int]]) -> Vectors:
        """Vectors of texts, shape (len(texts), width)."""
        import torch

        lengths = [len(text) for text in texts]
        with torch.inference_mode():
            words = torch.tensor([token for text in texts for token in text])
            places = torch.cat([torch.arange(length) for length in lengths])
            states = _normed(self._words[words] + self._places[places], self._tensors, "embeddings.", self._epsilon)
            for layer in self._layers:
                states = layer(states, lengths)
            means = torch.stack([text.mean(0) for text in torch.split(states, lengths)])
            unit = torch.nn.functional.normalize(means, dim=1)
        return np.asarray(unit.numpy(), np.float32)


class _Layer:
    """One layer: attention and feed-forward, each added to its input and normed."""

    def __init__(self, tensors: dict[str, Tensor], prefix: str, shape: Shape, kind: dtype) -> None:
        import torch

        def dense(*names: str) -> tuple[Tensor, Tensor]:
            weights, biases = ([tensors[f"{prefix}{name}.{part}"] for name in names] for part in ("weight", "bias"))
            return torch.cat(weights).to(kind), torch.cat(biases).to(kind)

        # One product for queries, keys and values.
        self._mixed = dense(*(f"attention.self.{name}" for name in ("query", "key", "value")))
        self._seen = dense("attention.output.dense")
        self._inner = dense("intermediate.dense")
        self._outer = dense("output.dense")
        self._norms = {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if prefix in name}
        self._heads = shape.heads
        self._epsilon = shape.epsilon
        self._kind = kind

    def __call__(self, states: Tensor, lengths: list[int]) -> Tensor:
        """Shape (tokens, width) in and out, float32."""
        from torch.nn.functional import gelu, linear

        seen = linear(self._attend(linear(states.to(self._kind), *self._mixed), lengths), *self._seen)
        states = _normed(states + seen, self._norms, "attention.output.", self._epsilon)
        outer = linear(gelu(linear(states.to(self._kind), *self._inner)), *self._outer)
        return _normed(states + outer, self._norms, "output.", self._epsilon)

    def _attend(self, mixed: Tensor, lengths: list[int]) -> Tensor:
        """Attention within each text, for all texts of one length at once; texts come sorted by length."""
        import torch

        parts, start = [], 0
        for length, group in groupby(lengths):
            count = len(list(group))
            block = mixed[start : start + count * length].view(count, length, 3, self._heads, -1)
            query, key, value = block.permute(2, 0, 3, 1, 4)
            seen = torch.nn.functional.scaled_dot_product_attention(query, key, value)
            parts.append(seen.transpose(1, 2).reshape(count * length, -1))
            start += count * length
        return torch.cat(parts)


def _product_type() -> dtype:
    """bfloat16 for matrix products where the processor multiplies it, at twice the speed; sums are float32 anyway.

    Vectors agree with those of float32 to a cosine of 0.9999.
    """
    import torch

    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        if any(flag in flags for flag in _FAST_BF16):
            return torch.bfloat16
    return torch.float32


def _normed(states: Tensor, tensors: dict[str, Tensor], prefix: str, epsilon: float) -> Tensor:
    import torch

    weight, bias = tensors[f"{prefix}LayerNorm.weight"], tensors[f"{prefix}LayerNorm.bias"]
    return torch.nn.functional.layer_norm(states, (states.shape[1],), weight, bias, epsilon)


def _batches(tokens: list[list[int]]) -> Iterator[list[int]]:
    """Indices of texts by length, in batches of about as many tokens as stay in the cache."""
    batch: list[int] = []
    size = 0
    for index in sorted(range(len(tokens)), key=lambda index: len(tokens[index])):
        if batch and size + len(tokens[index]) > _BATCH_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(index)
        size += len(tokens[index])
    if batch:
        yield batch


def _cut(tokens: list[int], window: int) -> list[int]:
    """The first tokens and the closing special one."""
    return tokens if len(tokens) <= window else [*tokens[: window - 1], tokens[-1]]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
