"""Cells as they are spoken of, the problem set over them, and its telling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says, ready for a sentence."""

    thing: str
    """With article or quotes: "Purelin C", "the RM-440", "the symptom “Flow is zero”"."""
    attribute: str
    """ "shelf life"."""
    value: str
    """With its unit: "36 months"."""
    condition: str = ""
    """The label of the row where the thing stands in a column: "Wet section"; else empty."""
    condition_kind: str = ""
    """What such labels are: "work package"."""
    at: bool = False
    """Whether the thing is a value itself, at which the attribute is measured."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A calculation over cells, done."""

    operation: str
    cells: tuple[Cell, ...]
    expression: str = ""
    """Executed: "36 − 12 = 24"; empty where cells are only compared."""
    result: str = ""
    """With its unit, where it has one."""
    target: str = ""
    """The unit to convert into."""
    threshold: str = ""
    """With its unit."""
    chosen: tuple[int, ...] = ()
    """Cells that the answer names."""
    highest: bool = True
    is_time: bool = False
    """Whether the cells measure durations, which are long and short instead of high and low."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words."""

    question: str
    readings: tuple[str, ...]
    """One sentence per cell, in their order."""
    reckoning: str
    """The step that calculates or compares."""
    answer: str
