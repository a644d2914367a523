"""Cross-encoders: models that read two texts together and give one number, run by sentence-transformers.

Two kinds are known by their labels: natural language inference (entailment, neutral, contradiction) and relevance (one
label), as rerankers have.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.embedding.threads import let_threads_sleep
from models.engine import Scores
from models.errors import ModelUnusable
from models.fingerprint import fingerprint

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

ENTAILMENT = "entailment"


class CrossEncoderScorer:
    """Scores pairs with a local folder; the library is loaded at the first pair."""

    def __init__(self, path: Path) -> None:
        """Look at the folder.

        Raises:
            ModelUnusable: it holds no model of that kind.
        """
        self.name = path.name
        self._path = path
        if not (path / "config.json").is_file():
            raise ModelUnusable(
                f"{str(path)!r} is not a cross-encoder's folder: it has no config.json.",
                "Give the folder of a natural language inference model or a reranker, as Hugging Face lays it out.",
            )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, hexadecimal."""
        weights = sorted(self._path.glob("*.safetensors")) or sorted(self._path.glob("*.bin"))
        if not weights:
            raise ModelUnusable(f"{str(self._path)!r} holds no weights (*.safetensors).")
        return fingerprint(weights[0])

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """How far the first text of each pair bears out the second, 0 to 1, float32, shape (len(pairs),).

        Raises:
            ModelUnusable: the model is neither of the two kinds, or cannot be loaded.
        """
        if not pairs:
            return np.zeros(0, np.float32)
        import torch

        infers = self._entailment is not None
        # A model of inference reads premise, then hypothesis; one of relevance reads the query first.
        asked = list(pairs) if infers else [(statement, evidence) for evidence, statement in pairs]
        logits = np.asarray(
            self._model.predict(asked, activation_fn=torch.nn.Identity(), show_progress_bar=False), np.float32
        )
        if self._entailment is None:
            return np.asarray(1 / (1 + np.exp(-logits.reshape(-1))), np.float32)
        return np.asarray(shares(logits)[:, self._entailment], np.float32)

    @cached_property
    def _entailment(self) -> int | None:
        """The number of the label for entailment; None for a model of relevance."""
        model: Any = self._model.model
        config = model.config
        if config.num_labels == 1:
            return None
        labels = {str(label).lower(): int(number) for number, label in config.id2label.items()}
        if ENTAILMENT not in labels:
            raise ModelUnusable(
                f"{self.name!r} has the labels {', '.join(labels)}, and none of them is {ENTAILMENT!r}.",
                "Use a model of natural language inference, or a reranker with one label.",
            )
        return labels[ENTAILMENT]

    @cached_property
    def _model(self) -> CrossEncoder:
        # Set before the import: the libraries read these once, and must not look for anything online.
        os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
        let_threads_sleep()
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model: CrossEncoder = CrossEncoder(str(self._path), device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelUnusable(f"{str(self._path)!r} cannot be loaded as a cross-encoder: {error}.") from error
        return model


def shares(logits: Scores) -> Scores:
    """Each row's numbers as shares of one (softmax)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
