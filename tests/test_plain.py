"""What a file is called, or calls itself, steers no terminal and forges no line: command line, log and card."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import models
from doc2data.cli import talk
from doc2data.plain import STEERING
from parsers import parse
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import PUMP, prepared, read_here, run

NAME = "a\x1b[31m\u202e\nERROR b.md"


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


def test_neither_stream_passes_on_what_steers_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    talk.put(f"read {NAME}")
    talk.say(f"read {NAME}")
    assert out.getvalue() == err.getvalue() == "read a[31m\nERROR b.md\n"


def test_a_program_gets_every_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    talk.put(NAME)
    assert out.getvalue() == NAME + "\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no file can be called so")
def test_a_files_name_forges_no_line_of_the_log_and_colours_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch)
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / NAME).write_text(PUMP, encoding="utf-8")
    target = prepared([tmp_path / "docs"], tmp_path / "out")
    run(target)
    lines = (target.folder / "logs" / "run.log").read_text(encoding="utf-8").splitlines()
    assert any("a[31m ERROR b.md" in line for line in lines)
    assert not any(line.startswith("ERROR") for line in lines)
    card = (target.export / "README.md").read_text(encoding="utf-8")
    assert not STEERING.search("".join(lines) + card)


def test_a_title_is_freed_of_what_steers(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<html><head><title>a\x1b]0;x\x07\u202eb</title></head><body><p>Text.</p></body></html>")
    assert parse(page).title == "a]0;xb"
