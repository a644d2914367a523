"""How torch's threads behave on a machine that has other work to do."""

from __future__ import annotations

import os


def let_threads_sleep() -> None:
    """Let threads sleep while they wait for each other; call before torch is first imported.

    Threads that spin make short texts many times slower on a machine whose cores are busy.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
