"""An embedder without a model: texts that share stems of words are near each other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from models import Vectors

_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")


class HashEmbedder:
    """Adds up one fixed pseudo-random vector per word, by its first five letters."""

    name = "hash"
    fingerprint = "hash-1"
    dimension = 64
    window = 64

    def __init__(self, *, blind_to_ideographs: bool = False) -> None:
        self.blind = blind_to_ideographs
        self.encoded = 0

    def count(self, texts: Sequence[str]) -> list[int]:
        return [2 + len(_WORD.findall(text.lower())) for text in texts]

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-3, np.float32)
        for word in _WORD.findall(text.lower()):
            stem = "x" if self.blind and not word.isascii() else word[:5]
            generator = np.random.default_rng(zlib.crc32(stem.encode()))
            total += generator.standard_normal(self.dimension).astype(np.float32)
        unit: Vectors = total / np.linalg.norm(total)
        return unit
