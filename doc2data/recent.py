"""Projects that were opened here lately, and where their person was: what the home screen shows and goes back to.

Kept in one small file under the user's state folder. Losing it loses comfort only, so a file that cannot be read
counts as empty and one that cannot be written is left alone.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from doc2data.errors import Doc2dataError, StorageError
from doc2data.project import Project, write_atomically
from doc2data.settings import FILE_NAME
from doc2data.store import Store

MOST = 20
"""Projects that are remembered."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One project as it was left."""

    folder: str
    place: str = ""
    """The screen that was open."""
    sample: str = ""
    """Id of the sample under review."""
    queue: str = ""
    """The review queue in use."""


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is remembered between two starts."""

    visits: tuple[Visit, ...] = ()
    """Last opened first."""
    theme: str = ""

    def visit(self, folder: Path) -> Visit:
        """How the project in `folder` was left; a fresh visit where it is new."""
        name = str(folder.resolve())
        return next((visit for visit in self.visits if visit.folder == name), Visit(name))

    def noting(self, visit: Visit) -> Memory:
        """The memory with this visit as the last one."""
        others = tuple(v for v in self.visits if v.folder != visit.folder)
        return replace(self, visits=(visit, *others)[:MOST])


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list of projects says of one."""

    folder: Path
    documents: int
    kept: int
    interrupted: bool
    """Whether its last run was killed."""


def recall() -> Memory:
    """What is remembered of earlier starts; projects that are gone are left out."""
    try:
        raw = json.loads(_path().read_text(encoding="utf-8"))
        visits = tuple(Visit(**visit) for visit in raw["visits"])
        theme = str(raw["theme"])
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()
    return Memory(tuple(v for v in visits if (Path(v.folder) / FILE_NAME).is_file()), theme)


def remember(memory: Memory) -> None:
    """Keep it for the next start."""
    with contextlib.suppress(OSError, StorageError):
        _path().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_path(), json.dumps(asdict(memory), ensure_ascii=False, indent=1))


def glance(folder: Path) -> Glance:
    """What the project holds; nothing for one whose database cannot be read."""
    try:
        with Store(Project(folder).database) as store:
            documents, counts = len(store.documents.sources()), store.samples.counts()
    except Doc2dataError:
        documents, counts = 0, {}
    return Glance(folder, documents, counts.get("accepted", 0), interrupted(folder))


def interrupted(folder: Path) -> bool:
    """Whether a run was killed here: it left its name on the lock, and the lock is free."""
    if not (folder / ".lock.json").is_file():
        return False
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return False
    lock.release()
    return True


def _path() -> Path:
    from platformdirs import user_state_path

    return user_state_path("doc2data") / "recent.json"
