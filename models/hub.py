"""Models from the Hugging Face hub: the only code of ours that downloads anything.

A download goes on where it stopped, and is kept only if its bytes have the hash that the hub gives for them.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.resources import files
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

from models.errors import ModelError, ModelNotFound, ModelUnusable
from models.parts import one_model

PIECE = 16 * 1024**2
"""Bytes hashed at a time."""

Told = Callable[[int, int], None]
"""Hears of bytes that have come and of bytes in all."""


class HubUnreachable(ModelError):
    """The hub cannot be asked from here."""

    default_hint = (
        "Is this machine online? What has come is kept: the same command goes on from there. Offline, copy a GGUF "
        "file here and add it with `doc2data models add PATH`."
    )


@dataclass(frozen=True, slots=True)
class Recommended:
    """An instruct model that is known to serve."""

    name: str
    repository: str
    file: str
    """Pattern of the file's name."""
    size: float
    """Gigabytes."""
    memory: float
    """Gigabytes that a machine should have."""
    licence: str
    about: str


@dataclass(frozen=True, slots=True)
class Remote:
    """One file on the hub, at one revision."""

    repository: str
    revision: str
    path: str
    size: int
    """Bytes."""
    sha256: str

    @property
    def name(self) -> str:
        """Its file name, without the folders of its repository."""
        return PurePosixPath(self.path).name


def recommended() -> list[Recommended]:
    """The short list, smallest first."""
    text = (files("models") / "recommended.toml").read_text(encoding="utf-8")
    return [Recommended(**entry) for entry in tomllib.loads(text)["model"]]


def find(name: str) -> tuple[Remote, ...]:
    """Ask the hub for the file that a name means, or for all parts of a model in several.

    Args:
        name: one of `recommended`, or OWNER/REPOSITORY, with :PATTERN behind it where the repository holds several.

    Raises:
        ModelNotFound: nothing of that name, or it does not say which file.
        HubUnreachable: the hub does not answer.
    """
    repository, pattern = _address(name)
    from httpx2 import HTTPError
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    try:
        info = HfApi().model_info(repository, files_metadata=True, timeout=30)
    except RepositoryNotFoundError as error:
        raise ModelNotFound(f"The hub has no public repository {repository!r}.", "Check the name.") from error
    except (HfHubHTTPError, OSError, HTTPError) as error:
        raise HubUnreachable(f"The hub cannot be asked for {repository!r}: {error}") from error
    siblings = [file for file in info.siblings or [] if file.rfilename.endswith(".gguf")]
    found = [file for file in siblings if fnmatch(PurePosixPath(file.rfilename).name.lower(), pattern.lower())]
    names = [file.rfilename for file in found]
    if len(found) != 1 and one_model(names) is None:
        raise ModelNotFound(_which(repository, pattern, names or [file.rfilename for file in siblings]))
    remotes = []
    for file in sorted(found, key=lambda file: file.rfilename):
        if file.lfs is None or not info.sha:
            raise ModelUnusable(f"The hub gives no hash for {file.rfilename!r}: what came could not be trusted.")
        remotes.append(Remote(repository, info.sha, file.rfilename, file.lfs.size, file.lfs.sha256))
    return tuple(remotes)


def fetch(remotes: Sequence[Remote], folder: Path, told: Told = lambda done, total: None) -> Path:
    """Download the files of a model into a folder, and return the path of the first; what is there is not asked for.

    Raises:
        ModelUnusable: the disk has no room for it, or its bytes are not the hub's.
        HubUnreachable: the hub or the connection broke; what has come is kept.
    """
    total, before = sum(remote.size for remote in remotes), 0

    def told_of_all(done: int, _: int) -> None:
        told(before + done, total)

    for remote in remotes:
        _fetch(remote, folder, told_of_all)
        before += remote.size
    return folder / remotes[0].name


def _fetch(remote: Remote, folder: Path, told: Told) -> None:
    target = folder / remote.name
    if target.is_file() and target.stat().st_size == remote.size and _sha256(target) == remote.sha256:
        told(remote.size, remote.size)
        return
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{remote.sha256}.part"
    came = draft.stat().st_size if draft.is_file() else 0
    _make_room(remote, remote.size - came, folder)
    _download(remote, draft, came, told)
    if _sha256(draft) != remote.sha256:
        draft.unlink()
        raise ModelUnusable(
            f"{remote.name} came with other bytes than the hub's: it was deleted.", "Pull it once more."
        )
    draft.replace(target)


def _address(name: str) -> tuple[str, str]:
    """The repository and the pattern of the file that a name means."""
    known = {entry.name: entry for entry in recommended()}
    if name in known:
        return known[name].repository, known[name].file
    repository, _, pattern = name.partition(":")
    if repository.count("/") != 1 or not all(repository.split("/")):
        raise ModelNotFound(
            f"{name!r} is neither a recommended model nor OWNER/REPOSITORY[:PATTERN].",
            f"Recommended: {', '.join(known)}.",
        )
    return repository, pattern or "*.gguf"


def _which(repository: str, pattern: str, names: list[str]) -> str:
    if not names:
        return f"{repository!r} holds no GGUF file."
    shown = ", ".join(PurePosixPath(name).name for name in names[:20])
    return f"{repository!r} has no single file for {pattern!r}. It holds: {shown}. Name one: {repository}:FILE"


def _make_room(remote: Remote, left: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if left > free:
        raise ModelUnusable(
            f"{remote.name} needs {left / 1e9:.1f} GB; {free / 1e9:.1f} GB are free at {str(folder)!r}.",
            "Make room, or choose a smaller model.",
        )


def _download(remote: Remote, draft: Path, came: int, told: Told) -> None:
    """Append what is missing; `hf_hub_download` starts anew after a stop, what it is built of does not."""
    from httpx2 import HTTPError
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    url = hf_hub_url(remote.repository, remote.path, revision=remote.revision)
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    try:
        with draft.open("ab") as file:
            http_get(url, file, resume_size=came, headers=headers, expected_size=remote.size, tqdm_class=_meter(told))
    except (HfHubHTTPError, OSError, HTTPError) as error:
        raise HubUnreachable(f"{remote.name} did not come to its end: {error}") from error


def _meter(told: Told) -> type[Any]:
    """A silent progress bar that tells `told`."""
    from tqdm import tqdm

    class Meter(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*args, **{**options, "file": StringIO(), "disable": False})

        def update(self, n: float | None = 1) -> None:
            super().update(n)
            told(int(self.n), int(self.total or 0))

    return Meter


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
