"""Start-up stays light: what `--help` and the front doors may not load, whatever the static walls say."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("textual", "llama_cpp", "torch", "sentence_transformers", "chromadb", "transformers", "pymupdf", "docx", "bs4")


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.split("\n")[-2].split())


@pytest.mark.parametrize("package", ["doc2data", "parsers", "models", "doc2data.cli"])
def test_importing_a_front_door_loads_nothing_heavy(package: str) -> None:
    assert loaded_by(f"import {package}") == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"], ["recipes"], ["formats"]])
def test_help_and_lists_load_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(f"from doc2data.cli import run\nrun({arguments!r})") == set()


def test_pydantic_is_not_needed_to_print_help() -> None:
    assert (
        "pydantic"
        not in subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "doc2data", "--help"], capture_output=True, text=True, check=True
        ).stderr
    )
