"""How screens reach the app as what it is, without importing it in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

if TYPE_CHECKING:
    from doc2data.tui.app import Doc2DataApp


def host_of(screen: Screen[Any]) -> Doc2DataApp:
    """The app that a screen belongs to."""
    return cast("Doc2DataApp", screen.app)
