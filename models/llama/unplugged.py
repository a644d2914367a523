"""An engine's process opens no connection: it speaks through its pipes alone, whatever a model's file does to it."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

LEDGER = "DOC2DATA_REFUSED"
"""Environment variable with the path of the file that attempts are noted in, a line each."""
CONNECTING = frozenset(
    f"socket.{call}"
    for call in ("connect", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "sendto", "sendmsg")
)


def unplug() -> None:
    """Refuse, and note, every connection that Python code opens in this process; it cannot be undone."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in CONNECTING:
        return
    address = arguments[0 if event.startswith("socket.get") else 1]
    host = address[0] if isinstance(address, tuple) else address
    with contextlib.suppress(OSError, KeyError), open(os.environ[LEDGER], "a", encoding="utf-8") as ledger:  # noqa: PTH123
        ledger.write(f"{host}\n")
    raise ConnectionError(f"A connection to {host!r} was refused: the model's process has no network.")
