"""The screen survives a library that takes the standard streams."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
import threading
from pathlib import Path

import pytest

from doc2data.tui.terminal import own_terminal

llama_utils = pytest.importorskip("llama_cpp._utils")


@pytest.fixture
def terminal(tmp_path: Path) -> Path:
    """A file in the place of the terminal."""
    return tmp_path / "terminal"


def test_screen_is_drawn_while_a_model_loads_in_another_thread(terminal: Path, tmp_path: Path) -> None:
    """llama-cpp-python points descriptors 1 and 2 of the whole process at /dev/null while it loads a model."""
    loading, drawn = threading.Event(), threading.Event()

    def load_model() -> None:
        # What `Llama(verbose=False)` wraps its loading in.
        with llama_utils.suppress_stdout_stderr(disable=False):
            loading.set()
            drawn.wait(10)

    saved = os.dup(2)
    with terminal.open("w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), 2)
        try:
            with own_terminal(tmp_path / "log" / "terminal.log"):
                thread = threading.Thread(target=load_model)
                thread.start()
                assert loading.wait(10)
                os.write(2, b"noise of the library\n")
                assert sys.__stderr__ is not None
                sys.__stderr__.write("the screen\n")
                sys.__stderr__.flush()
                drawn.set()
                thread.join(10)
            os.write(2, b"afterwards\n")
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    assert terminal.read_text(encoding="utf-8") == "the screen\nafterwards\n"


def test_stray_output_goes_to_the_log(terminal: Path, tmp_path: Path) -> None:
    log = tmp_path / "log" / "terminal.log"
    with own_terminal(log):
        os.write(1, b"to stdout\n")
        os.write(2, b"to stderr\n")
    assert log.read_text(encoding="utf-8") == "to stdout\nto stderr\n"


def test_the_size_of_the_terminal_is_still_known(tmp_path: Path) -> None:
    """Textual asks standard output for it; asked of a log file, it would be 80x24 everywhere."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 132, 0, 0))
    saved = os.dup(1)
    os.dup2(terminal, 1)
    try:
        with own_terminal(tmp_path / "terminal.log"):
            assert sys.__stdout__ is not None
            assert os.get_terminal_size(sys.__stdout__.fileno()) == (132, 50)
    finally:
        for descriptor in (controller, terminal):
            os.close(descriptor)
        os.dup2(saved, 1)
        os.close(saved)
