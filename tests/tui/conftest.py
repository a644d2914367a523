"""What tests of the terminal app share: a still machine, and projects to open."""

from __future__ import annotations

from pathlib import Path

import pytest

from doc2data import machine
from doc2data.machine import Finding, Load
from doc2data.project import Project
from doc2data.tui.screens import plan
from tests.tui.projects import make_project


@pytest.fixture(autouse=True)
def still_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same machine everywhere, and no movement on the screen."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    findings = [
        Finding("Model", works=False, detail="none found: samples are built by rule", hint="Add a GGUF."),
        Finding("Memory", works=True, detail="12.0 GB free of 16.0 GB"),
    ]
    monkeypatch.setattr(machine, "findings", lambda folder=None: findings)
    monkeypatch.setattr(machine, "load", lambda: Load(4_000_000_000, 16_000_000_000, None))
    recipes = [("qa", "Question and answer (needs rules)"), ("multihop", "Several places (needs rules)")]
    monkeypatch.setitem(plan.CHOICES, "generate.recipes", recipes)
    monkeypatch.setattr(machine, "embedder", lambda: Finding("Embedder", works=True, detail="installed"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with documents and samples."""
    return make_project(tmp_path / "station")
