"""Charts as inline SVG, drawn by Vega-Lite inside this process.

Colours are CSS variables of the page, so one drawing serves light, dark and paper. Every mark carries what it says as
its accessible name, which the page also shows on hover. Vega escapes all text that it draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

WIDE, NARROW = 320, 250
"""Inner widths in pixels, made for a phone's width and for three to a row; the page scales charts up."""
_BAR = 22
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MIDDLE = 105
_FORCES: list[dict[str, Any]] = [
    {"force": "center", "x": WIDE / 2, "y": _MIDDLE},
    {"force": "collide", "radius": 8},
    {"force": "nbody", "strength": -22},
    {"force": "x", "x": "xfocus", "strength": 0.06},
    {"force": "y", "y": "yfocus", "strength": 0.1},
    {"force": "link", "links": "links", "distance": 26},
]
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": "system-ui, sans-serif",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "ticks": False,
        "labelPadding": 6,
    },
    "text": {"color": "var(--ink)", "fontSize": 13},
}

Bar = tuple[str, int, str]
"""Label, count, and the name of the page's colour."""


def bars(rows: Sequence[Bar], width: int = NARROW) -> Markup:
    """Horizontal bars in the order given, with their counts."""
    values = [{"label": label, "n": n, "colour": f"var(--{colour})"} for label, n, colour in rows]
    about = {"calculate": "datum.label + ': ' + format(datum.n, ',')", "as": "about"}
    room = min(width // 2 + 20, max((_drawn_width(label) for label, _, _ in rows), default=0))
    axis = {"labelLimit": room, "labelAlign": "left", "labelPadding": room + 8, "labelFontSize": 13, "domain": False}
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": axis | {"labelColor": "var(--ink)"}}
    most = max((n for _, n, _ in rows), default=1) or 1
    beside = _drawn_width(f"{most:,}") + 10
    reach = most * (width - room) / (width - room - beside)
    x = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, reach], "nice": False}}
    bar = {
        "mark": {"type": "bar", "height": 13},
        "encoding": {
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "description": {"field": "about"},
        },
    }
    count = {
        "mark": {"type": "text", "align": "left", "dx": 5, "aria": False},
        "encoding": {"text": {"field": "n", "format": ","}},
    }
    return _draw(
        {"data": {"values": values}, "transform": [about], "encoding": {"x": x, "y": y}, "layer": [bar, count]},
        _BAR * max(1, len(rows)),
        width - room,
    )


def lengths(counts: Mapping[int, int], unit: str) -> Markup:
    """Histogram of whole numbers."""
    values = [{"v": value, "n": n} for value, n in sorted(counts.items())]
    x = {"field": "v", "type": "quantitative", "bin": {"maxbins": 20, "minstep": 1}, "title": unit}
    x["axis"] = {"grid": False, "format": "d", "labelOverlap": "greedy", "labelSeparation": 10}
    return _draw(
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": "var(--accent)", "binSpacing": 1},
            "encoding": {"x": x, "y": _counted("samples")},
        },
        110,
        WIDE,
    )


def scores(counts: Mapping[tuple[float, bool], int]) -> Markup:
    """Histogram of scores from 0 to 1 in steps of 0.05; what failed stands out."""
    values = [
        {"from": value - 0.02, "to": value + 0.02, "n": n, "outcome": "passed" if passed else "failed"}
        for (value, passed), n in sorted(counts.items())
    ]
    axis = {"grid": False, "values": [0, 0.5, 1], "format": ".1f"}
    x = {"field": "from", "type": "quantitative", "scale": {"domain": [-0.03, 1.03]}, "title": None, "axis": axis}
    colour = {
        "field": "outcome",
        "scale": {"domain": ["passed", "failed"], "range": ["var(--accent)", "var(--bad)"]},
        "legend": None,
    }
    return _draw(
        {
            "data": {"values": values},
            "mark": "bar",
            "encoding": {"x": x, "x2": {"field": "to"}, "y": _counted(None), "color": colour},
        },
        64,
        NARROW,
    )


def network(nodes: Sequence[tuple[str, int]], links: Sequence[tuple[int, int, int]]) -> Markup:
    """A graph laid out by forces.

    Args:
        nodes: label, and the count that its size shows.
        links: positions of two nodes, and the count that the line's width shows.
    """
    points = {
        "type": "symbol",
        "zindex": 1,
        "from": {"data": "nodes"},
        "encode": {
            "enter": {
                "fill": {"value": "var(--accent)"},
                "stroke": {"value": "var(--paper)"},
                "size": {"signal": "24 + 6 * min(datum.n, 24)"},
                "description": {"field": "label"},
                "xfocus": {"value": WIDE / 2},
                "yfocus": {"value": _MIDDLE},
            }
        },
        "transform": [{"type": "force", "iterations": 300, "static": True, "signal": "force", "forces": _FORCES}],
    }
    ends = {f"{end}{axis.upper()}": f"datum.{end}.{axis}" for end in ("source", "target") for axis in "xy"}
    lines = {
        "type": "path",
        "from": {"data": "links"},
        "encode": {
            "update": {
                "stroke": {"value": "var(--muted)"},
                "strokeOpacity": {"value": 0.55},
                "strokeWidth": {"signal": "0.6 + 0.25 * min(datum.n, 8)"},
                "aria": {"value": False},
            }
        },
        "transform": [{"type": "linkpath", "require": {"signal": "force"}, "shape": "line", **ends}],
    }
    spec = {
        "width": WIDE,
        "height": 2 * _MIDDLE,
        "padding": 8,
        "data": [
            {"name": "nodes", "values": [{"label": label, "n": n} for label, n in nodes]},
            {"name": "links", "values": [{"source": a, "target": b, "n": n} for a, b, n in links]},
        ],
        "marks": [points, lines],
    }
    return Markup(vl_convert.vega_to_svg(_drawable(spec), allowed_base_urls=[]))


def group_colours(groups: Iterable[str]) -> dict[str, str]:
    """The page's colour for each group, by name; with more than six groups, colours come again."""
    return {group: f"k{n % 6}" for n, group in enumerate(sorted(set(groups)))}


def scatter(points: Sequence[tuple[float, float, str, str]]) -> Markup:
    """Points (x, y, group, label) in a plane whose axes mean nothing by themselves; colours are `group_colours`."""
    values = [{"x": round(x, 4), "y": round(y, 4), "group": group, "label": label} for x, y, group, label in points]
    colours = group_colours(group for _, _, group, _ in points)
    palette = {"domain": list(colours), "range": [f"var(--{colour})" for colour in colours.values()]}
    plane = {"type": "quantitative", "axis": None, "scale": {"zero": False, "nice": False, "padding": 8}}
    return _draw(
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": 26, "opacity": 0.75},
            "encoding": {
                "x": {"field": "x", **plane},
                "y": {"field": "y", **plane},
                "color": {"field": "group", "type": "nominal", "scale": palette, "legend": None},
                "description": {"field": "label"},
            },
        },
        300,
        WIDE,
    )


def _drawn_width(label: str) -> int:
    """About how many pixels a label takes; characters beyond ASCII are taken for wide ones."""
    return round(sum(8.5 if character.isascii() else 14 for character in label))


def _counted(title: str | None) -> dict[str, Any]:
    axis = {"tickCount": 3, "format": ",d", "domain": False}
    return {"aggregate": "sum", "field": "n", "type": "quantitative", "title": title, "axis": axis}


def _draw(spec: Mapping[str, Any], height: int, width: int) -> Markup:
    whole = {**spec, "width": width, "height": height, "config": _CONFIG}
    return Markup(vl_convert.vegalite_to_svg(_drawable(whole), allowed_base_urls=[]))


def _drawable(spec: Any) -> Any:
    """The same without characters that XML cannot hold: on them the library ends the whole process."""
    if isinstance(spec, str):
        return _NO_XML.sub("\ufffd", spec)
    if isinstance(spec, Mapping):
        return {key: _drawable(value) for key, value in spec.items()}
    if isinstance(spec, list | tuple):
        return [_drawable(value) for value in spec]
    return spec
