"""Opening the terminal app."""

from __future__ import annotations

from pathlib import Path


def open_app(resume: bool = False) -> int:
    """Open the terminal app on the project here, or on the home screen, and return its exit code."""
    from doc2data.tui.app import run

    return run(Path.cwd(), resume=resume)
