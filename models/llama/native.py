"""llama.cpp's low-level interface, typed: the one place that touches pointers.

Several mistakes abort the whole process there (a batch beyond `n_batch`, logits of a row that has none), so every
batch is checked here before it is handed over.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp as lib
import numpy as np
from numpy.typing import NDArray

from models.engine import Sampling
from models.errors import ModelUnusable
from models.llama.fit import Plan

Logits = NDArray[np.float32]
_BF16 = 30
"""Of ggml.h; the library does not name it."""
_TYPES = {"f16": lib.GGML_TYPE_F16, "bf16": _BF16, "q8_0": lib.GGML_TYPE_Q8_0}
_PIECE = 512
_CPU_PART = 256


@dataclass(frozen=True, slots=True)
class Row:
    """One token of a batch."""

    token: int
    position: int
    sequence: int
    wanted: bool
    """Whether its logits are read."""


class Model:
    """A loaded model and its vocabulary."""

    def __init__(
        self, path: Path, gpu_layers: int, on_progress: Callable[[float], None], *, words_only: bool = False
    ) -> None:
        """Load the weights, or the vocabulary alone.

        Args:
            path: of the GGUF.
            gpu_layers: layers on the GPU, -1 for all.
            on_progress: called with the share that is loaded.
            words_only: leave the weights out: enough to count tokens, in a moment.

        Raises:
            ModelUnusable: llama.cpp refuses the file.
        """

        def progress(share: float, _: object) -> bool:
            on_progress(share)
            return True

        self._progress = lib.llama_progress_callback(progress)
        params = lib.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.vocab_only = words_only
        params.progress_callback = self._progress
        handle = lib.llama_model_load_from_file(str(path).encode(), params)
        if not handle:
            raise ModelUnusable(
                f"llama.cpp cannot load {str(path)!r}.",
                "Choose another model, or a newer doc2data if the model is newer.",
            )
        self.handle = handle
        self._vocab = lib.llama_model_get_vocab(handle)
        self.tokens = int(lib.llama_vocab_n_tokens(self._vocab))
        """Size of the vocabulary."""
        self._adds_space = self._begins_with_space(self._encode(b"a"))

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return int(lib.llama_model_n_params(self.handle))

    @property
    def copies_prefixes(self) -> bool:
        """Whether the memory of a sequence can be copied and cut at any token.

        Not so where it is a running state (recurrent and hybrid models); a sliding window is kept whole here.
        """
        return not (lib.llama_model_is_recurrent(self.handle) or lib.llama_model_is_hybrid(self.handle))

    @property
    def bos(self) -> int | None:
        """The token that every prompt begins with, where the model wants one."""
        wanted = lib.llama_vocab_get_add_bos(self._vocab)
        return int(lib.llama_vocab_bos(self._vocab)) if wanted else None

    @property
    def borders(self) -> tuple[int | None, int | None, int | None]:
        """Tokens before, after and between the texts that the model reads together, where it wants them."""
        vocab = self._vocab
        separator = lib.llama_vocab_sep(vocab)
        end = lib.llama_vocab_eos(vocab)
        wanted = (
            (lib.llama_vocab_get_add_bos(vocab), lib.llama_vocab_bos(vocab)),
            (lib.llama_vocab_get_add_eos(vocab), end if end >= 0 else separator),
            (lib.llama_vocab_get_add_sep(vocab), separator),
        )
        begin, after, between = (int(token) if asked and token >= 0 else None for asked, token in wanted)
        return begin, after, between

    @property
    def rerank_template(self) -> str:
        """How a query and a document are put before a reranker, empty where the file does not say."""
        found = lib.llama_model_chat_template(self.handle, b"rerank")
        return bytes(found).decode("utf-8", "replace") if found else ""

    @property
    def answers(self) -> int:
        """Numbers that the head of a reranker or classifier gives."""
        return int(lib.llama_model_n_cls_out(self.handle))

    def named(self, which: str) -> str:
        """Text of the special token `bos` or `eos`, empty where there is none."""
        token = lib.llama_vocab_bos(self._vocab) if which == "bos" else lib.llama_vocab_eos(self._vocab)
        return self.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def is_end(self, token: int) -> bool:
        """Whether a token ends a reply."""
        return bool(lib.llama_vocab_is_eog(self._vocab, token))

    def markers(self) -> list[int]:
        """Tokens that are control or are written whole in templates, such as `<|im_start|>` or `<think>`."""
        kinds = lib.LLAMA_TOKEN_ATTR_CONTROL | lib.LLAMA_TOKEN_ATTR_USER_DEFINED
        attribute, vocab = lib.llama_vocab_get_attr, self._vocab
        return [token for token in range(self.tokens) if attribute(vocab, token) & kinds]

    def is_control(self, token: int) -> bool:
        """Whether a token is control, not text."""
        return bool(lib.llama_vocab_is_control(self._vocab, token))

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of a token; none for control tokens unless `special`."""
        buffer = ctypes.create_string_buffer(_PIECE)
        length = lib.llama_token_to_piece(self._vocab, token, buffer, _PIECE, 0, special)
        return buffer.raw[:length] if length > 0 else b""

    def encode(self, text: bytes) -> list[int]:
        """Tokens of plain text; special tokens written in it stay text."""
        if not text:
            return []
        if not self._adds_space:
            return self._encode(text)
        # A line break in front takes the space, and is a token of its own in such vocabularies.
        head, whole = self._encode(b"\n"), self._encode(b"\n" + text)
        return whole[len(head) :] if whole[: len(head)] == head else self._encode(text)

    def encode_after_marker(self, text: bytes) -> list[int]:
        """Tokens of plain text that follows a special token, with the space that the tokeniser may put there."""
        return self._encode(text) if text else []

    def encode_marked(self, text: bytes) -> list[int]:
        """Tokens of the model's own template text, in which special tokens are what they say."""
        return self._encode(text, special=True) if text else []

    def encode_whole(self, text: bytes) -> list[int]:
        """Tokens of a text with those that the model puts around it; special tokens written in it stay text."""
        return self._encode(text, whole=True)

    def _begins_with_space(self, tokens: list[int]) -> bool:
        """Whether the tokeniser put a space before a text, as SentencePiece often does."""
        return bool(tokens) and self.piece(tokens[0]).startswith(b" ")

    def _encode(self, text: bytes, *, whole: bool = False, special: bool = False) -> list[int]:
        room = len(text) + 8
        tokens = (lib.llama_token * room)()
        count = lib.llama_tokenize(self._vocab, text, len(text), tokens, room, whole, special)
        if count < 0:
            raise ModelUnusable("The model's tokeniser failed.")
        return list(tokens[:count])


class Memory:
    """A context: sequences of tokens that the model has read."""

    def __init__(self, model: Model, plan: Plan) -> None:
        """Reserve the memory.

        Raises:
            ModelUnusable: it cannot be had.
        """
        self._model = model
        self.batch = plan.batch
        self._handle = lib.llama_init_from_model(model.handle, _parameters(plan))
        if not self._handle:
            raise ModelUnusable(f"llama.cpp cannot reserve memory for {plan.cells:,} tokens.", "Lower `model.context`.")
        self._memory = lib.llama_get_memory(self._handle)
        self.cells = int(lib.llama_n_ctx(self._handle))
        self.sequences = int(lib.llama_n_seq_max(self._handle))
        self._rows = Rows(self.batch)

    def read(self, rows: Sequence[Row]) -> bool:
        """Compute rows; False where there was no room, and nothing has changed.

        Raises:
            RuntimeError: llama.cpp refused the batch.
        """
        self._check(rows)
        status = lib.llama_decode(self._handle, self._rows.fill(rows))
        if status not in (0, 1):
            raise RuntimeError(f"llama_decode failed with status {status}")
        return bool(status == 0)

    def logits(self, row: int) -> Logits:
        """Logits of a wanted row of the last batch, shape (vocabulary,); a view that may be written to."""
        pointer = lib.llama_get_logits_ith(self._handle, row)
        return np.ctypeslib.as_array(pointer, (self._model.tokens,))

    def draw(self, sampler: Sampler, row: int) -> int:
        """Draw a token from the logits of a wanted row, as they are now."""
        return int(lib.llama_sampler_sample(sampler.handle, self._handle, row))

    def share(self, source: int, target: int, length: int) -> None:
        """Let a sequence begin with the first tokens of another; no cell is copied."""
        lib.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def cut(self, sequence: int, length: int) -> None:
        """Forget a sequence from a position on."""
        lib.llama_memory_seq_rm(self._memory, sequence, length, -1)

    def drop(self, sequence: int) -> None:
        """Forget a sequence."""
        lib.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def _check(self, rows: Sequence[Row]) -> None:
        if not 0 < len(rows) <= self.batch:
            raise ValueError(f"a batch of {len(rows)} rows; 1 to {self.batch} are possible")
        for row in rows:
            if not (0 <= row.token < self._model.tokens and 0 <= row.sequence < self.sequences):
                raise ValueError(f"a row that cannot be: {row}")


class Sampler:
    """A chain of llama.cpp's samplers with a seed of its own."""

    def __init__(self, sampling: Sampling, seed: int) -> None:
        self.handle = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        if sampling.repeat_penalty != 1.0:
            self._add(lib.llama_sampler_init_penalties(64, sampling.repeat_penalty, 0.0, 0.0))
        if sampling.temperature <= 0:
            self._add(lib.llama_sampler_init_greedy())
            return
        self._add(lib.llama_sampler_init_top_k(sampling.top_k))
        self._add(lib.llama_sampler_init_top_p(sampling.top_p, 1))
        self._add(lib.llama_sampler_init_min_p(sampling.min_p, 1))
        self._add(lib.llama_sampler_init_temp(sampling.temperature))
        self._add(lib.llama_sampler_init_dist(seed & 0xFFFFFFFF))

    def close(self) -> None:
        """Free the chain."""
        if self.handle is not None:
            lib.llama_sampler_free(self.handle)
            self.handle = None

    def _add(self, sampler: object) -> None:
        lib.llama_sampler_chain_add(self.handle, sampler)


class Rows:
    """The arrays of a batch of so many rows, allocated once."""

    def __init__(self, size: int) -> None:
        self._tokens = np.zeros(size, np.int32)
        self._positions = np.zeros(size, np.int32)
        self._sequences = np.zeros(size, np.int32)
        self._wanted = np.zeros(size, np.int8)
        self._counts = np.ones(size, np.int32)
        first, step = self._sequences.ctypes.data, self._sequences.itemsize
        pointer = ctypes.POINTER(ctypes.c_int32)
        self._pointers = (pointer * size)(*(ctypes.cast(first + step * row, pointer) for row in range(size)))
        self._batch = lib.llama_batch(
            n_tokens=0,
            token=self._tokens.ctypes.data_as(pointer),
            embd=None,
            pos=self._positions.ctypes.data_as(pointer),
            n_seq_id=self._counts.ctypes.data_as(pointer),
            seq_id=ctypes.cast(self._pointers, ctypes.POINTER(pointer)),
            logits=self._wanted.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)),
        )

    def fill(self, rows: Sequence[Row]) -> lib.llama_batch:
        """The batch of some rows; it stands until the next call."""
        count = len(rows)
        self._tokens[:count] = [row.token for row in rows]
        self._positions[:count] = [row.position for row in rows]
        self._sequences[:count] = [row.sequence for row in rows]
        self._wanted[:count] = [row.wanted for row in rows]
        self._batch.n_tokens = count
        return self._batch


def _parameters(plan: Plan) -> lib.llama_context_params:
    """Context parameters; flash attention is slower on a CPU below 64 rows of one sequence, and off there."""
    params: lib.llama_context_params = lib.llama_context_default_params()
    params.n_ctx = plan.cells
    params.n_batch = plan.batch
    # Of a long prompt each part attends only over what came before it: smaller parts, less in vain.
    params.n_ubatch = plan.batch if on_gpu(plan) else min(plan.batch, _CPU_PART)
    params.n_seq_max = plan.sequences + plan.holders
    params.n_threads = params.n_threads_batch = plan.threads
    params.n_outputs_max = plan.outputs
    params.kv_unified = True
    # Else layers with a sliding window forget what another sequence may share.
    params.swa_full = True
    params.no_perf = True
    flash, keys = plan.flash, chosen_keys(plan)
    if flash == "off" or (flash == "auto" and not on_gpu(plan)):
        params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
    elif flash == "on":
        params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_ENABLED
    params.type_k = _TYPES[keys]
    # llama.cpp stores values in 8 bits for flash attention alone.
    params.type_v = lib.GGML_TYPE_F16 if keys == "q8_0" and flash != "on" else _TYPES[keys]
    return params


def chosen_keys(plan: Plan) -> str:
    """How keys are stored: as the plan says, else as this processor multiplies them fastest."""
    if plan.keys != "auto":
        return plan.keys
    return "bf16" if not on_gpu(plan) and multiplies_bf16() else "f16"


def on_gpu(plan: Plan) -> bool:
    """Whether layers go to a GPU."""
    return plan.gpu_layers != 0 and bool(lib.llama_supports_gpu_offload())


def multiplies_bf16() -> bool:
    """Whether this llama.cpp and processor multiply bfloat16 in hardware."""
    return b"AVX512_BF16 = 1" in lib.llama_print_system_info()
