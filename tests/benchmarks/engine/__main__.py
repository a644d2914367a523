"""Runs contenders in turn, each in a process of its own, and prints a table of ratios.

python -m tests.benchmarks.engine --vocabulary 32000 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import click

from tests.benchmarks.engine import workload
from tests.benchmarks.engine.contenders import CONTENDERS, Measurement


def main() -> None:
    """Compare the llama engine with other ways to drive llama.cpp."""
    options = _options()
    model = workload.model(options.folder, options.vocabulary, options.layers)
    work = workload.Workload(options.passages, characters=options.characters, task_major=options.task_major)
    names = options.only.split(",")
    os.environ["XLLAMACPP"] = options.native
    results: dict[str, list[Measurement]] = {name: [] for name in names}
    for turn in range(options.rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            tokens = 0 if name.startswith("ours") or not options.text else _tokens(results, work)
            results[name].append(_apart(name, model, replace(work, tokens=tokens), structured=not options.text))
            click.echo(f"{name} {results[name][-1]}", err=True)
    _print(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--vocabulary", type=int, default=32_000, help="tokens of the model")
    parser.add_argument("--layers", type=int, default=28, help="layers of the model")
    parser.add_argument("--passages", type=int, default=2, help="passages, eight requests each")
    parser.add_argument("--characters", type=int, default=120, help="of each of the two strings of a reply")
    parser.add_argument("--rounds", type=int, default=1, help="rounds; the order of contenders turns")
    parser.add_argument("--only", default="ours,plain", help="contenders: " + ", ".join(CONTENDERS))
    parser.add_argument("--text", action="store_true", help="free text instead of a structure, of as many tokens")
    parser.add_argument("--task-major", action="store_true", help="ask the same of all passages first")
    parser.add_argument("--native", default="", help="python of an environment with xllamacpp, for `native`")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the models are made")
    return parser.parse_args()


def _tokens(results: dict[str, list[Measurement]], work: workload.Workload) -> int:
    """Tokens of a free text of the others: as many as ours needed for its characters."""
    runs = [run.tokens for name, runs in results.items() if name.startswith("ours") for run in runs]
    return round(runs[-1] / (work.passages * work.requests)) if runs else 2 * work.characters // 3


def _apart(name: str, model: Path, work: workload.Workload, *, structured: bool) -> Measurement:
    """Run one contender in a process of its own."""
    order = json.dumps({"name": name, "model": str(model), "work": asdict(work), "structured": structured})
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.engine.alone"]
    done = subprocess.run(command, input=order, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return Measurement(**json.loads(done.stdout.splitlines()[-1]))


def _print(results: dict[str, list[Measurement]]) -> None:
    base = statistics.median(run.cpu for run in next(iter(results.values())))
    click.echo(
        f"{'contender':<12}{'CPU s':>9}{'range':>16}{'ratio':>8}{'wall s':>9}{'chars':>8}{'tokens':>8}{'bad':>5}"
    )
    for name, runs in results.items():
        cpu = [run.cpu for run in runs]
        middle = statistics.median(cpu)
        click.echo(
            f"{name:<12}{middle:>9.2f}{f'{min(cpu):.2f}-{max(cpu):.2f}':>16}{middle / base:>8.2f}"
            f"{statistics.median(run.wall for run in runs):>9.2f}{runs[0].characters:>8}{runs[0].tokens:>8}"
            f"{runs[0].malformed:>5}"
        )


if __name__ == "__main__":
    main()
