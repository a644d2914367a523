"""A field for a path: completes as one types, and takes what a terminal pastes when a file is dropped on it."""

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path
from urllib.parse import unquote, urlparse

from textual import events
from textual.suggester import Suggester
from textual.widgets import Input


class PathSuggester(Suggester):
    """The first name that begins with what was typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The rest of the path, folders with a slash."""
        return await asyncio.to_thread(_complete, value) if value else None


class PathInput(Input):
    """A field for the path of a file or folder."""

    HELP = "The path of a file or folder. The right arrow takes the completion; a dropped or pasted path is cleaned up."

    def __init__(self, value: str = "", *, id: str | None = None, placeholder: str = "") -> None:
        super().__init__(value, id=id, placeholder=placeholder, suggester=PathSuggester())

    @property
    def path(self) -> Path:
        """The path as typed, the home folder written out."""
        return Path(self.value.strip()).expanduser()

    def _on_paste(self, event: events.Paste) -> None:
        """Terminals quote and escape the path of a dropped file each in their way."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(pasted_path(event.text))


def pasted_path(text: str) -> str:
    """The first path in what was pasted: without quotes, escapes and the scheme of a file URL."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    if line.startswith("file://"):
        return unquote(urlparse(line).path)
    if line[:1] in "'\"" or "\\ " in line:
        try:
            return shlex.split(line)[0]
        except (ValueError, IndexError):
            return line
    return line


def _complete(value: str) -> str | None:
    head, tail = os.path.split(value)
    folder = Path(head or ".").expanduser()
    try:
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in os.scandir(folder))
    except OSError:
        return None
    hidden = tail.startswith(".")
    fitting = [name for name in names if name.startswith(tail) and (hidden or not name.startswith("."))]
    return os.path.join(head, fitting[0]) if fitting else None  # noqa: PTH118 - keeps what was typed as typed
