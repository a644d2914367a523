"""The engine's process, seen from the app: started apart from the terminal, spoken to over pipes, never waited for."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from models.llama.wire import Event, Order, receive, send

_LOG_TAIL = 4000


class Child:
    """One worker process and the thread that listens to it.

    The process has its own session, so that Ctrl-C reaches only the app, and its own standard streams: llama.cpp
    writes to file descriptors 1 and 2, which belong to the terminal interface here.
    """

    def __init__(self, on_event: Callable[[Event], None], on_exit: Callable[[int], None]) -> None:
        """Start the process.

        Args:
            on_event: called with each record, in the listening thread.
            on_exit: called once with the exit status, in the listening thread.
        """
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "models.llama.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(),
            start_new_session=True,
        )
        self._orders = cast("BinaryIO", self._process.stdin)
        self._events = cast("BinaryIO", self._process.stdout)
        self._sending = threading.Lock()
        self._listener = threading.Thread(target=self._listen, args=(on_event, on_exit), daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def tell(self, order: Order) -> None:
        """Send an order; to a process that has died it is lost, as its exit will say."""
        with self._sending, contextlib.suppress(OSError, ValueError):
            send(self._orders, order)

    def last_words(self) -> str:
        """The end of what the process wrote to its log."""
        with contextlib.suppress(OSError, ValueError):
            size = os.fstat(self._log.fileno()).st_size
            return os.pread(self._log.fileno(), _LOG_TAIL, max(0, size - _LOG_TAIL)).decode("utf-8", "replace")
        return ""

    def close(self, patience: float = 5.0) -> None:
        """End the process, kindly at first, and free everything."""
        with self._sending, contextlib.suppress(OSError):
            self._orders.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if threading.current_thread() is not self._listener:
            self._listener.join()
        self._events.close()
        self._log.close()

    def _listen(self, on_event: Callable[[Event], None], on_exit: Callable[[int], None]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (record := receive(self._events)) is not None:
                on_event(cast("Event", record))
        on_exit(self._process.wait())


def _environment() -> dict[str, str]:
    """The app's environment, with the packages that the app itself sees and threads that sleep while they wait.

    OpenMP threads that spin steal the core that the app and the threads themselves need on a busy machine.
    """
    here = str(Path(__file__).resolve().parents[2])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)]),
        "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive"),
    }
