"""Writing the dataset again, and seeing beforehand what a format's files will hold."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from doc2data.events import Event, Finished
from doc2data.export import DocumentText, ExportSources, write_export
from doc2data.project import Project
from doc2data.records import Judged
from doc2data.settings import Settings, override
from doc2data.stages.manifest import record_of
from doc2data.stages.shielding import guard, shielded_sources
from doc2data.stages.workshop import Workshop
from doc2data.stages.writing import export_all
from doc2data.store import Store

SHOWN = 3
"""Samples that a preview is made of."""
HEAD = 4000
"""Bytes of a file that a preview shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one format makes of the first accepted samples."""

    files: tuple[tuple[str, int], ...]
    """Name and size in bytes of each file that would be written."""
    head: bytes
    """The beginning of the largest of them."""
    notes: tuple[str, ...]
    """What the format cannot say, and other warnings."""


def preview(project: Project, store: Store, name: str, settings: Settings) -> Preview:
    """Export a few samples for real, into a folder that is gone afterwards, and show the bytes.

    Raises:
        UsageError: the format is unknown, or its library is not installed.
    """
    settings = override(settings, {"export.train": 1.0, "export.validation": 0.0})  # three samples make no splits
    few = list(islice(store.samples.judged("accepted"), SHOWN))
    shield = guard(project, store, settings.privacy).shield
    sources = ExportSources(documents=lambda: iter(_texts(store, few)), passages=store.documents.passages)
    shown = list(shield.judged(few))
    with tempfile.TemporaryDirectory(prefix="doc2data-") as folder:
        result = write_export(
            lambda: iter(shown), Path(folder), [name], settings.export, shielded_sources(sources, shield)
        )
        place = Path(folder) / name
        written = [path for path in result.paths if path.is_relative_to(place)]
        largest = max(written, key=lambda path: path.stat().st_size, default=None)
        return Preview(
            files=tuple((path.relative_to(place).as_posix(), path.stat().st_size) for path in written),
            head=b"" if largest is None else largest.read_bytes()[:HEAD],
            notes=result.warnings,
        )


async def exporting(project: Project, settings: Settings) -> AsyncGenerator[Event]:
    """Write every chosen format, the card and the report from what the project holds now.

    Raises:
        ProjectBusy: another process holds the project.
        StorageError: the folder cannot be written.
    """
    with project.hold(), Store(project.database) as store:
        shop = Workshop(project, settings, store, engine=None)
        for event in export_all(shop, record_of(project)):
            yield event
    yield Finished()


def _texts(store: Store, few: list[Judged]) -> list[DocumentText]:
    names = {evidence.document for judged in few for evidence in judged.sample.evidence}
    rows = [row for row in store.documents.rows() if row.name in names]
    return [
        DocumentText(row.name, row.title, row.language, store.documents.document(row.id).text)
        for row in rows
        if row.state == "read"
    ]
