"""The chaos bench: tens of kills as tests that take minutes; hundreds, and every fault, by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.chaos.lives import difference


def chaos(*arguments: str) -> str:
    """The bench in a fresh process, which forks: this one has threads."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.benchmarks.chaos", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    result = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.heavy
def test_kills_at_random_instants_lose_nothing() -> None:
    assert "0 lost, 0 duplicated, 0 changed" in chaos("--kills", "4", "--recipes", "evolve", "--no-faults")


def test_the_bench_sees_what_is_lost_doubled_and_changed() -> None:
    whole = {"samples.jsonl": b'{"id": 1}\n{"id": 2}\n', "rejected.jsonl": b"", "a": b"x"}
    found = difference(whole, {**whole, "samples.jsonl": b'{"id": 2, "x": 1}\n{"id": 2}\n'})
    assert (found.lost, found.duplicated, found.changed, found.files) == (1, 1, 1, ["samples.jsonl"])
    assert not difference(whole, dict(whole))


@pytest.mark.heavy
def test_twenty_kills_lose_nothing_either() -> None:
    said = chaos("--kills", "20", "--seed", "3", "--recipes", "qa,multihop", "--no-faults")
    assert "0 lost, 0 duplicated, 0 changed" in said
