"""Auditing a dataset made anywhere against documents: the same reading, index and checks that a run uses.

Rows without evidence (every shape but our own) are given what retrieval finds for their question and answer, and
stand or fall by whether that supports them. Where the settings name a model, it is asked about what the rules passed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from doc2data.checks import ModelContext, ask_checks, check_batch, model_checks
from doc2data.curate import DuplicateFilter, EvaluationTexts, Measures, read_references
from doc2data.errors import RunFailed
from doc2data.events import DocumentSeen
from doc2data.export import ImportedRow, read_dataset
from doc2data.project import create, write_atomically
from doc2data.recipes.base import panel_of
from doc2data.recipes.corpus import Corpus
from doc2data.records import Judged, Sample, Verdict
from doc2data.settings import Settings
from doc2data.stages.checking import context
from doc2data.stages.grounding import ground
from doc2data.stages.indexing import index
from doc2data.stages.manifest import Record
from doc2data.stages.reading import find_sources, read
from doc2data.stages.settling import DUPLICATE, contamination
from doc2data.stages.workshop import Workshop, open_cached, open_judges
from doc2data.stages.writing import measure_all, write_report
from doc2data.store import JobRow, Store

BATCH = 64
READABLE = "readable"
CANONICAL = "canonical"
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Named = Callable[[Sample, ImportedRow], tuple[Sample, JobRow]]


@dataclass(frozen=True, slots=True)
class Audited:
    """One row with what the checks found."""

    number: int
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(verdict.passed for verdict in self.verdicts)


def _unheard(measures: Measures) -> None:
    """Nobody asked for the measures."""


def audit(
    file: Path,
    documents: Sequence[Path],
    settings: Settings | None = None,
    report: Path | None = None,
    told: Callable[[Measures], None] = _unheard,
) -> Iterator[Audited]:
    """Check every row of `file` against the documents, in order.

    Args:
        file: a dataset in any known shape.
        documents: files and folders.
        settings: of the checks; a model or judges that they name are asked too.
        report: where to write a page about the dataset; None for none.
        told: is given the measures of the dataset at the end.

    Raises:
        UsageError: a file, a document's path or a setting cannot be used.
        RunFailed: a document could not be read, so that the audit would blame rows for its absence.
        ModelError: a model cannot be opened, or gave no usable reply.
    """
    settings = settings or Settings()
    references = read_references([Path(name) for name in settings.checks.evaluation])
    with tempfile.TemporaryDirectory(prefix="doc2data-") as folder:
        project = create(Path(folder) / "audit", settings)
        with Store(project.database) as store, opened(Workshop(project, settings, store, engine=None)) as (shop, run):
            _read(documents, shop)
            texts = EvaluationTexts(references, settings.checks, shop.embed) if references else None
            auditor = Auditor(shop, texts, run, _row_of_file)
            for rows in batches(read_dataset(file)):
                yield from auditor.batch(rows)
            record = Record(f"doc2data check {file.name}")
            for _ in measure_all(shop, record):
                pass
            if report is not None:
                write_report(shop, record)
                write_atomically(report, project.report.read_text(encoding="utf-8"))
            if record.measures is not None:
                told(record.measures)


@contextmanager
def opened(shop: Workshop) -> Iterator[tuple[Workshop, Run]]:
    """The workshop with the models that its settings name, and what runs their coroutines, all in one loop."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            engine = open_cached(shop.settings.model, shop.store)
            if engine is not None:
                stack.push_async_callback(engine.close)
            judges = runner.run(open_judges(shop.settings, shop.store, engine, stack))
            yield replace(shop, engine=engine, judges=judges), runner.run
        finally:
            runner.run(stack.aclose())


def _row_of_file(sample: Sample, row: ImportedRow) -> tuple[Sample, JobRow]:
    return replace(sample, id=f"row {row.number}"), JobRow(
        f"row {row.number}", f"{row.number:012}", "audit", "", "done"
    )


class Auditor:
    """Checks rows against the documents of a workshop, and stores what it found."""

    def __init__(self, shop: Workshop, evaluation: EvaluationTexts | None, run: Run, named: Named) -> None:
        """`named` gives a row's sample the id, and the job, under which it is stored."""
        settings = shop.settings
        self._named = named
        self._store, self._index, self._run = shop.store, shop.index, run
        self._corpus = Corpus(shop.store)
        self._languages = {row.name: row.language for row in self._corpus.documents.values()}
        self._context = context(shop, self._corpus)
        self._duplicates = DuplicateFilter(shop.embedder.encode, settings.checks)
        self._evaluation = evaluation
        engines = shop.judges or ([shop.engine] if shop.engine is not None else [])
        self._asked = model_checks(settings.checks) if engines else []
        panel = panel_of(engines, shop.prompts, settings)
        self._model = ModelContext(panel, shop.search_many, settings.checks, settings.generate.seed)

    def remember(self, samples: Iterable[Sample]) -> None:
        """Let no row ask what these ask."""
        for sample in samples:
            self._duplicates.add(sample)

    def batch(self, rows: Sequence[ImportedRow]) -> Iterator[Audited]:
        """Check some rows together."""
        samples = self._grounded(rows)
        found = iter(zip(samples, self._checked(samples), strict=True))
        for row in rows:
            if row.judged is None:
                yield Audited(row.number, (Verdict(READABLE, passed=False, score=0.0, reason=row.problem),))
            else:
                sample, verdicts = next(found)
                sample, job = self._named(sample, row)
                verdicts = (*verdicts, *self._contamination(sample), self._duplicate(sample))
                with self._store.transaction():
                    self._store.samples.put_job(job, [Judged(sample, verdicts)])
                yield Audited(row.number, verdicts)

    def _checked(self, samples: Sequence[Sample]) -> list[tuple[Verdict, ...]]:
        """What the rules say, and of those that they pass what a model says."""
        verdicts = check_batch(samples, self._context)
        if not self._asked:
            return verdicts

        async def asked(sample: Sample, found: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
            if not all(verdict.passed for verdict in found):
                return found
            return (*found, *await ask_checks(sample, self._model, self._asked))

        async def together() -> list[tuple[Verdict, ...]]:
            return list(await asyncio.gather(*map(asked, samples, verdicts)))

        judged: list[tuple[Verdict, ...]] = self._run(together())
        return judged

    def _contamination(self, sample: Sample) -> Iterator[Verdict]:
        if self._evaluation is not None:
            yield contamination(self._evaluation.find([sample]).get(sample.id))

    def _duplicate(self, sample: Sample) -> Verdict:
        twin = self._duplicates.seen(sample)
        if twin is not None:
            return Verdict(DUPLICATE, passed=False, score=0.0, reason=f"Asks what {twin} asks.")
        self._duplicates.add(sample)
        return Verdict(DUPLICATE, passed=True, score=1.0, reason="No earlier row asks this.")

    def _grounded(self, rows: Sequence[ImportedRow]) -> list[Sample]:
        """The rows' samples; our own keep the evidence that they name, be it none."""
        found = [(row.shape, row.judged.sample) for row in rows if row.judged is not None]
        bare = [sample for shape, sample in found if shape != CANONICAL and not sample.evidence]
        given = dict(zip(map(id, bare), ground(bare, self._index.search_many, self._languages), strict=True))
        return [given.get(id(sample), sample) for _, sample in found]


def _read(documents: Sequence[Path], shop: Workshop) -> None:
    for event in read(find_sources(documents), shop):
        if isinstance(event, DocumentSeen) and event.state == "failed":
            raise RunFailed(f"{event.name}: {event.reason}", event.hint)
    for _ in index(shop):
        pass


def batches(rows: Iterator[ImportedRow]) -> Iterator[list[ImportedRow]]:
    """Rows in lists that are checked together."""
    batch: list[ImportedRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
