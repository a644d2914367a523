"""Auditing a dataset made anywhere against documents: the same reading, index and checks that a run uses.

Rows without evidence (every shape but our own) are given what retrieval finds for their question and answer, and
stand or fall by whether that supports them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from doc2data.checks import check_batch
from doc2data.curate import DuplicateFilter
from doc2data.errors import RunFailed
from doc2data.events import DocumentSeen
from doc2data.export import ImportedRow, read_dataset
from doc2data.project import create
from doc2data.recipes.corpus import Corpus
from doc2data.records import Evidence, Hit, Sample, Verdict
from doc2data.settings import Settings
from doc2data.stages.checking import context
from doc2data.stages.indexing import index
from doc2data.stages.making import DUPLICATE
from doc2data.stages.reading import find_sources, read
from doc2data.stages.workshop import Workshop
from doc2data.store import Store

BATCH = 64
FOUND = 3
"""Passages that a row without evidence is given."""
READABLE = "readable"
CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Audited:
    """One row with what the checks found."""

    number: int
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(verdict.passed for verdict in self.verdicts)


def audit(file: Path, documents: Sequence[Path], settings: Settings | None = None) -> Iterator[Audited]:
    """Check every row of `file` against the documents, in order.

    Raises:
        UsageError: the file or a document's path cannot be used.
        RunFailed: a document could not be read, so that the audit would blame rows for its absence.
    """
    settings = settings or Settings()
    with tempfile.TemporaryDirectory(prefix="doc2data-") as folder:
        project = create(Path(folder) / "audit", settings)
        with Store(project.database) as store:
            shop = Workshop(project, settings, store, engine=None)
            _read(documents, shop)
            auditor = _Auditor(shop)
            for rows in _batches(read_dataset(file)):
                yield from auditor.batch(rows)


class _Auditor:
    def __init__(self, shop: Workshop) -> None:
        self._index = shop.index
        self._context = context(shop, Corpus(shop.store))
        self._duplicates = DuplicateFilter(shop.embedder.encode, shop.settings.checks)

    def batch(self, rows: Sequence[ImportedRow]) -> Iterator[Audited]:
        """Check some rows together."""
        samples = self._grounded(rows)
        found = iter(zip(samples, check_batch(samples, self._context), strict=True))
        for row in rows:
            if row.judged is None:
                yield Audited(row.number, (Verdict(READABLE, passed=False, score=0.0, reason=row.problem),))
            else:
                sample, verdicts = next(found)
                yield Audited(row.number, (*verdicts, self._duplicate(sample, row.number)))

    def _duplicate(self, sample: Sample, number: int) -> Verdict:
        sample = replace(sample, id=f"row {number}")
        twin = self._duplicates.seen(sample)
        if twin is not None:
            return Verdict(DUPLICATE, passed=False, score=0.0, reason=f"Asks what {twin} asks.")
        self._duplicates.add(sample)
        return Verdict(DUPLICATE, passed=True, score=1.0, reason="No earlier row asks this.")

    def _grounded(self, rows: Sequence[ImportedRow]) -> list[Sample]:
        """The rows' samples; our own keep the evidence that they name, be it none."""
        found = [(row.shape, row.judged.sample) for row in rows if row.judged is not None]
        bare = [sample for shape, sample in found if shape != CANONICAL and not sample.evidence]
        hits = self._index.search_many([f"{sample.question} {sample.answer}" for sample in bare], FOUND)
        given = {id(sample): _evidence(passages) for sample, passages in zip(bare, hits, strict=True)}
        return [replace(sample, evidence=given[id(sample)]) if id(sample) in given else sample for _, sample in found]


def _evidence(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    passages = [hit.passage for hit in hits]
    return tuple(Evidence(p.document, p.document, p.page, p.section, p.start, p.end, p.text) for p in passages)


def _read(documents: Sequence[Path], shop: Workshop) -> None:
    for event in read(find_sources(documents), shop):
        if isinstance(event, DocumentSeen) and event.state == "failed":
            raise RunFailed(f"{event.name}: {event.reason}", event.hint)
    for _ in index(shop):
        pass


def _batches(rows: Iterator[ImportedRow]) -> Iterator[list[ImportedRow]]:
    batch: list[ImportedRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
