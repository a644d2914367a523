"""The worker's loop for an embedding model, or a reranker."""

from __future__ import annotations

import queue
from typing import BinaryIO

import numpy as np

from models.engine import Vectors
from models.llama.native import Model
from models.llama.pairs import PairTokens
from models.llama.pooled import Pooler
from models.llama.wire import Answered, Compare, Count, Embed, Load, Loaded, Order, send


class EmbeddingService:
    """One embedding model or reranker at work."""

    def __init__(self, load: Load) -> None:
        """Load the model.

        Raises:
            ModelError: it cannot be used.
        """
        self._model = Model(load.path, load.plan.gpu_layers, lambda share: None)
        plan = load.plan
        self._pooler = Pooler(self._model, window=plan.context, threads=plan.threads, ranks=load.ranks)
        self._pairs = PairTokens(self._model, plan.context)
        self._compute = self._pooler.numbers if load.ranks else self._pooler.vectors

    def answer(self, order: Embed | Count | Compare) -> Answered:
        """Embed or count texts, or compare pairs of them."""
        if isinstance(order, Compare):
            return Answered(order.id, self._vectors([self._pairs.of(*pair) for pair in order.pairs]))
        tokens = [self._model.encode_whole(text.encode("utf-8", "replace")) for text in order.texts]
        if isinstance(order, Count):
            return Answered(order.id, tuple(map(len, tokens)))
        return Answered(order.id, self._vectors([_cut(text, self._pooler.window) for text in tokens]))

    def _vectors(self, texts: list[list[int]]) -> Vectors:
        """Vectors, or a head's numbers, in the order of the texts, computed by length: a batch takes as many as fit."""
        vectors = np.zeros((len(texts), self._pooler.dimension), np.float32)
        batch: list[int] = []
        for index in sorted(range(len(texts)), key=lambda index: len(texts[index])):
            if not self._pooler.fits([len(texts[other]) for other in [*batch, index]]):
                vectors[batch] = self._compute([texts[other] for other in batch])
                batch = []
            batch.append(index)
        if batch:
            vectors[batch] = self._compute([texts[other] for other in batch])
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
        if isinstance(order, Embed | Count | Compare):
            send(out, service.answer(order))


def _cut(tokens: list[int], window: int) -> list[int]:
    """The first tokens and the closing one."""
    return tokens if len(tokens) <= window else [*tokens[: window - 1], tokens[-1]]
