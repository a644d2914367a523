"""Rows that a user's evaluation files hold already, so that a model is not tested on what it was taught.

Three signs, each enough: the same 13 words in a row, the same 50 characters in a row, or a question whose vector is
nearly that of an evaluation question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from doc2data.curate.references import Reference
from doc2data.curate.trigrams import normal_form
from doc2data.records import Sample
from doc2data.settings import CheckSettings
from models import Vectors

STRIDE = 8
"""Every so many characters of a reference one window is kept; a window is that much shorter than a match."""
BLOCK = 64
"""Samples that are compared with all references together."""
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W\u3040-\u9fff\uac00-\ud7af]+")


@dataclass(frozen=True, slots=True)
class Contamination:
    """Where a sample was found, and by what sign."""

    sign: str
    """words, characters, or meaning."""
    reference: Reference
    excerpt: str
    """What both say; for meaning the reference's text."""


class EvaluationTexts:
    """What models are to be tested with, and so must not be taught."""

    def __init__(
        self, references: Sequence[Reference], settings: CheckSettings, embed: Callable[[Sequence[str]], Vectors]
    ) -> None:
        """The references are those of `read_references`, at least one; `embed` gives unit vectors."""
        self._references = references
        self._shared = _Shared(references, settings)
        self._cosine = settings.contamination_cosine
        self._embed = embed

    def find(self, samples: Sequence[Sample]) -> dict[str, Contamination]:
        """Those of the samples that the texts hold, by id, each with the first sign of it."""
        found = {sample.id: match for sample in samples if (match := self._shared.match(sample))}
        rest = [sample for sample in samples if sample.id not in found]
        for start in range(0, len(rest), BLOCK):
            found.update(self._by_meaning(rest[start : start + BLOCK]))
        return found

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embed([reference.text for reference in self._references])

    def _by_meaning(self, samples: Sequence[Sample]) -> Iterator[tuple[str, Contamination]]:
        cosines = self._embed([sample.question for sample in samples]) @ self._vectors.T
        for sample, row in zip(samples, cosines, strict=True):
            nearest = int(row.argmax())
            if row[nearest] >= self._cosine:
                reference = self._references[nearest]
                yield sample.id, Contamination("meaning", reference, reference.text)


class _Shared:
    """The references by their word n-grams and by windows of their characters."""

    def __init__(self, references: Sequence[Reference], settings: CheckSettings) -> None:
        self._references = references
        self._words = settings.contamination_words
        self._characters = settings.contamination_characters
        self._window = self._characters - STRIDE + 1
        self._texts = [normal_form(reference.text) for reference in references]
        self._grams: dict[str, int] = {}
        self._windows: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(self._texts):
            for gram in _grams(text, self._words):
                self._grams.setdefault(gram, number)
            for start in range(0, len(text) - self._window + 1, STRIDE):
                self._windows.setdefault(text[start : start + self._window], []).append((number, start))

    def match(self, sample: Sample) -> Contamination | None:
        """The first sign that a reference holds a message of the sample."""
        for message in sample.messages:
            text = normal_form(message.content)
            for gram in _grams(text, self._words):
                if gram in self._grams:
                    return Contamination("words", self._references[self._grams[gram]], gram)
            for number, excerpt in self._common(text):
                return Contamination("characters", self._references[number], excerpt)
        return None

    def _common(self, text: str) -> Iterator[tuple[int, str]]:
        """References that share as many characters in a row as count, with what they share."""
        for start in range(len(text) - self._window + 1):
            for number, there in self._windows.get(text[start : start + self._window], ()):
                excerpt = _extended(text, start, self._texts[number], there, self._window)
                if len(excerpt) >= self._characters:
                    yield number, excerpt


def _grams(text: str, size: int) -> Iterator[str]:
    """Word n-grams of normalised text; a shorter text of three words or more is one itself."""
    tokens = _TOKEN.findall(text)
    if 3 <= len(tokens) < size:
        yield " ".join(tokens)
    for i in range(len(tokens) - size + 1):
        yield " ".join(tokens[i : i + size])


def _extended(text: str, start: int, other: str, there: int, length: int) -> str:
    """The longest common stretch around one that is known to be common."""
    before = 0
    while start - before > 0 and there - before > 0 and text[start - before - 1] == other[there - before - 1]:
        before += 1
    end = length
    while start + end < len(text) and there + end < len(other) and text[start + end] == other[there + end]:
        end += 1
    return text[start - before : start + end]
