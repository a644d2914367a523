"""Spoilt settings, datasets, models, projects, documents and replies: 0 crashes of the app, 0 hangs is the aim.

    python -m tests.benchmarks.fuzz --minutes 10 [--seed 0] [--room parse] [--case 17]

Each case goes in by one door; only errors that the product has words for may come out, within the limit of time. That
is processor time, so that a busy machine makes no hang of a slow case; a case that waits for ever is stopped by the
clock, and both say which it was. A case is named by its number and can be done again alone. Exits with 1 where
anything came out that should not.

The cases run in a process of their own: where native code ends it, that is a finding too, and another goes on behind
the case that did it.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from tests.benchmarks.fuzz.doors import Room
from tests.benchmarks.fuzz.rooms import ALLOWED, Notes, doubles, rooms

SLOW = {"documents": 150, "replies": 150, "parse": 120}
"""Seconds of processor time that a case with several documents may take."""
QUICK = 20
"""The same for one input."""
PATIENCE = 12
"""How many times as long a case may take by the clock, which counts what readers do in processes of their own."""
SHARE = {"documents": 3, "replies": 2, "parse": 6, "check": 6, "adopt": 4, "search": 4, "restore": 8, "tampered": 10}
"""Turns of a door in a round of all doors; the quick ones take many cases a turn."""
MANY = 60


class Hang(Exception):
    """A case took longer than its limit, by processor time or by the clock."""


def _late(number: int, frame: FrameType | None) -> None:
    raise Hang("by the clock" if number == signal.SIGALRM else "by processor time")


def attempt(name: str, room: Room, case: int, seed: int, folder: Path) -> str:
    """One case; returns what went wrong, or nothing."""
    place = folder / f"{name}-{case}"
    chance = random.Random(f"{seed}:{name}:{case}")
    limit = SLOW.get(name, QUICK)
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.alarm(limit * PATIENCE)
    faulthandler.dump_traceback_later(2 * limit * PATIENCE, exit=True)  # a hang below Python hears no signal
    try:
        with doubles(chance):
            room(place, chance)
    except ALLOWED:
        return ""
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        lines = traceback.format_exception(error)
        return f"{name} {case}: {lines[-1].strip()}\n{''.join(lines[-5:-1])}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
        shutil.rmtree(place, ignore_errors=True)
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for so long; returns the number of findings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--room", help="only these doors, by name with commas between")
    parser.add_argument("--case", type=int, help="only this case of the door")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.case is None and chosen.inside is None:
        return _watch(chosen.minutes, chosen.seed, chosen.room)
    signal.signal(signal.SIGALRM, _late)
    signal.signal(signal.SIGPROF, _late)
    notes = Notes()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        named = chosen.room.split(",") if chosen.room else None
        doors = {name: room for name, room in rooms(Path(folder), notes).items() if named is None or name in named}
        if chosen.case is not None:
            found = [attempt(name, room, chosen.case, chosen.seed, Path(folder)) for name, room in doors.items()]
        else:
            found = _fuzz(doors, chosen.minutes * 60, chosen.seed, Path(folder), chosen.inside)
    if chosen.case is not None:
        say("\n".join(filter(None, found)) or "as it should be")
    say(f"{notes.late} readings were late by the clock and not by processor time")
    for kind, name in notes.unforeseen.items():
        say(f"unforeseen, though told: {kind} ({name})")
    return len(list(filter(None, found)))


_NOTHING: dict[str, Any] = {"begun": {}, "wrong": 0, "now": "the start"}
_END = "the end"


def _kept(state: Path) -> dict[str, Any]:
    return dict(json.loads(state.read_text(encoding="utf-8"))) if state.exists() else dict(_NOTHING)


def _watch(minutes: float, seed: int, room: str | None) -> int:
    """Fuzz in processes that may die; returns the number of findings."""
    until, kept = time.monotonic() + minutes * 60, _NOTHING
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        state = Path(folder) / "state.json"
        while (left := until - time.monotonic()) > 0:
            before = kept["now"]
            words = ["--minutes", str(left / 60), "--seed", str(seed), "--inside", str(state)]
            command = [sys.executable, "-m", "tests.benchmarks.fuzz", *words, *(["--room", room] if room else [])]
            code = subprocess.run(command, check=False).returncode
            kept = _kept(state)
            if kept["now"] == _END:
                break
            kept["wrong"] += 1
            say(f"WRONG {kept['now']}: the process ended with {code}")
            state.write_text(json.dumps(kept), encoding="utf-8")
            if kept["now"] == before:
                break  # it does not even begin
    wrong: int = kept["wrong"]
    used = sum(os.times()[:4]) / 60
    say(f"{wrong} wrong in all, in {used:.1f} minutes of processor time")
    return wrong


def _fuzz(doors: dict[str, Room], seconds: float, seed: int, folder: Path, state: Path) -> list[str]:
    """Cases in turn; `state` says at any time how many of each were begun, and which is under way."""
    kept = _kept(state)
    until, begun, wrong = time.monotonic() + seconds, Counter[str](kept["begun"]), list[str]()
    while time.monotonic() < until:
        for name, room in doors.items():
            for _ in range(SHARE.get(name, MANY)):
                if time.monotonic() >= until:
                    break
                case = begun[name]
                begun[name] += 1
                told = {"begun": begun, "wrong": kept["wrong"] + len(wrong), "now": f"{name} {case}"}
                state.write_text(json.dumps(told), encoding="utf-8")
                if finding := attempt(name, room, case, seed, folder):
                    wrong.append(finding)
                    say(f"WRONG {finding}")
    state.write_text(json.dumps({"begun": begun, "wrong": kept["wrong"] + len(wrong), "now": _END}))
    say(", ".join(f"{n} {name}" for name, n in begun.items()))
    return wrong


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(1, main()))
