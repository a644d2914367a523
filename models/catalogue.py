"""The GGUF models on this machine, wherever other programs have put them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from models.gguf_header import Header, read_header
from models.memory import available


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the catalogue."""

    name: str
    """What `--model` takes."""
    title: str
    """What its file calls itself."""
    path: Path
    size: int
    """Bytes."""
    store: str
    """Whose folder it lies in: doc2data, ollama, lmstudio, huggingface or llama.cpp."""
    quantisation: str
    context: int
    """Tokens that the model was trained to read."""
    architecture: str
    licence: str
    has_template: bool
    """Whether it follows instructions."""
    embeds: bool
    """Whether it is an embedding model."""
    fits: bool
    """Whether it fits in this machine's memory."""


def catalogue() -> list[Entry]:
    """Every readable GGUF model in the known stores, by name; broken files are left out."""
    entries: dict[Path, Entry] = {}
    for store, name, path in _candidates():
        with contextlib.suppress(ModelError, OSError):
            place = path.resolve()
            if place not in entries:
                entries[place] = _entry(store, name, read_header(path))
    return sorted(entries.values(), key=lambda entry: entry.name)


def named(name: str) -> Entry | None:
    """The model of that name; the end of a path or a name without its suffix will do."""
    entries = catalogue()
    exact = [entry for entry in entries if name in (entry.name, entry.path.name)]
    loose = [entry for entry in entries if entry.name.lower().startswith(name.lower())]
    return next(iter(exact or loose), None)


def titled(title: str) -> Entry | None:
    """The model whose file calls itself so, as `ModelInfo.name` does."""
    return next((entry for entry in catalogue() if title in (entry.title, entry.name)), None)


def own_folder() -> Path:
    """Where `doc2data models add` and `pull` put files."""
    from platformdirs import user_data_path

    return user_data_path("doc2data") / "models"


def _entry(store: str, name: str, header: Header) -> Entry:
    room = available()
    return Entry(
        name=name,
        title=header.name,
        path=header.path,
        size=header.size,
        store=store,
        quantisation=header.quantisation,
        context=header.context,
        architecture=header.architecture,
        licence=header.licence,
        has_template=bool(header.template),
        embeds=header.embeds,
        fits=room == 0 or header.size * 1.1 < room,
    )


def _candidates() -> Iterator[tuple[str, str, Path]]:
    """Store, name and path of every file that may be a model."""
    home = Path.home()
    cache = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    yield from _files("doc2data", own_folder())
    yield from _ollama(Path(os.environ.get("OLLAMA_MODELS", home / ".ollama" / "models")))
    yield from _files("lmstudio", home / ".lmstudio" / "models")
    yield from _files("lmstudio", cache / "lm-studio" / "models")
    hub = os.environ.get("HF_HUB_CACHE") or Path(os.environ.get("HF_HOME", cache / "huggingface")) / "hub"
    yield from _files("huggingface", Path(hub))
    yield from _files("llama.cpp", Path(os.environ.get("LLAMA_CACHE", cache / "llama.cpp")))


def _files(store: str, folder: Path) -> Iterator[tuple[str, str, Path]]:
    """GGUF files below a folder; of a model in several parts only the first is loaded by name."""
    with contextlib.suppress(OSError):
        for path in sorted(folder.rglob("*.gguf")):
            if "-of-" not in path.stem or path.stem.split("-of-")[0].endswith("00001"):
                yield store, path.stem, path


def _ollama(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Models of Ollama: manifests by name point at blobs by hash."""
    manifests = folder / "manifests"
    with contextlib.suppress(OSError):
        for manifest in sorted(path for path in manifests.rglob("*") if path.is_file()):
            blob = _model_blob(manifest, folder / "blobs")
            if blob is not None:
                yield "ollama", f"{manifest.parent.name}:{manifest.name}", blob


def _model_blob(manifest: Path, blobs: Path) -> Path | None:
    """The file with the weights that a manifest names."""
    try:
        layers = json.loads(manifest.read_text(encoding="utf-8"))["layers"]
        digest = next(layer["digest"] for layer in layers if layer["mediaType"].endswith(".model"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return None
    # The digest comes from a file: only its own shape may name a file.
    kind, _, value = str(digest).partition(":")
    path = blobs / f"{kind}-{value}"
    return path if kind == "sha256" and value.isalnum() and path.is_file() else None
