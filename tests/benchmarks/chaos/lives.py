"""One run in a process of its own, forked from this one, so that a life costs no start-up; and what it left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import models
from doc2data import pipeline
from doc2data.errors import Doc2dataError
from doc2data.events import Event
from doc2data.integrity import verify
from doc2data.project import Project
from models import ModelError
from tests.benchmarks.chaos.replies import CountingEngine
from tests.index.doubles import HashEmbedder

ENDED, BROKE, CRASHED = 0, 3, 4
"""Exit codes: to the end; an error that the product has words for; anything else."""
PATIENCE = 180.0
"""Seconds after which a run that is left alone hangs."""
Listener = Callable[[int, Event], object]


def preload(note: Path) -> None:
    """Import here what a run has imported, so that the next ones, forked from here, find it."""
    for name in json.loads(note.read_text(encoding="utf-8")):
        with suppress(ImportError):
            import_module(name)


def begin(target: Project, ledger: Path, listener: Listener | None = None) -> int:
    """Fork a process that runs the project; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    code = CRASHED
    try:
        code = _live(target, ledger, listener)
    except BaseException:  # noqa: BLE001 - the parent must see it, whatever it is
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _live(target: Project, ledger: Path, listener: Listener | None) -> int:
    models.open_embedder = lambda spec="default": HashEmbedder()
    original = models.open_engine
    models.open_engine = lambda spec, options=None: (
        CountingEngine(ledger) if spec == "scripted" else original(spec, options)
    )

    async def follow() -> None:
        seen = 0
        async with aclosing(pipeline.build(target, target.settings())) as events:
            async for event in events:
                seen += 1
                if listener is not None:
                    listener(seen, event)

    try:
        asyncio.run(follow())
        imported = [name for name in list(sys.modules) if name.partition(".")[0] not in ("__main__", "vl_convert")]
        ledger.with_suffix(".imported").write_text(json.dumps(imported), encoding="utf-8")
    except (Doc2dataError, ModelError) as error:
        print(f"    {type(error).__name__}: {error.message} {error.hint}", file=sys.stderr)  # noqa: T201
        return BROKE
    return ENDED


def damage(target: Project, note: Path) -> list[str]:
    """What `status --verify` finds, in a process of its own: this one must stay without threads, or forks hang."""
    pid = os.fork()
    if not pid:
        bad = ["verification crashed"]
        try:
            bad = [f"{finding.what}: {finding.detail}" for finding in verify(target) if not finding.works]
        finally:
            note.write_text(json.dumps(bad), encoding="utf-8")
            os._exit(0)
    wait(pid)
    found: list[str] = json.loads(note.read_text(encoding="utf-8"))
    return found


def wait(pid: int, seconds: float | None = None) -> int:
    """Exit code of a process, killed after so many seconds unless it ended before. Minus the signal if killed."""
    until = time.monotonic() + (PATIENCE if seconds is None else seconds)
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@dataclass(slots=True)
class Difference:
    """Samples, accepted and rejected, that are not as in the run left alone."""

    lost: int = 0
    duplicated: int = 0
    changed: int = 0
    files: list[str] = field(default_factory=list)
    """Exported files whose bytes differ."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.duplicated or self.changed or self.files)


def difference(whole: Mapping[str, bytes], found: Mapping[str, bytes]) -> Difference:
    """What distinguishes an export from the one that was left alone."""
    result = Difference(
        files=sorted(name for name in whole.keys() | found.keys() if whole.get(name) != found.get(name))
    )
    for name in ("samples.jsonl", "rejected.jsonl"):
        wanted, present = (_rows(export.get(name, b"")) for export in (whole, found))
        result.lost += len(wanted.keys() - present.keys())
        result.duplicated += sum(len(rows) - 1 for rows in present.values())
        result.changed += sum(present[id] != rows for id, rows in wanted.items() if id in present)
        result.changed += len(present.keys() - wanted.keys())
    return result


def _rows(data: bytes) -> dict[str, list[bytes]]:
    rows: dict[str, list[bytes]] = {}
    for line in data.splitlines():
        rows.setdefault(json.loads(line)["id"], []).append(line)
    return rows


def repeated(ledger: Path) -> tuple[int, int]:
    """Questions that reached the model, and how many of them had reached it before."""
    asked = ledger.read_text().split() if ledger.exists() else []
    return len(asked), len(asked) - len(set(asked))
