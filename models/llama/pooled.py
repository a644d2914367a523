"""Embedding models in llama.cpp: whole texts in, one vector each out. With `native` the only place with pointers."""

from __future__ import annotations

import llama_cpp as lib
import numpy as np

from models.engine import Vectors
from models.errors import ModelUnusable
from models.llama.native import Model, Row, Rows

_TEXTS = 64


class Pooler:
    """A context that pools the tokens of each text."""

    def __init__(self, model: Model, *, window: int, threads: int, ranks: bool = False) -> None:
        """Reserve the memory.

        Args:
            model: an embedding model.
            window: tokens of the longest text; a batch has as many, since texts are not split between batches.
            threads: of llama.cpp.
            ranks: whether its head is to give numbers for pairs of texts, in place of vectors.

        Raises:
            ModelUnusable: the memory cannot be had.
        """
        params = lib.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = window
        params.n_seq_max = _TEXTS
        params.n_threads = params.n_threads_batch = threads
        params.kv_unified = True
        params.embeddings = True
        if ranks:
            params.pooling_type = lib.LLAMA_POOLING_TYPE_RANK
        self._handle = lib.llama_init_from_model(model.handle, params)
        if not self._handle:
            raise ModelUnusable(f"llama.cpp cannot reserve memory for texts of {window:,} tokens.")
        without_vectors = (lib.LLAMA_POOLING_TYPE_NONE, lib.LLAMA_POOLING_TYPE_RANK)
        if not ranks and lib.llama_pooling_type(self._handle) in without_vectors:
            raise ModelUnusable("The model does not turn texts into vectors: it pools no tokens.")
        self.window = window
        self.dimension = model.answers if ranks else int(lib.llama_model_n_embd(model.handle))
        self._rows = Rows(window)

    def fits(self, lengths: list[int]) -> bool:
        """Whether texts of so many tokens go into one batch."""
        return len(lengths) <= _TEXTS and sum(lengths) <= self.window

    def vectors(self, texts: list[list[int]]) -> Vectors:
        """Unit vectors of texts that fit one batch, shape (len(texts), dimension).

        Raises:
            RuntimeError: llama.cpp refused the batch.
        """
        vectors = self.numbers(texts)
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return np.asarray(vectors / lengths, np.float32)

    def numbers(self, texts: list[list[int]]) -> Vectors:
        """What the model makes of each text, as it is, shape (len(texts), dimension).

        Raises:
            RuntimeError: llama.cpp refused the batch.
        """
        rows = [Row(token, at, index, True) for index, text in enumerate(texts) for at, token in enumerate(text)]
        batch = self._rows.fill(rows)
        memory = lib.llama_get_memory(self._handle)
        if memory:
            lib.llama_memory_clear(memory, False)
        status = (lib.llama_decode if memory else lib.llama_encode)(self._handle, batch)
        if status:
            raise RuntimeError(f"llama.cpp refused a batch of texts with status {status}")
        pooled = [lib.llama_get_embeddings_seq(self._handle, index) for index in range(len(texts))]
        return np.stack([np.ctypeslib.as_array(vector, (self.dimension,)) for vector in pooled])
