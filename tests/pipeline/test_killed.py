"""kill -9: whatever the moment, the next run ends as one that was left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("spec", ["rules", "scripted"])
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
