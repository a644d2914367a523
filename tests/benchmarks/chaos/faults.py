"""What may be taken from a run while it works: the disk, the index, the right to write, the server."""

from __future__ import annotations

import ctypes
import http.server
import json
import multiprocessing
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from doc2data.project import Project
from models import Message, Request
from tests.benchmarks.chaos.replies import reply

Sabotage = Callable[[Project], object]


def _cut(pattern: str) -> Sabotage:
    def cut(target: Project) -> None:
        for path in target.folder.glob(pattern):
            os.truncate(path, path.stat().st_size // 2)

    return cut


def _delete_index(target: Project) -> None:
    shutil.rmtree(target.index, ignore_errors=True)


def _read_only(pattern: str) -> Sabotage:
    """Take the right to write from files, and from a process of root the power to write all the same."""

    def lock(target: Project) -> None:
        _drop_capabilities()
        for path in target.folder.glob(pattern) if pattern else [target.folder]:
            path.chmod(0o500 if path.is_dir() else 0o400)

    return lock


def _drop_capabilities() -> None:
    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    ctypes.CDLL(None).capset(ctypes.byref(Header(0x20080522, 0)), ctypes.byref((ctypes.c_uint32 * 6)()))


FAULTS: dict[str, Sabotage] = {
    "index deleted": _delete_index,
    "index database cut": _cut("index/vectors/chroma.sqlite3"),
    "index graph cut": _cut("index/vectors/*/*"),
    "index read-only": _read_only("index/**/*"),
    "database read-only": _read_only("project.db*"),
    "folder read-only": _read_only(""),
}


def mended(target: Project) -> None:
    """Give the rights back."""
    for path in (target.folder, *target.folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Callable[[int], None] | None]:
    """A disk of its own under `folder`, and what sets its size; None where this user may mount none."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        yield None
        return
    try:
        yield lambda size: _resize(folder, size)
    finally:
        subprocess.run(["umount", "-l", folder], capture_output=True, check=False)


def _resize(folder: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", folder], capture_output=True, check=True)


class Server:
    """An OpenAI-compatible server on this machine that can be pulled away and put back."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self.port = 0

    def start(self) -> None:
        """Serve, on the same port as before, in a process of its own: nobody else holds its socket open."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), _Handler)
        self.port = server.server_address[1]
        self._process = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
        self._process.start()
        server.server_close()

    def stop(self) -> None:
        """Be gone."""
        assert self._process is not None
        self._process.kill()
        self._process.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer({"data": [{"id": "chaos"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        schema = json.dumps(asked["response_format"]["json_schema"]["schema"])
        messages = tuple(Message(m["role"], m["content"]) for m in asked["messages"])
        text = reply(Request(messages, schema))
        self._answer({"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]})

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
