"""Driving the app by keys and waiting for what they cause."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from doc2data.store import Store
from doc2data.tui.app import Doc2DataApp

LOOK = 0.01
LONGEST = 30.0
"""Seconds, of a machine that has much else to do."""


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Let the app work until something is true."""
    deadline = time.monotonic() + LONGEST
    while not true():
        assert time.monotonic() < deadline, f"it did not come true; the screen says:\n{screen_text(pilot.app)}"
        await asyncio.sleep(LOOK)
    await pilot.pause()


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Let the app work until all the words are on the screen."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Type into the field that has the focus."""
    await pilot.press(*text)


def screen_text(app: Any) -> str:
    """What the screen says, dialogs over places, line by line, without colours."""
    # Textual's public way, an SVG, takes a hundred times as long, and every wait looks many times.
    drawn = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    lines = ["".join(strip.text for strip in line).rstrip() for line in drawn.strips]
    return "\n".join(lines) + "\n"


def stored(app: Doc2DataApp) -> Store:
    """The open project's database, for a look from outside."""
    assert app.project is not None
    return Store(app.project.database)


def opened(folder: Path, **how: Any) -> Doc2DataApp:
    """The app on a folder."""
    return Doc2DataApp(folder, **how)
