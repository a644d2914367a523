"""The parts that a JSON schema is compiled to: what may be written, byte by byte, in what order."""

from __future__ import annotations

from dataclasses import dataclass

from models.structure.pattern import Automaton


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """Text that is written as it is."""

    text: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """The inside of a JSON string and its closing quote."""

    least: int
    """Fewest characters."""
    most: int
    """Most characters; an escape counts as one."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """The inside of a JSON string that matches a pattern, and its closing quote."""

    automaton: Automaton


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number without exponent; its bounds are counted in units of its last decimal, so that they are exact."""

    low: int
    high: int
    decimals: int
    """Most digits after the point; 0 for integers."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several ways to go on."""

    options: tuple[Program, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The inside of an array, or of an object with keys of the model's choice, and its closing bracket."""

    item: Program
    least: int
    most: int
    close: bytes = b"]"


Node = Literal | Text | Pattern | Number | Choice | Items
Program = tuple[Node, ...]
