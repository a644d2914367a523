"""Questions that are asked twice: the same after normalisation, nearly the same in letters, or the same in meaning.

A new question is compared with those that were kept only, so no chain of small differences joins what is not alike.
Questions that name another thing, and those on different evidence with different answers, are siblings and no twins,
however near their words are: "the mass of the RM-410" is not "the mass of the RM-420", though neither trigrams nor
vectors see much of a difference, and though one row of a table may tell both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from doc2data.curate.buckets import Keys
from doc2data.curate.trigrams import Signatures, TrigramTwins, keys_of, normal_form, signatures
from doc2data.curate.vectors import VectorTwins
from doc2data.records import SAYS_MORE, WORDING_OF, Sample
from doc2data.settings import CheckSettings
from doc2data.store.scratch import Scratch, Shelf
from models import Vectors

BLOCK = 2000
"""Texts whose signatures are made together."""
ALIKE = 0.6
"""Share of the shorter answer's words from which two answers tell the same."""
_TOKEN = re.compile(r"[^\W_]+(?:[-/.,][^\W_]+)*")
_HAN = re.compile(r"[㐀-鿿]+")


@dataclass(frozen=True, slots=True)
class _Coded:
    """A text as it is compared."""

    signature: Signatures
    letters: Keys
    vector: Vectors
    meaning: Keys


class _Kept:
    """The texts kept so far, by number from 0."""

    def __init__(self, settings: CheckSettings, scratch: Scratch) -> None:
        self._settings = settings
        self._letters = TrigramTwins(settings.duplicate_jaccard, scratch)
        self._meaning: VectorTwins | None = None

    def coded(self, texts: Sequence[str], vectors: Vectors) -> list[_Coded]:
        """Texts as they are compared, given their unit vectors."""
        if self._meaning is None:
            self._meaning = VectorTwins(self._settings.duplicate_cosine, vectors.shape[1])
        made = signatures(texts)
        return [_Coded(*row) for row in zip(made, keys_of(made), vectors, self._meaning.keys_of(vectors), strict=True)]

    def add(self, text: str, coded: _Coded) -> None:
        """Keep the next text."""
        assert self._meaning is not None, "texts are coded here"
        self._letters.add(text, coded.signature, coded.letters)
        self._meaning.add(coded.vector, coded.meaning)

    def find(self, text: str, coded: _Coded, counts: Callable[[int], bool] = lambda number: True) -> int | None:
        """The number of a kept text that says the same, or None; of texts that are only near, one that counts."""
        assert self._meaning is not None, "texts are coded here"
        twin = self._letters.same(text)
        if twin is None:
            twin = self._letters.find(text, coded.signature, coded.letters, counts)
        if twin is None:
            twin = self._meaning.find(coded.vector, coded.meaning, counts)
        return twin


class DuplicateFilter:
    """Tells, sample by sample, whether a question was asked before.

    A sample that puts its parent's question in other words, or is known to answer more than the parent, may ask what
    the parent and the other wordings of it ask, but not in the same words.

    The answer depends only on the samples added and their order.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], settings: CheckSettings) -> None:
        self._embed = embed
        self._scratch = Scratch()
        self._kept = _Kept(settings, self._scratch)
        self._families = self._scratch.buckets()
        """A sample's id to its number and those of its other wordings."""
        self._samples: Shelf[_Stand] = self._scratch.shelf()
        self._waiting: list[Sample] = []
        self._encoded: dict[str, _Coded] = {}

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Encode the questions of samples that will be asked about, together instead of one by one."""
        self._encode([asked(sample) for sample in samples])

    def seen(self, sample: Sample) -> str | None:
        """The id of the sample added before that asks the same, or None."""
        self._settle()
        text = asked(sample)
        self._encode([text])
        close = not {WORDING_OF, SAYS_MORE}.isdisjoint(sample.recipe.params)
        kin = set(self._families.candidates([hash(sample.parent)])) if close and sample.parent else set()
        own = _stand(sample)
        twin = self._kept.find(
            text,
            self._encoded[text],
            lambda n: n not in kin and not _are_siblings(own, self._samples[n]),
        )
        return None if twin is None else self._samples[twin].id

    def add(self, sample: Sample) -> None:
        """Remember a sample; what it asks counts as asked from now on."""
        self._waiting.append(sample)
        if len(self._waiting) == BLOCK:
            self._settle()

    def _settle(self) -> None:
        """Take in what was added since, all encoded together."""
        for start in range(0, len(self._waiting), BLOCK):
            block = self._waiting[start : start + BLOCK]
            texts = [asked(sample) for sample in block]
            self._encode(texts)
            for sample, text in zip(block, texts, strict=True):
                self._kept.add(text, self._encoded[text])
                self._families.add([hash(family(sample))])
                self._samples.append(_stand(sample))
        self._waiting = []

    def _encode(self, texts: Sequence[str]) -> None:
        missing = sorted({text for text in texts if text not in self._encoded})
        if missing:
            if len(self._encoded) > BLOCK:
                self._encoded = {text: self._encoded[text] for text in texts if text in self._encoded}
            made = self._kept.coded(missing, np.asarray(self._embed(missing)))
            self._encoded.update(zip(missing, made, strict=True))


def family(sample: Sample) -> str:
    """The id of the sample whose question it asks: its parent's for another wording, else its own."""
    return sample.parent if sample.parent and WORDING_OF in sample.recipe.params else sample.id


@dataclass(frozen=True, slots=True)
class _Stand:
    """What a sample stands on, and what it tells."""

    id: str
    evidence: tuple[tuple[str, int, int], ...]
    asked: frozenset[str]
    """Words of the question."""
    named: frozenset[str]
    """Numbers and codes of the question."""
    answer: frozenset[str]
    """Words of the answer."""
    told: frozenset[str]
    """Numbers and codes of the answer."""


def _stand(sample: Sample) -> _Stand:
    return _Stand(
        sample.id,
        tuple((e.document, e.start, e.end) for e in sample.evidence),
        frozenset(_words(asked(sample))),
        _named(asked(sample)),
        frozenset(_words(sample.answer)),
        _named(sample.answer),
    )


def _named(text: str) -> frozenset[str]:
    """Numbers and codes, whole: K2-S is not K2-L."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(token for token in tokens if any(map(str.isdigit, token)))


def _are_siblings(one: _Stand, other: _Stand) -> bool:
    """Whether two samples ask of other things, or tell something else and have each evidence of its own."""
    if _differ(one.named, other.named) or (_differ(one.asked, other.asked) and _differ(one.told, other.told)):
        return True
    if not (_has_own(one, other) and _has_own(other, one)):
        return False
    common = len(one.answer & other.answer)
    alike = common >= ALIKE * min(len(one.answer), len(other.answer))
    return one.named != other.named or not alike


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each holds something that the other does not."""
    return bool(one - other and other - one)


def _has_own(one: _Stand, other: _Stand) -> bool:
    return any(not any(_overlap(a, b) for b in other.evidence) for a in one.evidence)


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _words(text: str) -> list[str]:
    """Words; of Chinese, which has no gaps, pairs of neighbouring characters."""
    plain = normal_form(text)
    pairs = [run[i : i + 2] for run in _HAN.findall(plain) for i in range(max(1, len(run) - 1))]
    return pairs + _HAN.sub(" ", plain).split()


def asked(sample: Sample) -> str:
    """What a sample asks: all that the user says."""
    return "\n".join(message.content for message in sample.messages if message.role == "user")
