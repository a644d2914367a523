"""Limits on what a model's own template may cost: so many steps, so much memory, so long.

Templates come with model files from anywhere. The sandbox keeps them from reaching anything; this keeps them from
working for ever. Steps are counted, so that the same template ends alike on every machine; time stands behind them,
for templates whose every step is long.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

MOST_STEPS = 300_000
"""Lines of Python that one rendering may take; that of a long chat takes some thousands."""
MOST_MEMORY = 64 << 20
"""Bytes that one rendering may add, where the system can hold it to that."""
MOST_SECONDS = 10.0
"""Processor time that one rendering may take; that of a long chat takes some hundredths."""


class EndlessWork(Exception):
    """The steps, or the time, are used up."""


@contextmanager
def bounded() -> Iterator[None]:
    """Count the steps of what runs inside in this thread, and bound the memory of the process meanwhile.

    Raises:
        EndlessWork: too many steps, or too long ones.
    """
    left, until = MOST_STEPS, time.thread_time() + MOST_SECONDS

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or time.thread_time() > until:
            raise EndlessWork
        # Loops on one line make no line events; their instructions do.
        frame.f_trace_opcodes = frame.f_code.co_filename == "<template>"
        return count

    before = sys.gettrace()
    with _memory():
        sys.settrace(count)
        try:
            yield
        finally:
            sys.settrace(before)


@contextmanager
def _memory() -> Iterator[None]:
    """Let allocations beyond the bound fail while this lasts (Linux)."""
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = _data() + MOST_MEMORY
    if soft != resource.RLIM_INFINITY:
        bound = min(bound, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data() -> int:
    """Bytes of private memory that this process has now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return 0
