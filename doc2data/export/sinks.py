"""Where rows go: a sink lays out one format's folder and commits its files together when it closes.

A sink is a context manager that yields `add(judged, split)`. Memory does not grow with the rows that pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from doc2data.export.files import RowFiles
from doc2data.export.rows import Row
from doc2data.export.splits import Split
from doc2data.records import Hit, Judged, Passage

if TYPE_CHECKING:
    from doc2data.settings import ExportSettings

Add: TypeAlias = Callable[[Judged, Split], None]
ToRow: TypeAlias = Callable[[Judged, "ExportSettings"], Row]


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One document as the formats and the report need it."""

    name: str
    """As in `Evidence.document`."""
    title: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ExportSources:
    """What some formats use beside the samples; all of it may be missing."""

    documents: Callable[[], Iterator[DocumentText]] | None = None
    passages: Callable[[], Iterator[Passage]] | None = None
    """Every indexed passage."""
    search: Callable[[str, int], Sequence[Hit]] | None = None
    """The best passages for a query, at most that many."""
    clusters: Mapping[str, str] = field(default_factory=dict)
    """Sample id to the id of its near-duplicate cluster."""


@dataclass(slots=True)
class Destination:
    """One format's folder, and the account of what goes into it."""

    folder: Path
    settings: ExportSettings
    sources: ExportSources
    counts: Mapping[tuple[Split, str], int]
    """Samples to come by split and kind."""
    rows: Counter[Split] = field(default_factory=Counter)
    paths: list[Path] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ending(self) -> str:
        """Ending of JSON Lines files, with the compression that was asked for."""
        return ".jsonl" + {"none": "", "gzip": ".gz", "zstd": ".zst"}[self.settings.compression]


Sink: TypeAlias = Callable[[Destination], AbstractContextManager[Add]]


def rows_sink(to_row: ToRow) -> Sink:
    """A sink that writes one JSON Lines file per split."""

    @contextmanager
    def sink(destination: Destination) -> Iterator[Add]:
        with RowFiles(destination.folder, destination.ending) as files:

            def add(judged: Judged, split: Split) -> None:
                files.write(split, to_row(judged, destination.settings))
                destination.rows[split] += 1

            yield add
        destination.paths += files.paths

    return sink
