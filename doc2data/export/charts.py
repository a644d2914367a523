"""Charts as inline SVG, drawn by Vega-Lite inside this process.

Colours are CSS variables of the page, so one drawing serves light, dark and paper. Every mark carries what it says as
its accessible name, which the page also shows on hover. Vega escapes all text that it draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

WIDTH = 300
"""Inner width in pixels, made for a phone; a page scales charts up, never down."""
_BAR = 22
_LABEL = 124
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": "system-ui, sans-serif",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {
        "labelColor": "var(--ink)",
        "labelFontSize": 11,
        "title": None,
        "orient": "top",
        "symbolType": "circle",
        "columns": 3,
    },
    "text": {"color": "var(--ink)", "fontSize": 11},
}

Bar = tuple[str, int, str]
"""Label, count, and the name of the page's colour."""


def bars(rows: Sequence[Bar]) -> Markup:
    """Horizontal bars in the order given, with their counts."""
    values = [{"label": label, "n": n, "colour": f"var(--{colour})"} for label, n, colour in rows]
    about = {"calculate": "datum.label + ': ' + format(datum.n, ',')", "as": "about"}
    y = {"field": "label", "type": "nominal", "sort": None, "title": None}
    y["axis"] = {"labelLimit": _LABEL, "minExtent": _LABEL, "labelColor": "var(--ink)", "domain": False}  # type: ignore[assignment]
    most = max((n for _, n, _ in rows), default=1)
    x = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, max(most, 1) * 1.2]}}
    bar = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": 13},
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
        WIDTH - _LABEL,
    )


def lengths(counts: Mapping[int, int], unit: str) -> Markup:
    """Histogram of whole numbers."""
    values = [{"v": value, "n": n} for value, n in sorted(counts.items())]
    x = {"field": "v", "type": "quantitative", "bin": {"maxbins": 20, "minstep": 1}, "title": unit}
    x["axis"] = {"grid": False, "tickCount": 5, "format": "d"}
    return _draw(
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": "var(--accent)", "binSpacing": 1},
            "encoding": {"x": x, "y": _counted("samples")},
        },
        110,
    )


def scores(counts: Mapping[tuple[float, bool], int]) -> Markup:
    """Histogram of scores from 0 to 1 in steps of 0.05; what failed stands out."""
    values = [
        {"from": value - 0.02, "to": value + 0.02, "n": n, "outcome": "passed" if passed else "failed"}
        for (value, passed), n in sorted(counts.items())
    ]
    axis = {"grid": False, "values": [0, 0.25, 0.5, 0.75, 1]}
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
        72,
    )


def scatter(points: Sequence[tuple[float, float, str, str]]) -> Markup:
    """Points (x, y, group, label) in a plane whose axes mean nothing by themselves."""
    values = [{"x": round(x, 4), "y": round(y, 4), "group": group, "label": label} for x, y, group, label in points]
    groups = sorted({group for _, _, group, _ in points})
    colours = [f"var(--k{n % 6})" for n in range(len(groups))]
    plane = {"type": "quantitative", "axis": None, "scale": {"zero": False, "nice": False, "padding": 8}}
    return _draw(
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": 26, "opacity": 0.75},
            "encoding": {
                "x": {"field": "x", **plane},
                "y": {"field": "y", **plane},
                "color": {"field": "group", "type": "nominal", "scale": {"domain": groups, "range": colours}},
                "description": {"field": "label"},
            },
        },
        300,
        WIDTH + 40,
    )


def _counted(title: str | None) -> dict[str, Any]:
    axis = {"tickCount": 3, "format": "~s", "domain": False}
    return {"aggregate": "sum", "field": "n", "type": "quantitative", "title": title, "axis": axis}


def _draw(spec: Mapping[str, Any], height: int, width: int = WIDTH) -> Markup:
    whole = {**spec, "width": width, "height": height, "config": _CONFIG}
    return Markup(vl_convert.vegalite_to_svg(whole, allowed_base_urls=[]))
