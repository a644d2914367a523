"""Spoilt settings, datasets, headers, backups, documents and replies: 0 crashes of the app, 0 hangs is the aim.

    python -m tests.benchmarks.fuzz --minutes 10 [--seed 0] [--room documents] [--case 17]

Each case goes in by one door; only errors that the product has words for may come out, within the limit of time.
Documents and replies go through whole runs, four documents at a time. A case is named by its number and can be done
again alone. Exits with 1 where anything came out that should not.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType

from tests.benchmarks.fuzz.rooms import ALLOWED, Room, rooms

LIMIT = {"documents": 150, "replies": 150}
QUICK_LIMIT = 20
"""Seconds that a case may take: four documents of at most thirty seconds each, and the run; else one input."""
SHARE = {"documents": 3, "replies": 2}
"""Turns of a door in a round of all doors; the quick ones take many cases a turn."""
QUICK_CASES = 50


class Hang(Exception):
    """A case took longer than its limit."""


def _late(number: int, frame: FrameType | None) -> None:
    raise Hang


def attempt(name: str, room: Room, case: int, seed: int, place: Path) -> str:
    """One case; returns what went wrong, or nothing."""
    chance = random.Random(f"{seed}:{name}:{case}")
    signal.alarm(LIMIT.get(name, QUICK_LIMIT))
    try:
        room(place, chance)
    except ALLOWED:
        return ""
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        lines = traceback.format_exception(error)
        return f"{name} {case}: {lines[-1].strip()}\n{''.join(lines[-4:-1])}"
    finally:
        signal.alarm(0)
        shutil.rmtree(place, ignore_errors=True)
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for so long; returns the number of findings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--room", help="only this door")
    parser.add_argument("--case", type=int, help="only this case of the door")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGALRM, _late)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        doors = {name: room for name, room in rooms(Path(folder)).items() if chosen.room in (None, name)}
        if chosen.case is not None:
            found = [
                attempt(name, room, chosen.case, chosen.seed, Path(folder) / "case") for name, room in doors.items()
            ]
        else:
            found = _fuzz(doors, chosen.minutes * 60, chosen.seed, Path(folder) / "case")
    for text in filter(None, found):
        say(text)
    return len(list(filter(None, found)))


def _fuzz(doors: dict[str, Room], seconds: float, seed: int, place: Path) -> list[str]:
    until, done, wrong = time.monotonic() + seconds, Counter[str](), []
    while time.monotonic() < until:
        for name, room in doors.items():
            for _ in range(SHARE.get(name, QUICK_CASES)):
                if time.monotonic() >= until:
                    break
                if finding := attempt(name, room, done[name], seed, place):
                    wrong.append(finding)
                    say(f"WRONG {finding.splitlines()[0]}")
                done[name] += 1
    say(", ".join(f"{n} {name}" for name, n in done.items()) + f": {len(wrong)} wrong")
    return wrong


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(1, main()))
