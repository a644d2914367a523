"""What a model gets of this machine: context, memory, sequences, threads."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import ModelUnusable
from models.gguf_header import Header
from models.memory import available, cores
from models.options import EngineOptions, Flash, Keys

_CONTEXT = 8192
_LEAST_CELLS = 1024
_SEQUENCES = 16
_HOLDERS = 4
_BATCH = 512
# Compute buffers and the app itself, beside weights and key-value memory.
_OVERHEAD = 300 << 20
_SMALLER = 0.77
"""A token's share of memory with keys of 8 bits and values of 16."""
_UNKNOWN = 1 << 40


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is run."""

    context: int
    """Tokens that one request may have, prompt and reply together."""
    cells: int
    """Tokens in memory at once, of all sequences."""
    sequences: int
    """Requests side by side."""
    holders: int
    """Shared prefixes kept while nobody uses them."""
    batch: int
    """Rows of one step."""
    outputs: int
    """Rows of one step whose logits are read."""
    threads: int
    gpu_layers: int
    keys: Keys = "auto"
    """How keys are stored; `auto` is for the process that knows the processor."""
    flash: Flash = "auto"

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen, a line each."""
        return (
            f"context of {self.context:,} tokens, {self.cells:,} in memory",
            f"{self.sequences} requests side by side on {self.threads} thread{'s' if self.threads > 1 else ''}",
        )


def planned(header: Header, options: EngineOptions) -> Plan:
    """Choose for a model and this machine; what the user chose stands.

    Raises:
        ModelUnusable: the model does not fit the memory.
    """
    wanted = options.cells or options.context or min(header.context or _CONTEXT, _CONTEXT)
    keys = options.keys
    if keys == "auto" and _room_for(header, header.cell_bytes) < wanted:
        keys = "q8_0"
    cells = min(wanted, _affordable(header, options.context, keys))
    sequences = options.sequences or _SEQUENCES
    return Plan(
        context=min(options.context or cells, cells),
        cells=cells,
        sequences=sequences,
        holders=_HOLDERS,
        batch=min(_BATCH, cells),
        outputs=max(64, sequences + _HOLDERS),
        threads=options.threads or max(1, cores() - 1),
        gpu_layers=options.gpu_layers,
        keys=keys,
        flash=options.flash,
    )


def _affordable(header: Header, wanted: int, keys: Keys) -> int:
    """Tokens that the key-value memory can hold beside the weights."""
    size = int(header.cell_bytes * (_SMALLER if keys == "q8_0" else 1))
    cells = _room_for(header, size)
    least = wanted or min(_LEAST_CELLS, header.context or _LEAST_CELLS)
    if cells < least:
        needed = header.size + _OVERHEAD + least * size
        raise ModelUnusable(
            f"{header.name!r} needs {needed / 1e9:.1f} GB of memory and {available() / 1e9:.1f} GB are free.",
            "Choose a smaller model or quantisation (Q4_K_M), lower `model.context`, or close other programs.",
        )
    return cells


def _room_for(header: Header, cell_bytes: int) -> int:
    """Tokens that fit into the free memory beside the weights; very many where it is unknown."""
    room = available()
    return int(room - header.size - _OVERHEAD) // cell_bytes if room and cell_bytes else _UNKNOWN
