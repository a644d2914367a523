"""The app's own light and dark themes; Textual's others can be chosen too."""

from __future__ import annotations

from textual.theme import Theme

MUTED = "$foreground 60%"
"""Style of words that stand back."""

DARK = Theme(
    name="doc2data-dark",
    primary="#5fa8d3",
    secondary="#8d99ae",
    accent="#f2b66d",
    foreground="#dfe6ee",
    background="#10151c",
    surface="#161d26",
    panel="#1f2935",
    success="#7bc47f",
    warning="#f0c674",
    error="#e5737f",
    dark=True,
)
LIGHT = Theme(
    name="doc2data-light",
    primary="#1f6f9f",
    secondary="#5c677d",
    accent="#a65e0c",
    foreground="#1c2530",
    background="#f7f8fa",
    surface="#ffffff",
    panel="#e6eaef",
    success="#2e7d3a",
    warning="#946200",
    error="#b3303f",
    dark=False,
)
THEMES = (DARK, LIGHT)
