"""Everything that a person can get wrong, or that can go wrong around a run.

Doc2dataError
 ├── UsageError         a command or argument that makes no sense as given      exit code 2
 ├── SettingsError      a settings file or value that cannot be used             exit code 2
 ├── ProjectError       a folder that is not, or cannot be, a project            exit code 2
 │    ├── ProjectBusy   another process is at work on it                         exit code 2
 │    └── ProjectDamaged  its database cannot be read                            exit code 1
 ├── StorageError       disk full, read-only, or gone                            exit code 1
 └── RunFailed          nothing could be made at all                             exit code 1

parsers.ParseError and models.ModelError have the same two fields, so that one place prints them all.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class Doc2dataError(Exception):
    """Something a person should know: `message` says what happened, `hint` what to do."""

    exit_code = EXIT_FAILED
    default_hint = "Run `doc2data doctor` to see what works on this machine."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint


class UsageError(Doc2dataError):
    """A command or argument that makes no sense as given."""

    exit_code = EXIT_USAGE
    default_hint = "Add --help to the command to see what it takes."


class SettingsError(Doc2dataError):
    """A settings file or value that cannot be used."""

    exit_code = EXIT_USAGE
    default_hint = "Correct doc2data.toml; `doc2data config` shows every key with its value."


class ProjectError(Doc2dataError):
    """A folder that is not, or cannot be, a project."""

    exit_code = EXIT_USAGE
    default_hint = "Make a project with `doc2data init DIR`, or change into one."


class ProjectBusy(ProjectError):
    """Another process is at work on the project."""

    default_hint = "Wait for it to end, or stop it, then try again."


class ProjectDamaged(ProjectError):
    """The project's database cannot be read."""

    exit_code = EXIT_FAILED
    default_hint = "Bring a backup back with `doc2data restore FILE --out FOLDER`, or build again into a new folder."


class StorageError(Doc2dataError):
    """The disk is full, read-only, or gone."""

    default_hint = "Free some space, then run the same command again: finished work is kept."


class RunFailed(Doc2dataError):
    """Nothing could be made at all."""
