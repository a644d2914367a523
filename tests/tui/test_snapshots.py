"""What each screen says, empty, busy, full and with an error, in small, usual and large terminals.

Golden files hold the words and lines, which a person can read in a diff; colours are left to the theme. `--regenerate`
writes them anew.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from doc2data.project import Project
from doc2data.tui.app import Doc2DataApp
from doc2data.tui.ledger import Ledger
from models import ModelUnusable
from tests.tui.driving import opened, screen_text, shows, typed, until
from tests.tui.runs import ScriptedRun, whole_run

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((80, 24), (120, 40), (200, 60))
PLACES = {
    "1": ("home", "Memory"),
    "2": ("library", "1 failed, 1 waiting"),
    "3": ("plan", "at most"),
    "4": ("run", "Nothing has run yet"),
    "5": ("review", "0/6"),
    "6": ("dataset", "of 6 chunks"),
    "7": ("models", "Embedder"),
}
"""Key, name, and what the screen of a full project says when all of it is there."""
EMPTY = {
    "1": ("home", "Memory"),
    "2": ("library", "No project is open"),
    "3": ("plan", "No project is open"),
    "4": ("run", "No project is open"),
    "5": ("review", "No project is open"),
    "6": ("dataset", "No project is open"),
    "7": ("models", "No GGUF model found"),
}


BUSY = {"library": "▶ Reading", "home": "Memory"}
"""What shows that a screen has taken notice of a run, where it says more than the line at the top."""
WRONG = {
    "home": (["n", *"nowhere", "enter"], "There is no file or folder 'nowhere'"),
    "library": (["a", *"nowhere.pdf", "enter"], "What to do"),
    "plan": (["enter", "tab", "end", "backspace", "0"], "(got '0')"),
    "review": (["g"], "A run is going on"),
    "dataset": (["x", "…Licence of the documents", "enter", "…Chat template", "enter"], "A run is going on"),
    "models": (["a", *"nowhere.gguf", "enter"], "There is no file 'nowhere.gguf'"),
}
"""Keys that go wrong on each screen, and what it says then; an ellipsis waits for words."""
WAIT = "…"


def name_of(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.fixture(params=[SIZES[0], pytest.param(SIZES[1], marks=pytest.mark.heavy), SIZES[2]], ids=name_of)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    chosen: tuple[int, int] = request.param
    return chosen


@pytest.fixture(params=[SIZES[0], *(pytest.param(size, marks=pytest.mark.heavy) for size in SIZES[1:])], ids=name_of)
def size_by_weight(request: pytest.FixtureRequest) -> tuple[int, int]:
    """The smallest terminal in every run of the tests, the others in the heavy one."""
    chosen: tuple[int, int] = request.param
    return chosen


async def compare(pilot: Pilot[Any], name: str, regenerate: bool) -> None:
    """Hold the screen against its golden file, once all of it has come."""
    await pilot.pause()
    path = GOLDEN / f"{name}.txt"
    if regenerate:
        path.parent.mkdir(exist_ok=True)
        path.write_text(screen_text(pilot.app), encoding="utf-8", newline="\n")
    assert path.is_file(), f"{path.name} is missing: run pytest with --regenerate and read it"
    golden = path.read_text(encoding="utf-8")
    with suppress(AssertionError):  # the comparison below tells what differs
        await until(pilot, lambda: screen_text(pilot.app) == golden)
    assert screen_text(pilot.app) == golden


def _still(app: Doc2DataApp) -> Doc2DataApp:
    app.ledger = Ledger(clock=lambda: 42.0)
    return app


async def test_full(project: Project, size: tuple[int, int], regenerate: bool) -> None:
    app = opened(project.folder)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "manual.md")
        for key, (name, words) in PLACES.items():
            await pilot.press(key)
            await shows(pilot, words)
            await compare(pilot, f"{name}-full-{name_of(size)}", regenerate)


async def test_empty(tmp_path: Path, size: tuple[int, int], regenerate: bool) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "None yet")
        await pilot.press("escape")
        for key, (name, words) in EMPTY.items():
            await pilot.press(key)
            await shows(pilot, words)
            await compare(pilot, f"{name}-empty-{name_of(size)}", regenerate)


async def test_busy_and_finished(project: Project, size: tuple[int, int], regenerate: bool) -> None:
    run = ScriptedRun(hold=15)
    app = opened(project.folder, build=run)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "manual.md")
        _still(app)
        await pilot.press("f5")
        await shows(pilot, "3/8")
        await compare(pilot, f"run-busy-{name_of(size)}", regenerate)
        run.gate.set()
        await shows(pilot, "✓ Finished")
        await compare(pilot, f"run-finished-{name_of(size)}", regenerate)


async def test_every_screen_while_a_run_goes_on(
    project: Project, size_by_weight: tuple[int, int], regenerate: bool
) -> None:
    size = size_by_weight
    run = ScriptedRun(hold=4)
    app = opened(project.folder, build=run)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "manual.md")
        _still(app)
        await pilot.press("f5")
        await shows(pilot, "1/2")
        for key, (name, words) in PLACES.items():
            if name == "run":
                continue
            await pilot.press(key)
            await shows(pilot, "▶", BUSY.get(name, words))
            await compare(pilot, f"{name}-busy-{name_of(size)}", regenerate)
        run.gate.set()
        await until(pilot, lambda: not app.ledger.active)


async def test_every_screen_with_an_error(project: Project, size_by_weight: tuple[int, int], regenerate: bool) -> None:
    size = size_by_weight
    run = ScriptedRun(hold=15)
    app = opened(project.folder, build=run)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "manual.md")
        _still(app)
        await pilot.press("f5")
        await shows(pilot, "3/8")
        for key, (name, words) in PLACES.items():
            if name not in WRONG:
                continue
            await pilot.press(key)
            await shows(pilot, words)
            keys, said = WRONG[name]
            for press in keys:
                if press.startswith(WAIT):
                    await shows(pilot, press.removeprefix(WAIT))
                else:
                    await pilot.press(press)
            await shows(pilot, said, *(["At what pressure"] if name == "dataset" else []))
            await compare(pilot, f"{name}-error-{name_of(size)}", regenerate)
            await pilot.press("escape", "escape")
        run.gate.set()
        await until(pilot, lambda: not app.ledger.active)


async def test_error(project: Project, size: tuple[int, int], regenerate: bool) -> None:
    error = ModelUnusable("'tiny' has no chat template.", "Choose the instruct version of the model.")
    app = opened(project.folder, build=ScriptedRun(whole_run()[:10], error=error))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "manual.md")
        _still(app)
        await pilot.press("f5")
        await shows(pilot, "no chat template")
        await compare(pilot, f"run-error-{name_of(size)}", regenerate)


async def test_help_and_export_dialog(project: Project, regenerate: bool) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6")
        await pilot.press("f1")
        await shows(pilot, "Help: Review")
        await compare(pilot, "help-review-120x40", regenerate)
        await pilot.press("escape", "6")
        await shows(pilot, "8 samples")
        await pilot.press("x")
        await shows(pilot, "Licence of the documents")
        await typed(pilot, "CC0-1.0")
        await pilot.press("enter")
        await shows(pilot, '"messages"')
        await compare(pilot, "export-120x40", regenerate)
