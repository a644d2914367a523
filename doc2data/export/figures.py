"""The report's figures, gathered in one pass; what is kept grows with the documents, not with the samples."""

from __future__ import annotations

import hashlib
import heapq
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from doc2data.export.bonds import digest
from doc2data.export.facts import DatasetFacts, DocumentFacts
from doc2data.records import Evidence, Judged

SHOWN = 30
"""Random accepted samples that the report shows."""
SHOWN_REJECTED = 6
MAPPED = 1_000
"""Questions that the map and the diversity figures are drawn from."""
STRIPS = 60
"""Documents that get a strip; in larger sets, those with the most samples."""
MOST_CELLS = 300
"""Cells of one document's strip; longer documents have several pages to a cell."""

_CHARACTERS_PER_CELL = 500
_MOST_COUNTED = 20_000
_HAN_GAP = re.compile(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One stretch of a document: a page, some pages, or a piece of its text."""

    label: str
    samples: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One document, from its beginning to its end."""

    document: DocumentFacts
    samples: int
    cells: tuple[Cell, ...]
    unit: str
    """What a cell is, in the plural."""

    @property
    def covered(self) -> int:
        """Cells that at least one sample stands on."""
        return sum(cell.samples > 0 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Diversity:
    """How unlike the questions are, over the drawn ones."""

    questions: int
    distinct_words: float
    """Different words as a share of all words."""
    distinct_pairs: float
    """Different pairs of neighbouring words as a share of all such pairs."""
    openings: tuple[tuple[str, int], ...]
    """The commonest first two words, with how many questions begin so."""


@dataclass(slots=True)
class Figures:
    """What one pass over the samples tells."""

    question_lengths: Counter[int] = field(default_factory=Counter)
    answer_lengths: Counter[int] = field(default_factory=Counter)
    scores: dict[str, Counter[tuple[float, bool]]] = field(default_factory=dict)
    """For each check, how many samples have which score (rounded to 0.05), and passed or not."""
    quotes: Counter[Evidence] = field(default_factory=Counter)
    """How many accepted samples stand on each quote; only the commonest of very many."""
    different_quotes: int = 0
    joined: Counter[tuple[Evidence, Evidence]] = field(default_factory=Counter)
    """How many accepted samples join two quotes; only the commonest pairs of very many."""
    shown: tuple[Judged, ...] = ()
    shown_rejected: tuple[Judged, ...] = ()
    mapped: tuple[Judged, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    """Of the documents with most samples, these first."""
    documents: int = 0
    most_in_cell: int = 0
    """Samples of the cell that has most, in any document."""


def gather(judged: Iterable[Judged], facts: DatasetFacts) -> Figures:
    """Read the samples once and keep the figures."""
    figures = Figures()
    shown, rejected = SeededDraw(SHOWN, facts.seed), SeededDraw(SHOWN_REJECTED, facts.seed)
    mapped = SeededDraw(MAPPED, facts.seed)
    strips = {document.name: _Strip(document) for document in facts.documents}
    quotes = array("Q")
    for item in judged:
        for verdict in item.verdicts:
            key = (round(verdict.score * 20) / 20, verdict.passed)
            figures.scores.setdefault(verdict.check, Counter())[key] += 1
        if item.status != "accepted":
            rejected.offer(item)
            continue
        shown.offer(item)
        mapped.offer(item)
        quotes.extend(digest(f"{e.document}\n{e.start}\n{e.end}\n{e.section}\n{e.quote}") for e in item.sample.evidence)
        _count(item, figures, strips)
    figures.shown, figures.shown_rejected, figures.mapped = shown.items(), rejected.items(), mapped.items()
    figures.different_quotes = len(np.unique(np.frombuffer(quotes, np.uint64)))
    best = sorted(strips.values(), key=lambda strip: -strip.samples)[:STRIPS]
    figures.coverage = tuple(strip.coverage() for strip in best)
    figures.documents = len(strips)
    figures.most_in_cell = max((strip.most for strip in strips.values()), default=0)
    return figures


def diversity(judged: Sequence[Judged]) -> Diversity:
    """Distinct-n (Li et al. 2016, arXiv:1510.03055) and openings of the questions given."""
    words, pairs, openings = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for item in judged:
        found = _WORD.findall(item.sample.question.lower())
        words.update(found)
        pairs.update(pairwise(found))
        openings[_HAN_GAP.sub("", " ".join(found[:2]))] += 1
    ranked = sorted(openings.items(), key=lambda pair: (-pair[1], pair[0]))
    return Diversity(len(judged), _distinct(words), _distinct(pairs), tuple(ranked[:10]))


def length(text: str) -> int:
    """Words; a Chinese or Japanese character counts as one."""
    return len(_WORD.findall(text))


class SeededDraw:
    """The samples whose seeded hash is smallest: a random draw that order and repetition do not change."""

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._seed = size, seed
        self._offered = 0
        self._heap: list[tuple[int, int, Judged]] = []

    def offer(self, item: Judged) -> None:
        """Consider one more sample."""
        digest = hashlib.sha256(f"{self._seed} {item.sample.id}".encode("utf-8", "replace")).digest()
        self._offered += 1  # sets equal digests apart, so that samples themselves are never compared
        entry = (-int.from_bytes(digest[:16]), self._offered, item)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, entry)
        elif entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def items(self) -> tuple[Judged, ...]:
        """What was drawn, in an order that is random too, and always the same."""
        return tuple(entry[2] for entry in sorted(self._heap, reverse=True))


class _Strip:
    """Counts of one document's samples along it."""

    def __init__(self, document: DocumentFacts) -> None:
        self._document = document
        self._extent = document.pages or max(1, -(-document.characters // _CHARACTERS_PER_CELL))
        self._per_cell = -(-self._extent // MOST_CELLS)
        self._counts = array("I", bytes(4 * -(-self._extent // self._per_cell)))
        self.samples = 0

    @property
    def most(self) -> int:
        """Samples of the cell that has most."""
        return max(self._counts)

    def add(self, evidence: Sequence[Evidence]) -> None:
        self.samples += 1
        for cell in {self._place(item) // self._per_cell for item in evidence}:
            self._counts[cell] += 1

    def coverage(self) -> Coverage:
        found = tuple(Cell(self._label(cell), count) for cell, count in enumerate(self._counts))
        unit = "pages" if self._document.pages == len(found) else "parts"
        return Coverage(self._document, self.samples, found, unit)

    def _place(self, evidence: Evidence) -> int:
        place = (evidence.page or 1) - 1 if self._document.pages else evidence.start // _CHARACTERS_PER_CELL
        return min(max(place, 0), self._extent - 1)

    def _label(self, cell: int) -> str:
        first, last = cell * self._per_cell + 1, min((cell + 1) * self._per_cell, self._extent)
        if self._document.pages:
            return f"page {first}" if first == last else f"pages {first} to {last}"
        return f"characters {(first - 1) * _CHARACTERS_PER_CELL} to {last * _CHARACTERS_PER_CELL}"


def _count(item: Judged, figures: Figures, strips: dict[str, _Strip]) -> None:
    sample = item.sample
    figures.question_lengths[length(sample.question)] += 1
    figures.answer_lengths[length(sample.answer)] += 1
    _join(sample.evidence, figures.joined)
    by_document: dict[str, list[Evidence]] = {}
    for evidence in sample.evidence:
        by_document.setdefault(evidence.document, []).append(evidence)
        figures.quotes[evidence] += 1
    _prune(figures.quotes)
    for name, found in by_document.items():
        if name in strips:
            strips[name].add(found)


def _join(evidence: Sequence[Evidence], joined: Counter[tuple[Evidence, Evidence]]) -> None:
    ordered = sorted(set(evidence), key=lambda item: (item.document, item.start, item.end))
    joined.update(combinations(ordered, 2))
    _prune(joined)


def _prune(counter: Counter[Any]) -> None:
    """Leave of very many the commonest."""
    if len(counter) > _MOST_COUNTED:
        for one, _ in counter.most_common()[_MOST_COUNTED // 2 :]:
            del counter[one]


def _distinct(counter: Counter[str] | Counter[tuple[str, str]]) -> float:
    return len(counter) / counter.total() if counter else 0.0
