"""Questions that are asked twice: the same after normalisation, nearly the same in letters, or the same in meaning.

A new question is compared with those that were kept only, so no chain of small differences joins what is not alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from doc2data.curate.trigrams import Signatures, TrigramTwins, normal_form, signatures
from doc2data.curate.vectors import VectorTwins
from doc2data.records import WORDING_OF, Sample
from doc2data.settings import CheckSettings
from models import Vectors

BLOCK = 2000
"""Texts whose signatures are made together."""


class _Kept:
    """The texts kept so far, by number from 0."""

    def __init__(self, settings: CheckSettings) -> None:
        self._settings = settings
        self._count = 0
        self._exact: dict[str, int] = {}
        self._letters = TrigramTwins(settings.duplicate_jaccard)
        self._meaning: VectorTwins | None = None

    def add(self, text: str, signature: Signatures, vector: Vectors) -> None:
        """Keep the next text."""
        self._exact.setdefault(normal_form(text), self._count)
        self._count += 1
        self._letters.add(text, signature)
        if self._meaning is None:
            self._meaning = VectorTwins(self._settings.duplicate_cosine, len(vector))
        self._meaning.add(vector)

    def find(self, text: str, signature: Signatures, vector: Vectors, kin: Collection[int]) -> int | None:
        """The number of a kept text that says the same, or None; its kin may say it in other words."""
        twin = self._exact.get(normal_form(text))
        if twin is None:
            twin = self._letters.find(text, signature, kin)
        if twin is None and self._meaning is not None:
            twin = self._meaning.find(vector, kin)
        return twin


class DuplicateFilter:
    """Tells, sample by sample, whether a question was asked before.

    A sample that puts its parent's question in other words, and says so, may ask what the parent and the other
    wordings of it ask, but not in the same words.

    The answer depends only on the samples added and their order.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], settings: CheckSettings) -> None:
        self._embed = embed
        self._kept = _Kept(settings)
        self._ids: list[str] = []
        self._families: dict[str, set[int]] = {}
        """A sample's id to its number and those of its other wordings."""
        self._waiting: list[Sample] = []
        self._vectors: dict[str, Vectors] = {}

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Encode the questions of samples that will be asked about, together instead of one by one."""
        self._encode([asked(sample) for sample in samples])

    def seen(self, sample: Sample) -> str | None:
        """The id of the sample added before that asks the same, or None."""
        self._settle()
        text = asked(sample)
        self._encode([text])
        kin = self._families.get(family(sample), ()) if WORDING_OF in sample.recipe.params else ()
        twin = self._kept.find(text, signatures([text])[0], self._vectors[text], kin)
        return None if twin is None else self._ids[twin]

    def add(self, sample: Sample) -> None:
        """Remember a sample; what it asks counts as asked from now on."""
        self._waiting.append(sample)

    def _settle(self) -> None:
        """Take in what was added since, all encoded together."""
        for start in range(0, len(self._waiting), BLOCK):
            block = self._waiting[start : start + BLOCK]
            texts = [asked(sample) for sample in block]
            self._encode(texts)
            for sample, text, signature in zip(block, texts, signatures(texts), strict=True):
                self._kept.add(text, signature, self._vectors[text])
                self._families.setdefault(family(sample), set()).add(len(self._ids))
                self._ids.append(sample.id)
        self._waiting = []

    def _encode(self, texts: Sequence[str]) -> None:
        missing = sorted({text for text in texts if text not in self._vectors})
        if missing:
            if len(self._vectors) > BLOCK:
                self._vectors = {text: self._vectors[text] for text in texts if text in self._vectors}
            self._vectors.update(zip(missing, np.asarray(self._embed(missing)), strict=True))


def family(sample: Sample) -> str:
    """The id of the sample whose question it asks: its parent's for another wording, else its own."""
    return sample.parent if sample.parent and WORDING_OF in sample.recipe.params else sample.id


def asked(sample: Sample) -> str:
    """What a sample asks: all that the user says."""
    return "\n".join(message.content for message in sample.messages if message.role == "user")
