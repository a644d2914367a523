"""What this machine can give a model: memory and cores."""

from __future__ import annotations

import os


def available() -> int:
    """Bytes of memory that may be used without swapping."""
    import psutil

    return int(psutil.virtual_memory().available)


def cores() -> int:
    """Cores that this process may use; two threads of one core count once, for they share what computes."""
    import psutil

    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))
