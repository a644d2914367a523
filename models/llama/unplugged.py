"""An engine's process opens no connection: it speaks through its pipes alone, whatever a model's file does to it.

Two walls. Python's audit hook refuses every connection that Python code opens and notes the attempt where the parent
process reads it. Under it, where Linux lets us, the process leaves the machine's network for an empty one, which holds
for llama.cpp too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import Any

LEDGER = "DOC2DATA_REFUSED"
"""Environment variable with the path of the file that attempts are noted in, a line each."""
CONNECTING = frozenset(
    f"socket.{call}"
    for call in ("connect", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "sendto", "sendmsg")
)
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


def unplug() -> None:
    """Cut this process off from now on; it cannot be undone."""
    sys.addaudithook(_refuse)
    if sys.platform == "linux":
        _leave_network()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in CONNECTING:
        return
    address = arguments[0 if event.startswith("socket.get") else 1]
    host = address[0] if isinstance(address, tuple) else address
    with contextlib.suppress(OSError, KeyError), open(os.environ[LEDGER], "a", encoding="utf-8") as ledger:  # noqa: PTH123
        ledger.write(f"{host}\n")
    raise ConnectionError(f"A connection to {host!r} was refused: the model's process has no network.")


def _leave_network() -> None:
    """Move into a network namespace without interfaces; refusal by the system leaves the hook alone on guard."""
    library = ctypes.CDLL(None, use_errno=True)
    # Whoever may make one directly keeps its user; anyone else needs a user namespace around it.
    if library.unshare(_NEW_NET) != 0:
        library.unshare(_NEW_USER | _NEW_NET)
