"""An embedder that encodes each text once: questions are searched, compared and mapped, with the same vectors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from models.engine import Embedder, Vectors

REMEMBERED = 4096
"""Texts whose vectors are kept; about 30 MB with 384 dimensions."""


class RememberingEmbedder:
    """Puts a bounded memory of the latest texts before another embedder."""

    def __init__(self, embedder: Embedder, size: int = REMEMBERED) -> None:
        self._embedder = embedder
        self._size = size
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def name(self) -> str:
        """Which model embeds."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """Hash of the weights."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    @property
    def window(self) -> int:
        """Tokens that one text may have before it would be cut."""
        return self._embedder.window

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text."""
        return self._embedder.count(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); only texts that are new reach the model."""
        known = {text: self._vectors[text] for text in texts if text in self._vectors}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known |= dict(zip(fresh, self._embedder.encode(fresh), strict=True))
        for text, vector in known.items():
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
        while len(self._vectors) > self._size:
            self._vectors.popitem(last=False)
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)
