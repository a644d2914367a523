"""What the last run or export left in the folder, by hash: a file changed since can be told from one that was not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from doc2data.errors import ProjectDamaged
from doc2data.project import Project
from doc2data.store import Store

FILES, SAMPLES = "written.files", "written.samples"


def note(project: Project, store: Store, paths: Iterable[Path]) -> None:
    """Keep the hash of each of these files as it is now, and forget those that are gone.

    Raises:
        ProjectDamaged: what was kept before cannot be read.
    """
    noted = known(store) | hashes(project.folder, paths)
    kept = {name: sha256 for name, sha256 in noted.items() if (project.folder / name).is_file()}
    store.set_meta(FILES, json.dumps(kept, ensure_ascii=False))


def note_export(project: Project, store: Store) -> None:
    """Keep what was exported just now, and from which samples."""
    note(project, store, project.export.rglob("*"))
    store.set_meta(SAMPLES, store.samples.fingerprint())


def known(store: Store) -> dict[str, str]:
    """SHA-256 of each file as it was written last, by its path in the project.

    Raises:
        ProjectDamaged: the database no longer says what was written.
    """
    try:
        return dict(json.loads(store.meta(FILES) or "{}"))
    except (ValueError, TypeError, RecursionError) as error:
        raise ProjectDamaged(f"{store.path.name} is damaged: it no longer says which files were written.") from error


def changed(project: Project, store: Store) -> list[str]:
    """Files that are gone or another than they were written; empty where all are as they were.

    Raises:
        ProjectDamaged: the database no longer says what was written.
    """
    wanted = known(store)
    found = hashes(project.folder, (project.folder / name for name in wanted))
    return [
        f"{name} {'is another one than was written' if name in found else 'is gone'}"
        for name, sha256 in wanted.items()
        if found.get(name) != sha256
    ]


def out_of_step(store: Store) -> bool:
    """Whether the samples are others than those that were exported last."""
    noted = store.meta(SAMPLES)
    return bool(store.samples.counts()["accepted"]) if noted is None else noted != store.samples.fingerprint()


def hashes(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file that is there, by its path in `folder`; links are left out."""
    files = sorted(path for path in paths if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
