"""GGUF embedding models, through llama.cpp in a process of its own."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from models.engine import Vectors
from models.errors import ModelUnusable
from models.fingerprint import fingerprint_of
from models.gguf_header import Header
from models.llama.fit import planned
from models.llama.line import Line
from models.llama.wire import Answer, Count, Embed, Load, Question
from models.options import EngineOptions

_WINDOW = 2048


class GgufEmbedder:
    """Embeds with a GGUF embedding model; the process starts at the first text."""

    def __init__(self, header: Header, options: EngineOptions) -> None:
        """Look at the header.

        Raises:
            ModelUnusable: the model does not embed.
        """
        if not header.embeds:
            raise ModelUnusable(
                f"{header.name!r} is not an embedding model.", "Choose one that `doc2data models` calls so."
            )
        self.name = header.name
        self._header = header
        self._options = replace(options, context=min(header.context or _WINDOW, options.context or _WINDOW))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        return fingerprint_of(self._header.files)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._header.width

    @property
    def window(self) -> int:
        """Tokens that one text may have, special ones included."""
        return self._options.context

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones included, uncut."""
        if not texts:
            return []
        answer = self._ask(lambda number: Count(number, tuple(texts)))
        assert isinstance(answer, tuple)
        return list(answer)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); a text beyond `window` is cut.

        Raises:
            ModelError: the model cannot be loaded, or its process died and did not come back.
        """
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        answer = self._ask(lambda number: Embed(number, tuple(texts)))
        assert isinstance(answer, np.ndarray)
        return answer

    def close(self) -> None:
        """End the process."""
        if "_line" in self.__dict__:
            self._line.close()

    def _ask(self, question: Callable[[int], Question]) -> Answer:
        return self._line.ask(question)[1].result()

    @cached_property
    def _line(self) -> Line:
        line = Line(Load(self._header.path, planned(self._header, self._options), self._options, embeds=True))
        # The process goes with the last one who could ask it.
        weakref.finalize(self, line.close)
        return line
