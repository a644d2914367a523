"""A stand-in of the Hugging Face hub on this machine: one repository, `lab/small`, that a test fills."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """One repository with the files that a test puts there."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.lies: set[str] = set()
        """Files whose hash is told wrong."""
        self.cut_after: int | None = None
        """Bytes after which nothing comes any more."""
        self.cut, self.killed = threading.Event(), threading.Event()
        self.ranges: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def sha256(self, name: str) -> str:
        return hashlib.sha256(b"lie" if name in self.lies else self.files[name]).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.path.partition("?")[0]
        name = path.rpartition("/")[2]
        if path.startswith("/api/models/lab/small"):
            self._list()
        elif path.startswith("/lab/small/resolve/") and name in self.server.files:
            self._file(name, body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _list(self) -> None:
        siblings = [
            {"rfilename": name, "size": len(data), "blobId": "b", "lfs": self._lfs(name, data)}
            for name, data in self.server.files.items()
        ]
        answer = json.dumps({"id": "lab/small", "sha": REVISION, "siblings": siblings}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _lfs(self, name: str, data: bytes) -> dict[str, object]:
        return {"sha256": self.server.sha256(name), "size": len(data), "pointerSize": 130}

    def _file(self, name: str, body: bool) -> None:
        data, asked = self.server.files[name], self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        if body and asked:
            self.server.ranges.append(asked)
        self.send_response(206 if start else 200)
        self.send_header("ETag", f'"{self.server.sha256(name)}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if body:
            cut = self.server.cut_after
            self.wfile.write(data[start:cut])
            if cut is not None:
                self.wfile.flush()
                self.server.cut.set()
                self.server.killed.wait(60)


@contextmanager
def served() -> Iterator[Hub]:
    """A running hub."""
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
