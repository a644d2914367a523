"""GGUF rerankers and other classifiers of pairs, through llama.cpp in a process of their own."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from models.embedding.cross_encoder import ENTAILMENT, shares
from models.engine import Scores
from models.errors import ModelUnusable
from models.fingerprint import fingerprint_of
from models.gguf_header import Header
from models.llama.fit import planned
from models.llama.line import Line
from models.llama.wire import Compare, Load
from models.options import EngineOptions

_WINDOW = 2048
_YES = "yes"
_LABELS = "classifier.output_labels"


class GgufPairScorer:
    """Scores pairs with a GGUF; the process starts at the first pair."""

    def __init__(self, header: Header, options: EngineOptions) -> None:
        """Look at the header.

        Raises:
            ModelUnusable: the model is no reranker, or its labels say nothing of yes or entailment.
        """
        self.name = header.name
        self._header = header
        self._options = replace(options, context=min(header.context or _WINDOW, _WINDOW))
        if not header.has_head:
            raise ModelUnusable(
                f"{header.name!r} is no reranker: it has no head that scores a pair of texts.",
                "Give the GGUF of a reranker, or the folder of a cross-encoder.",
            )
        labels = header.values.get(f"{header.architecture}.{_LABELS}")
        self._labels = [str(label).lower() for label in labels] if isinstance(labels, list) else []
        if len(self._labels) > 1 and not {ENTAILMENT, _YES} & set(self._labels):
            raise ModelUnusable(
                f"{header.name!r} has the labels {', '.join(self._labels)}, and none of them is "
                f"{ENTAILMENT!r} or {_YES!r}.",
                "Use a model of natural language inference, or a reranker.",
            )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        return fingerprint_of(self._header.files)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """How far the first text of each pair bears out the second, 0 to 1, float32, shape (len(pairs),).

        Raises:
            ModelError: the model cannot be loaded, or its process died and did not come back.
        """
        if not pairs:
            return np.zeros(0, np.float32)
        infers = ENTAILMENT in self._labels
        # A model of inference reads premise, then hypothesis; one of relevance reads the query first.
        asked = tuple(pairs) if infers else tuple((statement, evidence) for evidence, statement in pairs)
        answer = self._line.ask(lambda number: Compare(number, asked))[1].result()
        assert isinstance(answer, np.ndarray)
        if answer.shape[1] == 1:
            return np.asarray(1 / (1 + np.exp(-answer[:, 0])), np.float32)
        wanted = self._labels.index(ENTAILMENT if infers else _YES) if self._labels else 0
        # llama.cpp has made shares of the two answers of Qwen's rerankers already.
        whole = bool(np.allclose(answer.sum(axis=1), 1, atol=1e-3) and (answer >= 0).all())
        return np.asarray((answer if whole else shares(answer))[:, wanted], np.float32)

    def close(self) -> None:
        """End the process."""
        if "_line" in self.__dict__:
            self._line.close()

    @cached_property
    def _line(self) -> Line:
        line = Line(Load(self._header.path, planned(self._header, self._options), self._options, ranks=True))
        # The process goes with the last one who could ask it.
        weakref.finalize(self, line.close)
        return line
