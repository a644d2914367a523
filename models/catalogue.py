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
from models.parts import first, parts, stem

_TEMPLATES = {
    "<|im_start|>": "ChatML",
    "<|start_header_id|>": "Llama 3",
    "<|channel|>": "Harmony",
    "<start_of_turn>": "Gemma",
    "<|turn>": "Gemma 4",
    "<\uff5cUser\uff5c>": "DeepSeek",
    "<|START_OF_TURN_TOKEN|>": "Command R",
    "[INST]": "Mistral",
    "<|user|>": "Zephyr",
    "### Instruction": "Alpaca",
}
"""Marks of the usual templates, the more telling first."""


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
    template: str
    """Which form of chat its template writes, such as `ChatML`; empty where it has none."""
    embeds: bool
    """Whether it is an embedding model."""
    fits: bool
    """Whether it fits in this machine's memory."""
    ranks: bool = False
    """Whether it is a reranker, which scores pairs of texts."""
    files: tuple[Path, ...] = ()
    """The file, or all parts of it."""
    problem: str = ""
    """Why it cannot be used, where it is broken; then nothing else is known of it."""

    @property
    def has_template(self) -> bool:
        """Whether it follows instructions."""
        return bool(self.template)

    @property
    def purpose(self) -> str:
        """What it is for, in a few words."""
        if self.problem:
            return "broken"
        if self.ranks:
            return "reranker"
        if self.embeds:
            return "embedding model"
        return f"chat template: {self.template}" if self.template else "no chat template: cannot be used to write"

    @property
    def writes(self) -> bool:
        """Whether it is whole, fits, and follows instructions."""
        return self.fits and self.has_template and not self.embeds and not self.ranks and not self.problem


def catalogue() -> list[Entry]:
    """Every GGUF model in the known stores, by name; broken ones say so."""
    entries: dict[Path, Entry] = {}
    for store, name, path in _candidates():
        with contextlib.suppress(OSError):
            place = path.resolve()
            if place not in entries:
                entries[place] = _looked_at(store, name, path)
    return sorted(entries.values(), key=lambda entry: entry.name)


def named(name: str) -> Entry | None:
    """The model of that name; the end of a path or a name without its suffix will do."""
    entries = catalogue()
    exact = [entry for entry in entries if name in (entry.name, entry.path.name)]
    loose = [entry for entry in entries if entry.name.lower().startswith(name.lower())]
    loose.sort(key=lambda entry: bool(entry.problem))
    return next(iter(exact or loose), None)


def titled(title: str) -> Entry | None:
    """The model whose file calls itself so, as `ModelInfo.name` does."""
    return next((entry for entry in catalogue() if title in (entry.title, entry.name)), None)


def own_folder() -> Path:
    """Where `doc2data models add` and `pull` put files."""
    from platformdirs import user_data_path

    return user_data_path("doc2data") / "models"


def _looked_at(store: str, name: str, path: Path) -> Entry:
    try:
        return _entry(store, name, read_header(path))
    except ModelError as error:
        size = sum(part.stat().st_size for part in parts(path) if part.is_file())
        return Entry(name, name, path, size, store, "", 0, "", "", "", False, False, False, (path,), error.message)


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
        template=_template(header.template),
        embeds=header.embeds,
        fits=room == 0 or header.size * 1.1 < room,
        ranks=header.ranks,
        files=header.files,
    )


def _template(source: str) -> str:
    """The form of chat that a template writes, by its marks."""
    if not source:
        return ""
    return next((name for mark, name in _TEMPLATES.items() if mark in source), "its own form")


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
    """GGUF models below a folder; one in several parts is named by the first that is there."""
    with contextlib.suppress(OSError):
        seen: set[Path] = set()
        for path in sorted(folder.rglob("*.gguf")):
            if path.is_file() and first(path) not in seen:
                seen.add(first(path))
                yield store, stem(path), path


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
