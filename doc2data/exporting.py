"""Writing the dataset again, and seeing beforehand what a format's files will hold."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from doc2data.events import Event, Finished
from doc2data.export import preview_export
from doc2data.project import Project
from doc2data.settings import Settings
from doc2data.stages.curating import Curated, curate
from doc2data.stages.manifest import record_of
from doc2data.stages.shielding import guard, shielded_sources
from doc2data.stages.workshop import Workshop
from doc2data.stages.writing import export_all, sources_of
from doc2data.store import Store

SHOWN = 3
"""Samples of each split that a preview is made of."""
HEAD = 4000
"""Bytes of a file that a preview shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """How the files of one format will begin."""

    rows: Mapping[str, int]
    """Samples by split that the export gives to the format."""
    files: tuple[tuple[str, int], ...]
    """Name of each file that would be written, and the size in bytes of what the first samples make of it."""
    head: bytes
    """The beginning of the largest of them."""
    notes: tuple[str, ...]
    """What was chosen, what the format cannot say, and other warnings."""

    @property
    def told(self) -> str:
        """The rows in words."""
        told = ", ".join(f"{n:,} for {split}" for split, n in self.rows.items())
        return f"{told}; shown are the first {SHOWN} of each" if told else "no samples for this format"


class Previews:
    """Previews of several formats under the same settings: what makes the dataset is chosen once."""

    def __init__(self, project: Project, store: Store, settings: Settings) -> None:
        self._shop = Workshop(project, settings, store, engine=None)
        self._shield = guard(project, store, settings.privacy).shield

    @cached_property
    def _curated(self) -> Curated:
        return curate(self._shop)

    def of(self, name: str) -> Preview:
        """The beginning of a format's files, byte for byte as the export writes it.

        They are written for real, of the first samples alone, into a folder that is gone afterwards.

        Raises:
            UsageError: the format is unknown, its library is not installed, or the settings cannot be followed.
        """
        shop, shield, curated = self._shop, self._shield, self._curated
        with tempfile.TemporaryDirectory(prefix="doc2data-") as folder:
            place = Path(folder) / name
            result = preview_export(
                lambda: shield.judged(curated.judged()),
                place,
                name,
                shop.settings.export,
                shielded_sources(sources_of(shop), shield),
                SHOWN,
            )
            largest = max(result.paths, key=lambda path: path.stat().st_size, default=None)
            return Preview(
                rows=result.formats[name].rows,
                files=tuple((path.relative_to(place).as_posix(), path.stat().st_size) for path in result.paths),
                head=b"" if largest is None else largest.read_bytes()[:HEAD],
                notes=(*curated.notes, *result.warnings),
            )


def preview(project: Project, store: Store, name: str, settings: Settings) -> Preview:
    """The beginning of one format's files; see `Previews.of`."""
    return Previews(project, store, settings).of(name)


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
