"""Any sentence-transformers folder, run by sentence-transformers itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.embedding.threads import let_threads_sleep
from models.engine import Vectors
from models.errors import ModelUnusable
from models.fingerprint import fingerprint

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TransformerEmbedder:
    """Embeds with a local sentence-transformers folder; the library is loaded at the first use."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, hexadecimal."""
        weights = sorted(self._path.glob("*.safetensors")) or sorted(self._path.glob("*.bin"))
        if not weights:
            raise ModelUnusable(f"{str(self._path)!r} holds no weights (*.safetensors).")
        return fingerprint(weights[0])

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        """Tokens that one text may have, the two special ones included."""
        return int(self._model.max_seq_length or 512)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones included, uncut."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), truncation=False, verbose=False)
        return [len(tokens) for tokens in encoded["input_ids"]]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); a text beyond `window` is cut."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        # Set before the import: the libraries read these once, and must not look for anything online.
        os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
        let_threads_sleep()
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(self._path), device="cpu", local_files_only=True)
