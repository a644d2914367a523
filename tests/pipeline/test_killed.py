"""kill -9: whatever the moment, the next run ends as one that was left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doc2data import project
from models import ScriptedEngine
from tests.pipeline.corpus import ENGLISH, events_of, exported, prepared, use_engine, write
from tests.pipeline.test_models import writer

KILLED_AT_EVENT = """
import asyncio, os, signal, sys
from contextlib import aclosing
from pathlib import Path
import models
from tests.index.doubles import HashEmbedder
from tests.pipeline.test_models import writer
from doc2data import pipeline
from doc2data.project import Project
from doc2data import project
from models import ScriptedEngine

models.open_embedder = lambda spec: HashEmbedder()
models.open_engine = lambda spec, options: ScriptedEngine(writer)

async def main(folder, fatal):
    seen = 0
    project = Project(Path(folder))
    async with aclosing(pipeline.build(project, project.settings())) as events:
        async for event in events:
            seen += 1
            if seen == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":  # the readers' processes import this module again
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def kill_at(folder: Path, fatal: int) -> None:
    """Run the project in another process and kill it after its n-th event."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVENT, str(folder), str(fatal)],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert process.returncode in (-signal.SIGKILL, 0), process.stderr.decode()


@pytest.mark.parametrize("spec", [pytest.param("rules", marks=pytest.mark.heavy), "scripted"])
def test_killed_at_five_moments_and_resumed_the_run_ends_as_one_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str
) -> None:
    use_engine(monkeypatch, ScriptedEngine(writer))
    folder = write(tmp_path / "docs", ENGLISH)
    whole = prepared([folder], tmp_path / "whole", model__spec=spec)
    events = asyncio.run(events_of(whole))
    killed = prepared([folder], tmp_path / "killed", model__spec=spec)
    for fatal in (2, 6, len(events) // 3, len(events) // 2, len(events) - 2):
        kill_at(killed.folder, fatal)
    asyncio.run(events_of(killed))
    for name in ("samples.jsonl", "rejected.jsonl"):
        assert exported(killed)[name] == exported(whole)[name]


INTERRUPTED_AT_EVENT = """
import os, signal, sys
import models
from tests.index.doubles import HashEmbedder
from doc2data.cli import run
from doc2data.cli.screenplay import Screenplay

models.open_embedder = lambda spec: HashEmbedder()
seen = 0

def show(self, event):
    global seen
    seen += 1
    if seen == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGINT)

if __name__ == "__main__":
    # A shell that starts this in the background makes it deaf to the signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Screenplay.show = show
    sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("moment", [5, 30])
def test_ctrl_c_ends_with_its_own_code_says_so_and_keeps_what_was_finished(tmp_path: Path, moment: int) -> None:
    folder = write(tmp_path / "docs", ENGLISH)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = ["build", str(folder), "--out", str(tmp_path / "out"), "-q"]
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT_EVENT, str(moment), *command],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert process.returncode == 130, process.stderr
    assert "goes on from there" in process.stderr
    assert "Traceback" not in process.stderr
    whole = prepared([folder], tmp_path / "whole")
    resumed = project.Project(tmp_path / "out")
    for target in (whole, resumed):
        asyncio.run(events_of(target))
    assert exported(resumed)["samples.jsonl"] == exported(whole)["samples.jsonl"]
