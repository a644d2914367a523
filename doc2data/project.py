"""The project: a folder with settings, database, index and exports, held by one process at a time."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from doc2data import settings as settings_file
from doc2data.errors import ProjectBusy, ProjectError, StorageError
from doc2data.settings import FILE_NAME, Settings

_OWN = frozenset({"export", "index", "logs", "prompts", "report.html", "run.json", "attestation.json", "privacy.json"})
"""What doc2data keeps in a project's folder beside its settings and its database."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where a project keeps its things."""

    folder: Path

    @property
    def settings_path(self) -> Path:
        """doc2data.toml."""
        return self.folder / FILE_NAME

    @property
    def database(self) -> Path:
        """project.db."""
        return self.folder / "project.db"

    @property
    def index(self) -> Path:
        """The Chroma collection's folder."""
        return self.folder / "index"

    @property
    def export(self) -> Path:
        """The folder of exports."""
        return self.folder / "export"

    @property
    def report(self) -> Path:
        """report.html."""
        return self.folder / "report.html"

    @property
    def manifest(self) -> Path:
        """run.json."""
        return self.folder / "run.json"

    def keeps(self, path: Path) -> bool:
        """Whether a path in the project's folder is one of doc2data's own, and no document of a person's."""
        return path.relative_to(self.folder).parts[0] in _OWN

    def settings(self) -> Settings:
        """The settings file's values.

        Raises:
            SettingsError: the file cannot be used.
        """
        return settings_file.load(self.settings_path)

    def last_run(self) -> dict[str, Any]:
        """What run.json says of the last run that ended; empty where there is none that can be read."""
        try:
            found = json.loads(self.manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_settings(self, settings: Settings) -> None:
        """Replace the settings file.

        Raises:
            StorageError: it cannot be written.
        """
        write_atomically(self.settings_path, settings_file.render(settings))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other processes from working on the project meanwhile.

        Raises:
            ProjectBusy: another process holds it; the message says which.
        """
        lock = FileLock(self.folder / ".lock")
        holder = self.folder / ".lock.json"
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise ProjectBusy(f"{str(self.folder)!r} is in use by {_holder(holder)}.") from error
        try:
            write_atomically(holder, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
            yield
        finally:
            with suppress(OSError):  # a folder that can no longer be written; the lock itself is what counts
                holder.unlink(missing_ok=True)
            lock.release()


def create(folder: Path, settings: Settings) -> Project:
    """Make a project in a folder that is empty or not there yet.

    Raises:
        ProjectError: the path is a file, holds something else, or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{str(folder)!r} is a file.", "Name a folder for the project.")
    if (folder / FILE_NAME).exists():
        raise ProjectError(
            f"{str(folder)!r} is a project already.", "Use it with `doc2data run`, or name another folder."
        )
    if folder.exists() and any(folder.iterdir()):
        raise ProjectError(f"{str(folder)!r} holds other files.", "Name an empty or new folder for the project.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        project = Project(folder)
        project.write_settings(settings)
    except (OSError, StorageError) as error:
        reason = error.message if isinstance(error, StorageError) else str(error)
        raise ProjectError(
            f"Cannot make a project in {str(folder)!r}: {reason}", "Name a folder you can write to."
        ) from error
    return project


def prepare(folder: Path, given: Mapping[str, Any]) -> tuple[Project, Settings]:
    """The project in `folder`, made now if there is none, and its settings with those that were given.

    Given settings are written to a new project's file; in an old one they hold for this run only.

    Raises:
        ProjectError: the folder cannot be a project.
        SettingsError: its settings file or a given value cannot be used.
    """
    if (folder / FILE_NAME).is_file():
        project = Project(folder)
        return project, settings_file.override(project.settings(), given)
    settings = settings_file.override(Settings(), given)
    return create(folder, settings), settings


def find(folder: Path) -> Project:
    """The project in a folder, or in the nearest folder above it.

    Raises:
        ProjectError: there is none.
    """
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / FILE_NAME).is_file():
            return Project(place)
    raise ProjectError(f"There is no project in {str(folder)!r}.")


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is either the old one or the whole new one.

    Raises:
        StorageError: it cannot be written.
    """
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"Cannot write {str(path)!r}: {error.strerror}.") from error


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"process {held['pid']} on {held['host']}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "another process"
