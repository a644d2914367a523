"""A project in one compressed file, and back: everything but the index, which is made again from the database.

A backup can be taken while a run is at work: the database is copied through SQLite's own backup, all other files of a
project are replaced whole. Restoring trusts nothing in the file: no name leaves the folder, nothing grows beyond what
was announced, and the folder appears only when all of it is there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from doc2data.errors import ProjectError, StorageError, UsageError
from doc2data.privacy.ledger import FILE_NAME as LEDGER
from doc2data.project import Project
from doc2data.settings import FILE_NAME
from doc2data.store import Store, copy_database

DATABASE = "project.db"
LEFT_OUT = frozenset({"index", "logs", ".lock", ".lock.json", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"})
"""Names at the top of a project that a backup does without: derived, of the moment, or copied in another way."""
MOST_FILES = 100_000
MOST_EXPANSION = 200
"""How many times its own size a backup may unpack to."""
SMALL = 256 << 20
"""Bytes that any backup may unpack to."""
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a backup, so that the same project makes the same bytes."""
COPIED_AT_ONCE = 1 << 20


def backup(project: Project, target: Path) -> int:
    """Write a project into one file, and return its size in bytes.

    Raises:
        UsageError: the file would lie inside the project.
        ProjectDamaged: the database cannot be copied whole.
        StorageError: the file cannot be written.
    """
    if target.resolve().is_relative_to(project.folder.resolve()):
        raise UsageError("A backup cannot lie inside the project.", "Name a file elsewhere, best on another disk.")
    draft = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(prefix="doc2data-", dir=target.parent) as place:
            copy = Path(place) / DATABASE
            copy_database(project.database, copy)
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
                _pack(archive, copy, DATABASE)
                for path in _files(project.folder):
                    _pack(archive, path, path.relative_to(project.folder).as_posix())
        _to_disk(draft)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"Cannot write {str(target)!r}: {error.strerror or error}.") from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return target.stat().st_size


def restore(source: Path, folder: Path) -> Project:
    """Make a project's folder from a backup; it appears whole or not at all.

    Raises:
        UsageError: the file is no backup, or one that was tampered with.
        ProjectError: the folder holds something.
        ProjectDamaged: the database in it is damaged.
        StorageError: there is no room, or the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{str(folder)!r} is not empty.", "Name a new folder with --out, or move this one away.")
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".doc2data-", dir=folder.parent) as place:
            draft = Path(place) / folder.name
            draft.mkdir()
            _unpack(source, draft)
            if (draft / LEDGER).exists():
                (draft / LEDGER).chmod(0o600)
            with Store(draft / DATABASE) as store:
                store.check()
            if folder.exists():
                folder.rmdir()
            draft.replace(folder)
    except OSError as error:
        raise StorageError(f"Cannot restore into {str(folder)!r}: {error.strerror or error}.") from error
    return Project(folder)


def _files(folder: Path) -> Iterator[Path]:
    """What a backup holds beside the database, in one order; links are not followed."""
    for place, names, files in os.walk(folder):
        here = Path(place)
        top = here == folder
        names[:] = sorted(name for name in names if not (top and name in LEFT_OUT))
        for name in sorted(files):
            path = here / name
            if not (top and name in LEFT_OUT) and not name.endswith(".part") and not path.is_symlink():
                yield path


def _pack(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    info = zipfile.ZipInfo(name, FIRST_MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with path.open("rb") as stream, archive.open(info, "w", force_zip64=True) as packed:
        shutil.copyfileobj(stream, packed, COPIED_AT_ONCE)


def _unpack(source: Path, folder: Path) -> None:
    """Write the files of a backup into a folder.

    Raises:
        UsageError: it is no backup, or not one that doc2data wrote.
        StorageError: they do not fit on the disk.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check(source, members, folder)
            for member in members:
                path = folder / member.filename
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, path.open("xb") as stream:
                    shutil.copyfileobj(packed, stream, COPIED_AT_ONCE)
    except FileNotFoundError:
        raise UsageError(f"There is no file {str(source)!r}.", "Check the path.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, FileExistsError) as error:
        raise _no_backup(source, f"it is damaged ({error})") from None


def _check(source: Path, members: list[zipfile.ZipInfo], folder: Path) -> None:
    names = [member.filename for member in members]
    if FILE_NAME not in names or DATABASE not in names:
        raise _no_backup(source, f"it holds no {FILE_NAME} and {DATABASE}")
    if len(names) > MOST_FILES or len({name.casefold() for name in names}) < len(names):
        raise _no_backup(source, "it names too many files, or one of them twice")
    bad = next((name for name in names if not _inside(name)), None)
    if bad is not None:
        raise _no_backup(source, f"it names {bad!r}, which is no place inside a project")
    total = sum(member.file_size for member in members)
    if total > max(SMALL, MOST_EXPANSION * source.stat().st_size):
        raise _no_backup(source, f"it would grow to {total:,} bytes")
    free = shutil.disk_usage(folder).free
    if total > free:
        raise StorageError(f"The project takes {total:,} bytes and {free:,} are free.", "Free some space first.")


def _inside(name: str) -> bool:
    """Whether a name is a plain relative path on every system."""
    parts = PurePosixPath(name).parts
    plain = not any(c in name for c in '\\:\0*?"<>|') and name.isprintable() and not name.endswith("/")
    return bool(parts) and plain and not name.startswith("/") and ".." not in parts and parts[0] not in {"index", "."}


def _no_backup(source: Path, why: str) -> UsageError:
    return UsageError(f"{source.name!r} cannot be restored: {why}.", "Name a file that `doc2data backup` wrote.")


def _to_disk(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
