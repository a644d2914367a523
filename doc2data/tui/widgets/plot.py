"""Curves and bars in characters, to the size that there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.cells import set_cell_size
from rich.text import Text
from textual.app import RenderResult
from textual.widget import Widget

from doc2data.tui.widgets.duration import bar

MARKS = ("braille", "dot")
"""Two curves differ in their marks, not in colour alone."""


class Plot(Widget):
    """One picture; says so until there is something to draw."""

    DEFAULT_CSS = """
    Plot { border: round $primary 60%; border-title-style: bold; height: 1fr; padding: 0 1; }
    """

    def __init__(self, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._draw: Callable[[int, int], str] | None = None

    def curves(self, x: Sequence[float], curves: Mapping[str, Sequence[float]]) -> None:
        """Lines over the same x."""
        self._draw = (lambda width, height: draw_curves(x, curves, (width, height))) if len(x) > 1 else None
        self.refresh()

    def bars(self, values: Mapping[str, float], whole: float) -> None:
        """One bar for each name, as long as its share of `whole`."""
        self._draw = (lambda width, height: draw_bars(values, whole, (width, height))) if values else None
        self.refresh()

    def render(self) -> RenderResult:
        """The picture at the widget's size."""
        width, height = self.content_size
        if self._draw is None or width < 20 or height < 4:
            return Text("Nothing to draw yet.", style="dim")
        return Text(self._draw(width, height), no_wrap=True)


def draw_curves(x: Sequence[float], curves: Mapping[str, Sequence[float]], size: tuple[int, int]) -> str:
    """Lines over the same x, with axes and a legend."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(*size)
    for (name, values), mark in zip(curves.items(), MARKS, strict=False):
        signal = figure.signal(list(x), list(values), marker=mark)
        signal.label(name)
        signal.lines()
        figure.draw(signal)
    return Text.from_ansi(str(figure.build())).plain


def draw_bars(values: Mapping[str, float], whole: float, size: tuple[int, int]) -> str:
    """A line for each name: the name, its bar, its number."""
    width, height = size
    names = max(map(len, values))
    number = max(len(f"{value:g}") for value in values.values())
    room = max(5, width - names - number - 3)
    lines = [
        f"{set_cell_size(name, names)} {bar(value, whole, room)} {value:{number}g}" for name, value in values.items()
    ]
    return "\n".join(lines[:height])
