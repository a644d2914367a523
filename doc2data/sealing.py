"""Outgoing connections refused inside the process, whatever a library may try.

Every command runs sealed; one that names a server of the user's may reach that server alone. The seal is a Python
audit hook: it sees every connection that Python code opens, in whatever library, and it cannot be taken off again. The
processes that read files and run models have seals of their own (`parsers.unplugged`, `models.llama.unplugged`), which
let nothing pass, and note what they refused in the ledger that is made here. What native code does without Python is
beyond a hook; the libraries' offline switches are set as well, and `make test` runs all of it without a network.
"""

from __future__ import annotations

import atexit
import ipaddress
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from doc2data.errors import Doc2dataError

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    # Reports the names and hashes of models to its maker, natively, where no hook sees it (onnxruntime from 1.29 on).
    "ORT_DISABLE_TELEMETRY": "1",
}
LEDGER = "DOC2DATA_REFUSED"
"""Environment variable with the path of the file in which child processes note what they refused."""
CONNECTING = frozenset(
    f"socket.{call}"
    for call in ("connect", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "sendto", "sendmsg")
)

PRIVATE = {"HF_HUB_DISABLE_TELEMETRY", "ANONYMIZED_TELEMETRY", "DO_NOT_TRACK", "ORT_DISABLE_TELEMETRY"}
"""Switches that stay on while something is downloaded."""


class Sealed(Doc2dataError, ConnectionError):
    """Something tried to open a connection that no command asked for."""

    default_hint = "Nothing was sent. Please report this, with the command that you ran."


class _Seal:
    """What is allowed, and what was refused."""

    def __init__(self) -> None:
        self.on = False
        self.lifted = False
        self.allowed: set[str] = set()
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.lifted or event not in CONNECTING:
            return
        host = _host(event, arguments)
        if host is None or _is_this_machine(host) or host in self.allowed:
            return
        self.refused.append(host)
        raise Sealed(f"A connection to {host!r} was refused: this command does not use the network.")


_seal = _Seal()


def seal() -> None:
    """Refuse outgoing connections from now on; loopback and the hosts of `allow` excepted."""
    os.environ.update(OFFLINE)
    if not _seal.on:
        _seal.on = True
        sys.addaudithook(_seal)
        _make_ledger()


def sealed() -> bool:
    """Whether this process refuses outgoing connections."""
    return _seal.on


def allowed() -> list[str]:
    """Hosts, and their addresses, that the user has named."""
    return sorted(_seal.allowed)


def allow(url: str) -> None:
    """Let this process connect to the host of a URL that the user has named."""
    host = urlsplit(url).hostname
    if host:
        _seal.allowed.add(host)
        _seal.allowed |= _addresses(host)


def allow_model(spec: str) -> None:
    """Let this process connect to the server that a model's spec names, if it names one."""
    if spec.startswith(("http://", "https://")):
        allow(spec)


def lift() -> None:
    """Let this process connect anywhere: for the one command that says that it downloads."""
    _seal.lifted = True
    for name in OFFLINE.keys() - PRIVATE:
        os.environ.pop(name, None)


def refused() -> list[str]:
    """Hosts to which a connection was refused, in order: in this process, then in its children."""
    ledger = Path(os.environ.get(LEDGER, os.devnull))
    noted = ledger.read_text(encoding="utf-8", errors="replace").splitlines() if ledger.exists() else []
    return _seal.refused + noted


def _make_ledger() -> None:
    """Make the ledger, unless the process that started this one has: then attempts are counted there."""
    if LEDGER in os.environ:
        return
    handle, path = tempfile.mkstemp(prefix="doc2data-refused-")
    os.close(handle)
    os.environ[LEDGER] = path
    atexit.register(Path(path).unlink, missing_ok=True)


def _host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The host that an audit event is about; None for sockets that stay on the machine."""
    address = arguments[0 if event.startswith("socket.get") else 1]
    if isinstance(address, tuple):
        address = address[0]
    if isinstance(address, bytes):
        address = address.decode("ascii", "replace")
    # A path is a Unix socket; an empty host means this machine.
    return address if isinstance(address, str) and address and "/" not in address else None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _addresses(host: str) -> set[str]:
    """Addresses of an allowed host: connections are made to them, not to its name."""
    import socket

    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()
