"""Text that drawings keep in parts of their own: SmartArt and charts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.archive import Element
from parsers.document import Table
from parsers.docx.names import A, C

MIN_ALTERNATIVE = 15
_NOT_WRITTEN = re.compile(r"automatically generated|^\S+\.\w{3,4}$", re.IGNORECASE)
"""Descriptions made by the application, and names of files."""


def alternative_text(properties: Element) -> str:
    """What a drawing's properties say about it, where a person said it."""
    text = " ".join((properties.get("descr") or "").split())
    return "" if len(text) < MIN_ALTERNATIVE or _NOT_WRITTEN.search(text) else text


def paragraphs(root: Element) -> Iterator[tuple[str, Element]]:
    """The text of each DrawingML paragraph, with its element."""
    for paragraph in root.iter(f"{A}p"):
        text = "".join(node.text or "" for node in paragraph.iter(f"{A}t"))
        if text.strip():
            yield " ".join(text.split()), paragraph


def chart_title(root: Element) -> str:
    """A chart's title; "" where it shows none."""
    title = root.find(f"{C}chart/{C}title")
    return " ".join(text for text, _ in paragraphs(title)) if title is not None else ""


def chart_table(root: Element) -> Table | None:
    """A chart's data as it was last drawn: a row for each category, a column for each series."""
    columns = [_series(series) for series in root.iter(f"{C}ser")]
    columns = [column for column in columns if column[2]]
    if not columns:
        return None
    categories = max((column[1] for column in columns), key=len)
    height = max(len(categories), *(len(values) for _, _, values in columns))
    header = ("", *(name for name, _, _ in columns))
    rows = tuple((_at(categories, r), *(_at(values, r) for _, _, values in columns)) for r in range(height))
    return Table((header,), rows)


def _series(series: Element) -> tuple[str, list[str], list[str]]:
    """Name, categories and values of one series."""
    name = " ".join(_points(series.find(f"{C}tx")))
    categories = series.find(f"{C}cat")
    values = series.find(f"{C}val")
    if values is None:
        categories, values = series.find(f"{C}xVal"), series.find(f"{C}yVal")
    return name, _points(categories), _points(values)


def _points(parent: Element | None) -> list[str]:
    if parent is None:
        return []
    found = [node.text or "" for node in parent.iter(f"{C}v")]
    return [" ".join(text.split()) for text in found]


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""
