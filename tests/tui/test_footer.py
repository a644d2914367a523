"""What holds on every screen: few keys at the foot, help for what has the focus, keys of one's own."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from doc2data import tui
from doc2data.project import Project
from doc2data.tui import keys
from tests.tui.driving import opened, screen_text, shows

MOST_KEYS = 6
SCREENS = {
    "1": "This machine",
    "2": "manual.md",
    "3": "What to make",
    "4": "Nothing has run",
    "5": "1 of 6",
    "6": "8 samples",
    "7": "Embedder",
}


async def test_the_foot_names_six_keys_at_most_and_f1_explains_every_screen(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        for key, words in SCREENS.items():
            await pilot.press(key)
            await shows(pilot, words)
            named = app.screen.query_one(Footer).query(FooterKey)
            assert 0 < len(named) <= MOST_KEYS, (key, [foot.description for foot in named])
            await pilot.press("f1")
            await shows(pilot, "Help:", "The keys 1 to 7")
            await pilot.press("escape")
            await shows(pilot, words)


async def test_keys_can_be_chosen(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('[keys]\n"review.accept" = "y"\n', encoding="utf-8")
    monkeypatch.setattr(keys, "path", lambda: path)
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6", "y Accept")
        await pilot.press("a")
        assert "1 of 6" in screen_text(app)
        await pilot.press("y")
        await shows(pilot, "2 of 6")


def test_every_binding_has_a_name_of_its_own_to_change_it_by() -> None:
    modules = [import_module(found.name) for found in pkgutil.walk_packages(tui.__path__, "doc2data.tui.")]
    classes = {value for module in modules for value in vars(module).values() if inspect.isclass(value)}
    ours = [kind for kind in classes if kind.__module__.startswith("doc2data.tui")]
    bindings = [binding for kind in ours for binding in vars(kind).get("BINDINGS", ())]
    ids = [binding.id for binding in bindings]
    assert len(ids) > 40
    assert None not in ids
    assert sorted(ids) == sorted(set(ids))


async def test_the_palette_finds_samples_and_documents(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("ctrl+p", *"dosing")
        await shows(pilot, "sample: At what pressure is the dosing unit")
        await pilot.press("enter")
        await shows(pilot, "One sample", "dosing unit DU-3")
