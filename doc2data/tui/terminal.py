"""The terminal kept for the app alone.

Textual draws through the standard error stream. Libraries write there too, and llama-cpp-python even points the
descriptors 1 and 2 of the whole process elsewhere while it loads a model. So the app draws through a descriptor of
its own, and whatever else is written to 1 and 2 goes into a log file, where it disturbs nobody and can be read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TextIO, cast

STREAMS = (1, 2)


def log_path() -> Path:
    """Where stray output goes."""
    from platformdirs import user_log_path

    return user_log_path("doc2data") / "terminal.log"


@contextmanager
def own_terminal(log: Path) -> Iterator[TextIO]:
    """Let Textual draw on the terminal through the stream that is given; everything else goes to `log`."""
    _look_at_terminal()
    # The tracker of child processes inherits standard error as it is now: while Textual draws, there is none to give.
    resource_tracker.ensure_running()
    with ExitStack() as stack:
        copies = [stack.enter_context(_copied(stream)) for stream in STREAMS]
        saved = [os.dup(stream) for stream in STREAMS]
        stack.callback(_restore, (sys.__stdout__, sys.__stderr__), saved)
        with _opened(log) as stray:
            for stream in STREAMS:
                os.dup2(stray.fileno(), stream)
        # Textual's drivers draw on these names, and ask them how large the terminal is.
        _name(*copies)
        yield copies[-1]


def _copied(stream: int) -> TextIOWrapper:
    return TextIOWrapper(os.fdopen(os.dup(stream), "wb"), encoding="utf-8", errors="replace", line_buffering=True)


def _name(out: TextIOWrapper | None, err: TextIOWrapper | None) -> None:
    sys.__stdout__ = out  # type: ignore[misc]
    sys.__stderr__ = err  # type: ignore[misc]


def _look_at_terminal() -> None:
    """Let the picture widget find out what this terminal can show: once the app draws, it cannot ask any more."""
    with suppress(ImportError, OSError):
        import_module("textual_image.widget")


def _opened(log: Path) -> TextIO:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("w", encoding="utf-8")
    except OSError:
        return cast(TextIO, Path(os.devnull).open("w", encoding="utf-8"))


def _restore(named: tuple[TextIOWrapper | None, TextIOWrapper | None], saved: Sequence[int]) -> None:
    _name(*named)
    for stream, copy in zip(STREAMS, saved, strict=True):
        os.dup2(copy, stream)
        os.close(copy)
