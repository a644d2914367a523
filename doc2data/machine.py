"""What this machine can do: what `doctor` prints and the home screen shows.

Everything is found by looking, never by loading a model or asking the network, so all of them together take well
under a second.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

GIGABYTE = 1024**3
LOW_MEMORY = 4 * GIGABYTE
"""Below this even a small model and its context leave too little for the rest."""
LOW_DISK = 2 * GIGABYTE


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that works here, or does not."""

    what: str
    works: bool
    detail: str
    hint: str = ""
    """What to do about it; empty where nothing needs doing."""
    needed: bool = False
    """Whether nothing can be made without it."""


@dataclass(frozen=True, slots=True)
class Load:
    """How hard the machine works now."""

    memory_used: int
    """Bytes."""
    memory_total: int
    battery: int | None
    """Percent left; None where there is no battery or it is being charged."""


def findings(folder: Path | None = None) -> list[Finding]:
    """Everything that matters to a project in `folder` (default: here), most important first."""
    looks: tuple[Callable[[], Finding], ...] = (
        writer,
        llama,
        embedder,
        ocr,
        pdf_layout,
        processor,
        memory,
        lambda: disk(folder or Path.cwd()),
    )
    return [look() for look in looks]


def writer() -> Finding:
    """The models that can write: GGUF files known on this machine."""
    from models.catalogue import catalogue

    entries = [entry for entry in catalogue() if not entry.embeds and not entry.ranks]
    fitting = [entry for entry in entries if entry.writes]
    if fitting:
        names = ", ".join(entry.name for entry in fitting[:3])
        more = f" and {len(fitting) - 3} more" if len(fitting) > 3 else ""
        return Finding("Model", True, f"{names}{more}")
    if entries:
        return Finding(
            "Model",
            False,
            f"{len(entries)} found, none that fits in memory and follows instructions",
            "Add a smaller instruct model with `doc2data models add PATH`.",
        )
    return Finding(
        "Model",
        False,
        "none found: samples are built by rule",
        "Add a GGUF with `doc2data models add PATH` for richer samples.",
    )


def llama() -> Finding:
    """The library that runs GGUF files."""
    if find_spec("llama_cpp") is not None:
        return Finding("llama.cpp", True, "installed")
    return Finding("llama.cpp", False, "not installed: GGUF files cannot run", "Run `pip install llama-cpp-python`.")


def embedder() -> Finding:
    """The default embedding model, which retrieval and checks need."""
    from models.embedding.folder import installed
    from models.errors import ModelError

    try:
        installed()
    except ModelError as error:
        return Finding("Embedder", False, error.message, error.hint, needed=True)
    return Finding("Embedder", True, "all-MiniLM-L6-v2, installed")


def ocr() -> Finding:
    """Who can read pages that are only images."""
    found = ["Tesseract"] if shutil.which("tesseract") else []
    found += ["RapidOCR"] if find_spec("rapidocr") is not None else []
    if found:
        return Finding("OCR", True, " and ".join(found))
    return Finding("OCR", False, "none: scanned pages stay unread", "Install Tesseract, or `pip install rapidocr`.")


def pdf_layout() -> Finding:
    """The model that finds regions on PDF pages."""
    try:
        # By its package: looking for the module would import all of PyMuPDF.
        found = version("pymupdf-layout")
    except PackageNotFoundError:
        return Finding("PDF layout", False, "simple layout only", "Run `pip install pymupdf-layout`.")
    return Finding("PDF layout", True, f"layout model {found}")


def processor() -> Finding:
    """Cores and the machine's kind."""
    cores = os.cpu_count() or 1
    detail = f"{cores} {'core' if cores == 1 else 'cores'}, {platform.machine()}, Python {platform.python_version()}"
    return Finding("Processor", True, detail)


def memory() -> Finding:
    """Memory, and whether a model has room in it."""
    from models.memory import available

    room = available()
    detail = f"{room / GIGABYTE:.1f} GB free of {load().memory_total / GIGABYTE:.1f} GB"
    if 0 < room < LOW_MEMORY:
        return Finding("Memory", False, detail, "Close other programs, or use a small model.")
    return Finding("Memory", True, detail)


def disk(folder: Path) -> Finding:
    """Space where the project lies, or will lie."""
    place = next((p for p in (folder, *folder.parents) if p.is_dir()), Path.home())
    free = shutil.disk_usage(place).free
    detail = f"{free / GIGABYTE:.1f} GB free"
    if free < LOW_DISK:
        return Finding("Disk", False, detail, "Free some space before a long run.")
    if not os.access(place, os.W_OK):
        return Finding("Disk", False, f"{str(place)!r} is read-only", "Make the project in a folder of your own.")
    return Finding("Disk", True, detail)


def load() -> Load:
    """Memory in use and what is left of the battery."""
    import psutil

    used = psutil.virtual_memory()
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    left = None if battery is None or battery.power_plugged else round(battery.percent)
    return Load(used.total - used.available, used.total, left)
