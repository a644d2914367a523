"""A thing's cell in its column, ready for a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """What a thing has, and what the things of its table are."""

    thing: str
    """As a sentence calls it."""
    kind: str
    """What all things of the column are: "fluid"; empty where they stand in columns themselves."""
    attribute: str
    value: str
    """With its unit."""
    is_time: bool
