"""The documents of a project: what is known of each, reading them without making samples, taking them away."""

from __future__ import annotations

import difflib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path

from doc2data.errors import UsageError
from doc2data.events import Event
from doc2data.project import Project
from doc2data.settings import Settings
from doc2data.stages.anchoring import anchor
from doc2data.stages.reading import Source, read, take_away
from doc2data.stages.workshop import Workshop
from doc2data.store import DocumentRow, Store


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the project."""

    name: str
    path: str
    row: DocumentRow | None
    """None where no run has read it yet."""
    chunks: int = 0
    covered: int = 0
    """Chunks that an accepted sample was made from."""
    samples: int = 0
    """Accepted samples made from it."""
    licence: str = ""
    """As somebody has stated it."""

    @property
    def state(self) -> str:
        """waiting, read or failed."""
        return "waiting" if self.row is None else self.row.state

    @property
    def note(self) -> str:
        """Why it failed, or the first of its warnings with the number of others."""
        if self.row is None:
            return ""
        if self.row.reason or not self.row.warnings:
            return self.row.reason
        more = len(self.row.warnings) - 1
        return self.row.warnings[0] + (f" (and {more} more)" if more else "")


def entries(store: Store) -> list[Entry]:
    """Every file of the project by name."""
    rows = {row.name: row for row in store.documents.rows()}
    coverage, licences = store.documents.coverage(), store.documents.licences()
    found = []
    for name, path in store.documents.sources().items():
        row = rows.get(name)
        chunks, covered, samples = coverage.get(row.id, (0, 0, 0)) if row else (0, 0, 0)
        found.append(Entry(name, path, row, chunks, covered, samples, licences.get(name, "")))
    return found


ASKED = "licences.asked"
"""Key under which the store keeps that a person was asked."""


def to_be_licensed(store: Store) -> list[str]:
    """Files whose licence nobody has stated, where nobody was asked for it yet."""
    if store.meta(ASKED) is not None:
        return []
    stated = store.documents.licences()
    return [name for name in store.documents.sources() if name not in stated]


def license(store: Store, names: Sequence[str], licence: str) -> None:
    """State the licence of files, and that a person was asked."""
    with store.transaction():
        store.documents.put_licences(dict.fromkeys(names, licence.strip()))
        store.set_meta(ASKED, "yes")


def remove(project: Project, names: Sequence[str]) -> None:
    """Take files off the project's list, with all that was cut from them; samples that stand on them are retired.

    Raises:
        UsageError: there is no such file; nothing was removed.
        ProjectBusy: another process holds the project.
    """
    with project.hold(), Store(project.database) as store:
        unknown = [name for name in names if name not in store.documents.sources()]
        if unknown:
            near = difflib.get_close_matches(unknown[0], store.documents.sources(), n=1, cutoff=0.3)
            hint = f"Did you mean {near[0]!r}?" if near else "`doc2data status` lists the documents."
            raise UsageError(f"The project has no document {unknown[0]!r}.", hint)
        with store.transaction():
            for name in names:
                store.documents.remove(name)
        anchor(store)


async def reading(project: Project, settings: Settings) -> AsyncGenerator[Event]:
    """Read every file that is new or changed, and make nothing yet.

    Raises:
        UsageError: the project has no documents.
        ProjectBusy: another process holds the project.
    """
    with project.hold(), Store(project.database) as store:
        sources = [Source(name, Path(path)) for name, path in store.documents.sources().items()]
        if not sources:
            raise UsageError("The project has no documents.", "Add some: a file or a folder.")
        take_away(store)
        for event in read(sources, Workshop(project, settings, store, engine=None)):
            yield event
        anchor(store)
