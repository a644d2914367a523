"""Hashes of model files, computed once per file: gigabytes are not read again at every start."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

_NOTES = "fingerprints.json"


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; remembered by path, size and time of change."""
    stat = path.stat()
    name = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    notes = _notes()
    if name not in notes:
        with path.open("rb") as file:
            notes[name] = hashlib.file_digest(file, "sha256").hexdigest()
        _remember(notes)
    return notes[name]


def fingerprint_of(paths: Sequence[Path]) -> str:
    """SHA-256 of a model's file, or of the hashes of its parts in order, hexadecimal."""
    digests = [fingerprint(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("doc2data")


def _notes() -> dict[str, str]:
    try:
        notes = json.loads((_folder() / _NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in notes.items()} if isinstance(notes, dict) else {}


def _remember(notes: dict[str, str]) -> None:
    # Only time is lost where the folder cannot be written.
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{_NOTES}.{os.getpid()}"
        draft.write_text(json.dumps(notes), encoding="utf-8")
        draft.replace(folder / _NOTES)
