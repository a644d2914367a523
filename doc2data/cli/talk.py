"""All that the command line says to a person goes to stderr, and to a program goes to stdout, from here alone."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from typing import Any

from doc2data.errors import EXIT_FAILED, Doc2dataError, StorageError
from doc2data.plain import plain


def say(text: str) -> None:
    """One line for a person; at a terminal, without what could steer it."""
    print(plain(text) if sys.stderr.isatty() else text, file=sys.stderr, flush=True)  # noqa: T201 - the one place that talks


def put(text: str) -> None:
    """Data for a program, to the letter; for a person at a terminal, without what could steer it."""
    shown = plain(text) if sys.stdout.isatty() else text
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")


def put_json(value: Any) -> None:
    """One line of JSON for a program."""
    put(json.dumps(value, ensure_ascii=False))


class Gauge:
    """How far a download has come: a moving line at a terminal, JSON lines for a program, nothing else elsewhere."""

    STEP = 0.005
    """Share of the whole between two lines."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._at_terminal = sys.stderr.isatty()
        self._shown = -1.0
        self._first = (0, time.monotonic())

    def show(self, done: int, total: int) -> None:
        """Bytes that have come, and bytes in all."""
        share = done / total if total else 0.0
        if self._shown < 0:
            self._first = (done, time.monotonic())
        if share - self._shown < self.STEP and done < total:
            return
        self._shown = share
        if self._as_json:
            put_json({"done": done, "total": total})
            sys.stdout.flush()
        elif self._at_terminal:
            came, since = done - self._first[0], time.monotonic() - self._first[1]
            left = f", {(total - done) * since / came / 60:.0f} min left" if came and done < total else ""
            print(f"\r{done / 1e9:.2f} of {total / 1e9:.2f} GB{left}   ", end="", file=sys.stderr, flush=True)  # noqa: T201

    def end(self) -> None:
        """Leave the moving line."""
        if self._at_terminal and not self._as_json and self._shown >= 0:
            say("")


def error(message: str, hint: str) -> None:
    """What went wrong and what to do."""
    say(f"error: {message}\n  {hint}")


def explain(exception: Exception) -> int | None:
    """Say an error that we know in its own words and return the exit code; None for one that is our fault."""
    if isinstance(exception, Doc2dataError):
        error(exception.message, exception.hint)
        return exception.exit_code
    if isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        error(f"Cannot write: {exception.strerror}.", StorageError.default_hint)
        return EXIT_FAILED
    if _known(exception):
        error(exception.message, exception.hint)  # type: ignore[attr-defined]
        return EXIT_FAILED
    return None


def drop_stdout() -> None:
    """The reader of stdout has gone: let the interpreter close it in peace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _known(exception: Exception) -> bool:
    from models.errors import ModelError
    from parsers.errors import ParseError

    return isinstance(exception, ModelError | ParseError)
