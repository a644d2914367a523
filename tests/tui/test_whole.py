"""The real thing, by keys alone: from nothing to an exported dataset without a model."""

from __future__ import annotations

import json
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from doc2data.records import from_canonical
from doc2data.tui.app import farewell
from tests.tui.driving import opened, screen_text, shows, typed, until

pytestmark = pytest.mark.heavy

MANUAL = """# Pump PX-2

## Technical data

| Property | Value |
| --- | --- |
| Supply voltage | 24 V |
| Test pressure | 6 bar |
| Protection class | IP65 |

## Service

The inlet filter F-3 keeps particles out of the pump. The inlet filter F-3 is replaced every 6 months.
The diaphragm D-7 of the pump must be replaced after 4000 hours of operation.
"""


async def test_from_nothing_to_a_dataset(tmp_path: Path) -> None:
    # Textual gives no descriptor of standard error to hand on; outside tests `own_terminal` sees to it.
    resource_tracker.ensure_running()
    (tmp_path / "pump.md").write_text(MANUAL, encoding="utf-8")
    app = opened(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "New dataset")
        await typed(pilot, str(tmp_path / "pump.md"))
        await pilot.press("enter")
        await shows(pilot, "Enter makes the project")
        await pilot.press("enter")
        await shows(pilot, "Not read yet: 1")
        await pilot.press("r")
        await until(pilot, lambda: app.ledger.state != "idle")
        while app.ledger.active:
            await pilot.pause(0.2)
        assert "✓ Finished" in screen_text(app), screen_text(app)
        assert app.project is not None
        said = farewell(app.project)
    dataset = tmp_path / "pump-dataset" / "export" / "samples.jsonl"
    judged = [from_canonical(json.loads(line)) for line in dataset.read_text(encoding="utf-8").splitlines()]
    assert judged
    assert all(item.status == "accepted" for item in judged)
    assert str(dataset) in said
    assert "doc2data run" in said
