"""The passages around the samples: which hold the evidence, and which of the others could answer too."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, takewhile

from doc2data.export.sinks import ExportSources
from doc2data.records import Evidence, Passage, Sample, content_id

# From this share of the answer's own words on, a passage may hold the answer. Low on purpose: a false negative
# teaches a retriever the wrong thing, a lost one only makes the set smaller.
_TELLING_SHARE = 0.5

_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_HAN_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class PassageCorpus:
    """Every passage of the project by its place."""

    def __init__(self, sources: ExportSources) -> None:
        self._search = sources.search
        self._by_document: dict[str, list[Passage]] = {}
        for passage in sources.passages() if sources.passages else ():
            self._by_document.setdefault(passage.document, []).append(passage)
        for found in self._by_document.values():
            found.sort(key=lambda passage: (passage.end, passage.start))

    @property
    def searchable(self) -> bool:
        """Whether retrieval is at hand."""
        return self._search is not None

    def passages(self) -> Iterator[Passage]:
        """All of them, by document and place."""
        for document in sorted(self._by_document):
            yield from self._by_document[document]

    def positives(self, sample: Sample) -> list[Passage]:
        """The passages that hold the sample's evidence, each once; a quote that no passage holds stands for itself."""
        found: dict[str, Passage] = {}
        for evidence in sample.evidence:
            for passage in self._holding(evidence) or [_as_passage(evidence)]:
                found[passage.id] = passage
        return list(found.values())

    def near(self, query: str, depth: int) -> list[Passage]:
        """What retrieval brings back for a query, best first; nothing without an index."""
        return [hit.passage for hit in self._search(query, depth)] if self._search else []

    def _holding(self, evidence: Evidence) -> list[Passage]:
        passages = self._by_document.get(evidence.document, [])
        first = bisect_left(passages, evidence.start + 1, key=lambda passage: passage.end)
        overlapping = list(takewhile(lambda p: p.start < evidence.end, islice(passages, first, None)))
        whole = [p for p in overlapping if p.start <= evidence.start and evidence.end <= p.end]
        return whole[:1] or overlapping


def may_answer(passage: Passage, sample: Sample) -> bool:
    """Whether a passage could answer the sample's question, so that it must not stand as a negative.

    It could if it overlaps the evidence or repeats a quote, if it holds the answer word for word or all of its
    numbers and codes, or if it holds at least half of the words that the answer adds to the question.
    """
    if any(_overlaps(passage, evidence) for evidence in sample.evidence):
        return True
    text, answer = _folded(passage.text), _folded(sample.answer)
    if answer in text or any(_folded(evidence.quote) in text for evidence in sample.evidence):
        return True
    held = _words(text)
    added = _words(answer) - _words(_folded(sample.question))
    telling = {word for word in added if any(map(str.isdigit, word))}
    if telling:
        return telling <= held
    return bool(added) and len(added & held) >= _TELLING_SHARE * len(added)


def _overlaps(passage: Passage, evidence: Evidence) -> bool:
    return passage.document == evidence.document and passage.start < evidence.end and evidence.start < passage.end


def _as_passage(evidence: Evidence) -> Passage:
    name = content_id(evidence.document, evidence.start, evidence.end)
    return Passage(
        id=name,
        document=evidence.document,
        chunk="",
        section=evidence.section,
        page=evidence.page,
        start=evidence.start,
        end=evidence.end,
        text=evidence.quote,
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(text: str) -> set[str]:
    """Words; of Chinese and Japanese, which have no gaps, pairs of neighbouring characters."""
    pairs = {run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(max(1, len(run) - 1))}
    return pairs | set(_WORD.findall(_HAN_RUN.sub(" ", text)))
