"""The worker's loop for an embedding model."""

from __future__ import annotations

import queue
from typing import BinaryIO

import numpy as np

from models.engine import Vectors
from models.llama.native import Model
from models.llama.pooled import Pooler
from models.llama.wire import Answered, Count, Embed, Load, Loaded, Order, send


class EmbeddingService:
    """One embedding model at work."""

    def __init__(self, load: Load) -> None:
        """Load the model.

        Raises:
            ModelError: it cannot be used.
        """
        self._model = Model(load.path, load.plan.gpu_layers, lambda share: None)
        self._pooler = Pooler(self._model, window=load.plan.context, threads=load.plan.threads)

    def answer(self, order: Embed | Count) -> Answered:
        """Embed or count texts."""
        tokens = [self._model.encode_whole(text.encode("utf-8", "replace")) for text in order.texts]
        if isinstance(order, Count):
            return Answered(order.id, tuple(map(len, tokens)))
        return Answered(order.id, self._vectors([_cut(text, self._pooler.window) for text in tokens]))

    def _vectors(self, texts: list[list[int]]) -> Vectors:
        """Vectors in the order of the texts, computed by length: a batch takes as many as fit."""
        vectors = np.zeros((len(texts), self._pooler.dimension), np.float32)
        batch: list[int] = []
        for index in sorted(range(len(texts)), key=lambda index: len(texts[index])):
            if not self._pooler.fits([len(texts[other]) for other in [*batch, index]]):
                vectors[batch] = self._pooler.vectors([texts[other] for other in batch])
                batch = []
            batch.append(index)
        if batch:
            vectors[batch] = self._pooler.vectors([texts[other] for other in batch])
        return vectors


def serve(load: Load, inbox: queue.SimpleQueue[Order], out: BinaryIO) -> None:
    """Load and work until the process ends.

    Raises:
        ModelError: the model cannot be used.
    """
    service = EmbeddingService(load)
    send(out, Loaded())
    while True:
        order = inbox.get()
        if isinstance(order, Embed | Count):
            send(out, service.answer(order))


def _cut(tokens: list[int], window: int) -> list[int]:
    """The first tokens and the closing one."""
    return tokens if len(tokens) <= window else [*tokens[: window - 1], tokens[-1]]
