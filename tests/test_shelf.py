"""The fastest way to run a model is found by measuring, remembered, and taken where the settings leave it open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from doc2data import shelf
from doc2data.settings import ModelSettings
from doc2data.shelf import USUAL, Way
from doc2data.stages.workshop import open_cached
from doc2data.store import Store
from models import EngineOptions, ScriptedEngine
from models.rates import Rates
from tests import tiny_gguf


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(tiny_gguf.build(tmp_path / "tiny.gguf"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Way]]:
    """Ways in which engines were opened."""
    found: list[Way] = []

    def open_engine(spec: str, options: EngineOptions) -> ScriptedEngine:
        found.append(Way(options.keys, options.flash, options.threads))
        return ScriptedEngine([])

    monkeypatch.setattr("models.open_engine", open_engine)
    yield found


def measure(monkeypatch: pytest.MonkeyPatch, opened: list[Way], *rounds: dict[Way, float]) -> None:
    """Let a way be so fast, in each round that it is measured."""

    async def measured(engine: object, crowds: tuple[int, ...]) -> Rates:
        way = opened[-1]
        rate = rounds[min(opened.count(way), len(rounds)) - 1].get(way, 100.0)
        return Rates(rate, dict.fromkeys(crowds, rate))

    monkeypatch.setattr(shelf, "measured", measured)


async def test_the_fastest_way_is_taken_from_then_on(
    model: str, opened: list[Way], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = Way("q8_0", "off")
    measure(monkeypatch, opened, {fast: 130.0})
    told: dict[str, float] = {}
    assert shelf.tuned(model) == USUAL
    assert await shelf.tune(model, told.__setitem__) == fast == shelf.tuned(model)
    assert min(told, key=told.__getitem__) == "keys q8_0, flash attention off"
    with Store(tmp_path / "project.db") as store:
        open_cached(ModelSettings(spec=model), store)
        open_cached(ModelSettings(spec=model, flash="on"), store)
    assert opened[-2:] == [fast, Way("auto", "on")]
    tiny_gguf.build(Path(model), tiny_gguf.Shape(layers=1))
    assert shelf.tuned(model) == USUAL


async def test_threads_are_tried_in_the_best_way_to_store(
    model: str, opened: list[Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "cores", lambda: 6)
    monkeypatch.setattr("os.cpu_count", lambda: 12)
    fast = Way("q8_0", "off", 6)
    measure(monkeypatch, opened, {Way("q8_0", "off"): 130.0, fast: 170.0})
    assert await shelf.tune(model) == fast == shelf.tuned(model)
    assert str(fast) == "keys q8_0, flash attention off, 6 threads"
    assert {way.threads for way in opened} == {0, 6, 11}


async def test_what_is_faster_once_or_hardly_is_chance(
    model: str, opened: list[Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(monkeypatch, opened, {Way("f16", "on"): 150.0}, {})
    assert await shelf.tune(model) == USUAL
    opened.clear()
    measure(monkeypatch, opened, {Way("f16", "on"): 103.0})
    assert await shelf.tune(model) == USUAL
