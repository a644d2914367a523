"""Kills, faults and what is lost by them: 0 samples lost, 0 duplicated, 0 changed is the aim.

    python -m tests.benchmarks.chaos [--kills 200] [--minutes 60] [--seed 0] [--no-faults]

Each life of a project is killed with SIGKILL up to four times, at instants drawn over the time that a run left alone
took, then resumed to its end; every exported byte, and `status --verify`, must be as if nothing had happened. Lives
take turns over the recipes, by rule and with a scripted model. Then each fault is done once to a run at work: a full
disk, an index or database cut, deleted or made read-only, a server pulled away. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doc2data.project import Project
from doc2data.recipes import RECIPES
from tests.benchmarks.chaos import faults
from tests.benchmarks.chaos.lives import BROKE, CRASHED, ENDED, begin, damage, difference, preload, repeated, wait
from tests.pipeline.corpus import ENGLISH, exported, prepared, write

PARTS = Path(__file__).parents[3] / "samples" / "documents" / "PL-400-parts-and-fluids.md"
KILLS_OF_A_LIFE = 4
CONCURRENCY = 4
LEFT_OUT = frozenset({"self-instruct", "classify", "magpie"})
"""Recipes that follow pairs or labels of the user's own, or need a GGUF."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the runs of some lives are set to make, and what one that was left alone made of it."""

    name: str
    given: Mapping[str, Any]
    whole: Mapping[str, bytes]
    seconds: float


class Bench:
    """Lives and what went wrong in them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        parts = PARTS.read_text(encoding="utf-8")
        self.documents = write(folder / "docs", {**ENGLISH, PARTS.name: parts[: parts.index("\n## ", 2500)]})
        self.chance = random.Random(seed)
        self.kills = self.lives = self.asked = self.repeated = 0
        self.wrong: list[str] = []
        self._count = 0

    def project(self, given: Mapping[str, Any]) -> tuple[Project, Path]:
        """A fresh project, and the ledger of its model."""
        self._count += 1
        return prepared([self.documents], self.folder / f"{self._count}", **given), self.folder / f"{self._count}.asked"

    def kind(self, name: str, given: Mapping[str, Any]) -> Kind:
        """Run once and leave it alone."""
        target, ledger = self.project(given)
        start = time.monotonic()
        self.expect(name, wait(begin(target, ledger)) == ENDED, "a run left alone did not end well")
        found = Kind(name, given, exported(target), time.monotonic() - start)
        if ledger.with_suffix(".imported").exists():
            preload(ledger.with_suffix(".imported"))
        return found

    def life(self, kind: Kind, kills: int) -> None:
        """Kill a project's runs, then let one end, and compare."""
        target, ledger = self.project(kind.given)
        struck = 0
        for _ in range(kills):
            code = wait(begin(target, ledger), self.chance.uniform(0, kind.seconds))
            struck += code < 0
            self.expect(kind.name, code != CRASHED, "a run crashed")
        self.kills += struck
        self.lives += 1
        self.compare(kind, target, ledger)
        asked, again = repeated(ledger)
        self.asked, self.repeated = self.asked + asked, self.repeated + again
        self.expect(kind.name, again <= struck * CONCURRENCY, f"{again} calls repeated by {struck} kills")

    def compare(self, kind: Kind, target: Project, ledger: Path) -> None:
        """Let a run end and hold what it leaves against the one that was left alone."""
        self.expect(kind.name, wait(begin(target, ledger)) == ENDED, "the resumed run did not end well")
        found = difference(kind.whole, exported(target))
        self.expect(kind.name, not found, str(found))
        bad = damage(target, self.folder / "damage.json")
        self.expect(kind.name, not bad, "; ".join(bad))
        shutil.rmtree(target.folder)

    def fault(self, kind: Kind, name: str, sabotage: faults.Sabotage) -> str:
        """Do something to a run at work, put it right again, and compare."""
        target, ledger = self.project(kind.given)
        at = self.chance.randint(12, 40)
        code = wait(begin(target, ledger, lambda seen, _: sabotage(target) if seen == at else None))
        faults.mended(target)
        self.expect(name, code in (ENDED, BROKE), "a run crashed")
        self.compare(kind, target, ledger)
        return "went on" if code == ENDED else "ended with an error"

    def expect(self, where: str, fine: bool, what: str) -> None:
        """Count what is not as it should be."""
        if not fine:
            self.wrong.append(f"{where}: {what}")
            say(f"  WRONG {where}: {what}")


def kinds(bench: Bench, recipes: list[str]) -> list[Kind]:
    """Every recipe by rule, where it can, and with a model."""
    shared = {"generate__per_chunk": 1, "model__concurrency": CONCURRENCY, "export__formats": ("jsonl", "messages")}
    ruled = [name for name, info in RECIPES.items() if info.needs == "rules"]
    found = []
    for name in recipes:
        chosen = (name,) if RECIPES[name].round == 0 else ("qa", name)
        for spec in ("rules", "scripted") if name in ruled else ("scripted",):
            kind = bench.kind(f"{name} ({spec})", {**shared, "generate__recipes": chosen, "model__spec": spec})
            say(f"{kind.name}: {kind.seconds:.1f} s, {_counts(kind)}")
            found.append(kind)
    return found


def _counts(kind: Kind) -> str:
    kept, rejected = (kind.whole[f"{name}.jsonl"].count(b"\n") for name in ("samples", "rejected"))
    return f"{kept} kept, {rejected} rejected"


def strike(bench: Bench, chosen: list[Kind], kills: int, seconds: float) -> None:
    """So many kills, the kinds taking turns."""
    start, turn = time.monotonic(), 0
    while bench.kills < kills and turn < kills * 2 and time.monotonic() - start < seconds:
        bench.life(chosen[turn % len(chosen)], min(KILLS_OF_A_LIFE, kills - bench.kills))
        turn += 1
    say(
        f"{bench.kills} kills in {bench.lives} lives, {time.monotonic() - start:.0f} s; {bench.asked} calls of the "
        f"model, {bench.repeated} of them repeated"
    )


def rob(bench: Bench, kind: Kind) -> None:
    """Each fault once."""
    for name, sabotage in faults.FAULTS.items():
        say(f"{name}: {bench.fault(kind, name, sabotage)}, resumed")
    _full_disk(bench, kind)
    _server(bench)


def _full_disk(bench: Bench, kind: Kind) -> None:
    place = bench.folder / "disk"
    with faults.small_disk(place, 1) as resize:
        if resize is None:
            say("full disk: skipped, this user may mount no disk")
            return
        target, ledger = prepared([bench.documents], place / "out", **kind.given), bench.folder / "disk.asked"
        for size in (1, 2, 3):
            resize(size)
            code = wait(begin(target, ledger))
            bench.expect("full disk", code in (ENDED, BROKE), f"a run on {size} MB crashed")
        resize(200)
        bench.compare(kind, target, ledger)
        say("full disk: three times, then resumed")


def _server(bench: Bench) -> None:
    server = faults.Server()
    server.start()
    given = {"model__spec": f"http://127.0.0.1:{server.port}/v1", "model__attempts": 1, "model__concurrency": 2}
    kind = bench.kind("server", given)
    target, ledger = bench.project(given)
    pid = begin(target, ledger)
    time.sleep(kind.seconds / 2)
    server.stop()
    code = wait(pid)
    bench.expect("server", code in (ENDED, BROKE), "a run crashed without its server")
    server.start()
    bench.compare(kind, target, ledger)
    say("server pulled away: resumed")
    server.stop()


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the number of things that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60, help="begin no life after so many minutes of kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--recipes", default=",".join(name for name in RECIPES if name not in LEFT_OUT), help="which, by name"
    )
    parser.add_argument("--no-faults", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        bench = Bench(Path(folder), chosen.seed)
        made = kinds(bench, chosen.recipes.split(","))
        strike(bench, made, chosen.kills, chosen.minutes * 60)
        if not chosen.no_faults:
            rob(bench, made[-1])
    say(f"{len(bench.wrong)} things wrong" if bench.wrong else "0 lost, 0 duplicated, 0 changed")
    return len(bench.wrong)


if __name__ == "__main__":
    sys.exit(min(1, main()))
