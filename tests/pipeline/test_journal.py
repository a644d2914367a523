"""The log of a run: enough to see what happened, and no word of a document unless asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doc2data.errors import StorageError
from models import ModelUnusable, Request, ScriptedEngine
from tests.pipeline.corpus import GLOSSARY, PUMP, prepared, run, use_engine, write
from tests.pipeline.test_models import writer

WORDS = {word.lower() for word in re.findall(r"[A-Za-z]{5,}", PUMP + GLOSSARY)} - {"check"}
BROKEN = "The model choked on “The diaphragm of the P-20 is made of PTFE”."


def failing(request: Request) -> str | ModelUnusable:
    odd = re.search(r"what sentence \d*[13579]\b", request.messages[-1].content)
    return ModelUnusable(BROKEN, "Try again.") if odd else writer(request)


def log_of(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: object) -> str:
    use_engine(monkeypatch, ScriptedEngine(failing))
    docs = write(folder / "docs", {"a.md": PUMP, "b.md": GLOSSARY, "empty.md": ""})
    target = prepared([docs], folder / "out", model__spec="scripted", run__log="debug", **given)
    run(target)
    return (target.folder / "logs" / "run.log").read_text(encoding="utf-8")


def test_the_log_tells_what_happened_in_no_word_of_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path, monkeypatch)
    assert re.search(r"WARNING failed: empty\.md", log)
    assert re.search(r"WARNING job of qa failed: Try again", log)
    assert re.search(r"DEBUG   sample [0-9a-f]{16} accepted", log), log
    assert "made = " in log
    assert WORDS & set(re.findall(r"[a-z]{5,}", log.lower())) == set()


def test_asked_for_the_words_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(tmp_path, monkeypatch, run__log_text=True)
    assert BROKEN in log


def test_a_run_that_breaks_says_how_without_the_words_of_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Odd(Exception):
        pass

    def odd(request: Request) -> str:
        raise Odd("The diaphragm is made of PTFE")

    use_engine(monkeypatch, ScriptedEngine(odd))
    target = prepared([write(tmp_path / "docs", {"a.md": PUMP})], tmp_path / "out", model__spec="scripted")
    with pytest.raises(Odd):
        run(target)
    log = (target.folder / "logs" / "run.log").read_text(encoding="utf-8")
    assert "broke off with Odd at test_journal.py" in log
    assert "PTFE" not in log


def test_a_log_that_cannot_be_written_stops_the_run_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    log_file = str(tmp_path / "file" / "run.log")
    target = prepared([write(tmp_path / "docs", {"a.md": PUMP})], tmp_path / "out", run__log_file=log_file)
    with pytest.raises(StorageError) as error:
        run(target)
    assert "--log-file" in error.value.hint
