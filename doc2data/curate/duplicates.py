"""Questions that are asked twice: the same after normalisation, nearly the same in letters, or the same in meaning.

Kept questions lead clusters. A new one is compared with the leaders only, so no chain of small differences joins what
is not alike, and no two leaders are near-duplicates of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from doc2data.curate.trigrams import Signatures, TrigramTwins, normal_form, signatures
from doc2data.curate.vectors import VectorTwins
from doc2data.records import Sample
from doc2data.settings import CheckSettings
from models import Vectors

BLOCK = 2000
"""Texts whose signatures are made together."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text of a set that may hold it twice."""

    id: str
    text: str
    quality: float = 0.0
    """The best of a cluster is kept; of equal ones the first."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that say the same."""

    kept: str
    dropped: tuple[str, ...]


class Leaders:
    """The texts kept so far, by number from 0."""

    def __init__(self, settings: CheckSettings) -> None:
        self._settings = settings
        self._count = 0
        self._exact: dict[str, int] = {}
        self._letters = TrigramTwins(settings.duplicate_jaccard)
        self._meaning: VectorTwins | None = None

    def add(self, text: str, signature: Signatures, vector: Vectors | None) -> None:
        """Keep the next text; either all texts have vectors or none has."""
        self._exact.setdefault(normal_form(text), self._count)
        self._count += 1
        self._letters.add(text, signature)
        if vector is not None:
            if self._meaning is None:
                self._meaning = VectorTwins(self._settings.duplicate_cosine, len(vector))
            self._meaning.add(vector)

    def find(self, text: str, signature: Signatures, vector: Vectors | None) -> int | None:
        """The number of a kept text that says the same, or None."""
        twin = self._exact.get(normal_form(text))
        if twin is None:
            twin = self._letters.find(text, signature)
        if twin is None and vector is not None and self._meaning is not None:
            twin = self._meaning.find(vector)
        return twin


def find_duplicates(items: Sequence[Item], settings: CheckSettings, vectors: Vectors | None = None) -> list[Cluster]:
    """Cluster texts that say the same; every item is in exactly one cluster, alone where it has no twin.

    Args:
        items: texts, best quality first wins; of equal quality the earlier one.
        settings: the thresholds.
        vectors: unit vectors of the items, shape (len(items), dimension); without them meaning is not compared.
    """
    leaders = Leaders(settings)
    kept: list[str] = []
    dropped: list[list[str]] = []
    for position, signature in _in_order(items):
        item, vector = items[position], None if vectors is None else vectors[position]
        twin = leaders.find(item.text, signature, vector)
        if twin is None:
            leaders.add(item.text, signature, vector)
            kept.append(item.id)
            dropped.append([])
        else:
            dropped[twin].append(item.id)
    return [Cluster(best, tuple(others)) for best, others in zip(kept, dropped, strict=True)]


class DuplicateFilter:
    """Tells, sample by sample, whether a question was asked before.

    The answer depends only on the samples added and their order.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], settings: CheckSettings) -> None:
        self._embed = embed
        self._leaders = Leaders(settings)
        self._ids: list[str] = []
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
        twin = self._leaders.find(text, signatures([text])[0], self._vectors[text])
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
                self._leaders.add(text, signature, self._vectors[text])
                self._ids.append(sample.id)
        self._waiting = []

    def _encode(self, texts: Sequence[str]) -> None:
        missing = sorted({text for text in texts if text not in self._vectors})
        if missing:
            if len(self._vectors) > BLOCK:
                self._vectors = {text: self._vectors[text] for text in texts if text in self._vectors}
            self._vectors.update(zip(missing, np.asarray(self._embed(missing)), strict=True))


def asked(sample: Sample) -> str:
    """What a sample asks: all that the user says."""
    return "\n".join(message.content for message in sample.messages if message.role == "user")


def _in_order(items: Sequence[Item]) -> Iterator[tuple[int, Signatures]]:
    """Positions of the items, best first, each with its signature."""
    order = sorted(range(len(items)), key=lambda i: (-items[i].quality, i))
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        yield from zip(block, signatures([items[i].text for i in block]), strict=True)
