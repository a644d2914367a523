"""Fact coverage: which sentences, table rows and sections are evidence of some accepted sample."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

from doc2data.clues.worth import worth
from doc2data.records import Clue, Evidence, Sample

LEAST_WORTH = 0.5
"""Clues of less worth bear no fact that has to be covered."""
HELD = 0.5
"""Share of a fact's characters that evidence must hold to cover it."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    covered: int
    total: int

    @property
    def part(self) -> float:
        """0 to 1; 1 where there is nothing to cover."""
        return self.covered / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of a corpus, or of a part of it."""

    sentences: Share
    """Sentences, steps, definitions, warnings and key-value lines that bear a fact."""
    rows: Share
    """Table rows that bear a fact."""
    sections: Share
    """Sections with a fact, and those of which at least one fact is covered."""

    @property
    def facts(self) -> Share:
        """Sentences and rows together."""
        return Share(self.sentences.covered + self.rows.covered, self.sentences.total + self.rows.total)


def bears_fact(clue: Clue) -> bool:
    """Whether a clue is one of those that coverage counts; procedures are counted by their steps."""
    return clue.kind != "procedure" and worth(clue) >= LEAST_WORTH


class Coverage:
    """The facts of a corpus, and which of them evidence holds; samples are added one after the other."""

    def __init__(self, clues: Iterable[Clue], names: Mapping[str, str]) -> None:
        """`names` gives the name that evidence calls a document by, for each document's id."""
        self._facts: dict[str, list[Clue]] = defaultdict(list)
        for clue in clues:
            if clue.document in names and bears_fact(clue):
                self._facts[names[clue.document]].append(clue)
        for facts in self._facts.values():
            facts.sort(key=lambda clue: (clue.start, clue.end, clue.id))
        self._longest = {name: max(c.end - c.start for c in facts) for name, facts in self._facts.items()}
        self._of_chunk: dict[str, list[str]] = defaultdict(list)
        for clue in self._all():
            self._of_chunk[clue.chunk].append(clue.id)
        self._covered: set[str] = set()

    def add(self, sample: Sample) -> None:
        """Count a sample's evidence from now on."""
        self._covered.update(clue.id for clue in self._held(sample))

    def gains(self, sample: Sample) -> list[Clue]:
        """Facts that a sample would cover and none before it does."""
        return [clue for clue in self._held(sample) if clue.id not in self._covered]

    def of_chunk(self, chunk: str) -> Share:
        """How much of one chunk is covered."""
        facts = self._of_chunk.get(chunk, ())
        return Share(sum(id in self._covered for id in facts), len(facts))

    def missing(self) -> Iterator[Clue]:
        """Facts that nothing covers yet, document by document in reading order."""
        return (clue for clue in self._all() if clue.id not in self._covered)

    def measure(self, document: str | None = None) -> Covered:
        """The shares covered in the whole corpus, or in the document of that name."""
        facts = self._facts.get(document, []) if document is not None else list(self._all())
        rows = [clue for clue in facts if clue.kind == "table_row"]
        others = [clue for clue in facts if clue.kind != "table_row"]
        sections = {(clue.document, clue.section) for clue in facts}
        reached = {(clue.document, clue.section) for clue in facts if clue.id in self._covered}
        return Covered(self._share(others), self._share(rows), Share(len(reached), len(sections)))

    def _share(self, facts: list[Clue]) -> Share:
        return Share(sum(clue.id in self._covered for clue in facts), len(facts))

    def _all(self) -> Iterator[Clue]:
        return (clue for _, facts in sorted(self._facts.items()) for clue in facts)

    def _held(self, sample: Sample) -> list[Clue]:
        return [clue for evidence in sample.evidence for clue in self._near(evidence) if _holds(evidence, clue)]

    def _near(self, evidence: Evidence) -> Iterator[Clue]:
        """Facts that may overlap the evidence."""
        facts = self._facts.get(evidence.document, [])
        first = bisect_left(facts, evidence.start - self._longest.get(evidence.document, 0), key=lambda c: c.start)
        return takewhile(lambda clue: clue.start < evidence.end, islice(facts, first, None))


def _holds(evidence: Evidence, clue: Clue) -> bool:
    common = min(evidence.end, clue.end) - max(evidence.start, clue.start)
    return common > 0 and common >= HELD * (clue.end - clue.start)
