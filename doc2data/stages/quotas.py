"""How many samples each chunk may give, so that a number per page is spread evenly over the documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from doc2data.clues.coverage import bears_fact
from doc2data.recipes.base import Desk
from doc2data.records import Sample, content_id

CHARACTERS = 3000
"""What counts as a page of a document that has none."""


class Quotas:
    """The samples that chunks may still give; without a number per page there is no bound."""

    def __init__(self, desk: Desk) -> None:
        per_page = desk.settings.generate.per_page
        self._chunk_of = {clue.id: clue.chunk for clue in desk.corpus.clues()} if per_page else {}
        self._left: Counter[str] | None = Counter(allotted(desk, per_page)) if per_page else None

    def count(self, sample: Sample) -> None:
        """Count a sample that an earlier run kept, by the chunk of its first clue."""
        known = [chunk for clue in sample.clues[:1] if (chunk := self._chunk_of.get(clue))]
        for chunk in known:
            self.take(chunk)

    def is_full(self, chunk: str) -> bool:
        """Whether the chunk has given what it may."""
        return self._left is not None and self._left[chunk] <= 0

    def take(self, chunk: str) -> None:
        """Count one sample of the chunk."""
        if self._left is not None:
            self._left[chunk] -= 1


def allotted(desk: Desk, per_page: float) -> Mapping[str, int]:
    """Samples for each chunk by id: of each document's pages times `per_page`, in proportion to the facts it bears.

    Parts of a sample go to the largest remainders (Hamilton's method), among equals by the seed.
    """
    shares: dict[str, int] = {}
    by_document: dict[str, dict[str, int]] = defaultdict(dict)
    for part in desk.corpus.chunks.values():
        by_document[part.document][part.id] = sum(map(bears_fact, desk.corpus.clues_of(part.id)))
    for id, row in desk.corpus.documents.items():
        facts = by_document[id]
        pages = row.pages or max(1, round(row.characters / CHARACTERS))
        total, weight = round(pages * per_page), sum(facts.values())
        exact = {chunk: total * number / weight for chunk, number in facts.items() if number}
        floors = {chunk: int(share) for chunk, share in exact.items()}
        seed = desk.settings.generate.seed
        order = sorted(exact, key=lambda c: (floors[c] - exact[c], content_id("quota", seed, c)))
        for chunk in order[: total - sum(floors.values())]:
            floors[chunk] += 1
        shares |= floors
    return shares
