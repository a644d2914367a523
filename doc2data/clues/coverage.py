"""Fact coverage: which sentences, table rows and sections are evidence of some accepted sample."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

from doc2data.clues.worth import worth
from doc2data.records import Clue, Sample

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

    def __add__(self, other: Share) -> Share:
        return Share(self.covered + other.covered, self.total + other.total)


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
        return self.sentences + self.rows

    def __add__(self, other: Covered) -> Covered:
        """Of two parts that have no document in common."""
        return Covered(self.sentences + other.sentences, self.rows + other.rows, self.sections + other.sections)


NOTHING = Covered(Share(0, 0), Share(0, 0), Share(0, 0))


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
        for evidence in sample.evidence:
            self.cover(evidence.document, evidence.start, evidence.end)

    def cover(self, document: str, start: int, end: int) -> None:
        """Count a stretch of a document, by name, as evidence from now on."""
        self._covered.update(clue.id for clue in self._held(document, start, end))

    def gains(self, sample: Sample) -> list[Clue]:
        """Facts that a sample would cover and none before it does."""
        held = (clue for e in sample.evidence for clue in self._held(e.document, e.start, e.end))
        return [clue for clue in held if clue.id not in self._covered]

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

    def _held(self, document: str, start: int, end: int) -> Iterator[Clue]:
        return (clue for clue in self._near(document, start, end) if _holds(start, end, clue))

    def _near(self, document: str, start: int, end: int) -> Iterator[Clue]:
        """Facts that may overlap the stretch."""
        facts = self._facts.get(document, [])
        first = bisect_left(facts, start - self._longest.get(document, 0), key=lambda c: c.start)
        return takewhile(lambda clue: clue.start < end, islice(facts, first, None))


def _holds(start: int, end: int, clue: Clue) -> bool:
    common = min(end, clue.end) - max(start, clue.start)
    return common > 0 and common >= HELD * (clue.end - clue.start)
