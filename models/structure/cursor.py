"""A place in a program: which bytes may come next, and where each leads.

A place is a set of heads, since a program may go on in several ways at once (`12` may be followed by another digit or
by what comes after the number). Heads are immutable; the rest of the program hangs on them as a linked list.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.structure import number, text
from models.structure.nodes import Choice, Items, Literal, Number, Pattern, Program, Text
from models.structure.pattern import States


@dataclass(frozen=True, slots=True, eq=False)
class _Loop:
    """The inside of an array after `count` items."""

    items: Items
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is still to be written after the present part."""

    part: Literal | Text | Pattern | Number | Choice | Items | _Loop
    then: Rest | None


@dataclass(frozen=True, slots=True)
class InLiteral:
    """Before byte `at` of a literal."""

    literal: bytes
    at: int
    then: Rest | None


@dataclass(frozen=True, slots=True)
class InText:
    """Within a string."""

    node: Text
    state: int
    count: int
    """Characters begun so far."""
    then: Rest | None


@dataclass(frozen=True, slots=True)
class InPattern:
    """Within a string that is to match a pattern."""

    node: Pattern
    states: States
    then: Rest | None


@dataclass(frozen=True, slots=True)
class InNumber:
    """Within a number of which `digits` are written."""

    node: Number
    digits: bytes
    then: Rest | None


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more needs to be written."""


Head = InLiteral | InText | InPattern | InNumber | End
Place = tuple[Head, ...]
_END = End()
ENDED: Place = (_END,)
"""The place after the last byte."""
_QUOTE = ord('"')


def start(program: Program) -> Place:
    """The place before the first byte."""
    return tuple(_heads(_chain(program, None)))


def finished(place: Place) -> bool:
    """Whether nothing more can be written."""
    return all(isinstance(head, End) for head in place)


def may_end(place: Place) -> bool:
    """Whether nothing more needs to be written."""
    return any(isinstance(head, End) for head in place)


def in_text(place: Place) -> InText | None:
    """The string that the place is within, if it is that alone."""
    head = place[0]
    return head if len(place) == 1 and isinstance(head, InText) else None


def step(place: Place, byte: int) -> Place:
    """The place after a byte; empty where it may not follow."""
    return tuple(after for head in place for after in _step(head, byte))


def symbols(place: Place) -> bytes:
    """The bytes that may come next (a superset for numbers)."""
    return bytes({byte for head in place for byte in _symbols(head)})


def forced(place: Place) -> tuple[bytes, Place]:
    """The bytes that must come next, and the place after them."""
    written = bytearray()
    while True:
        head = place[0]
        if len(place) == 1 and isinstance(head, InLiteral):
            written += head.literal[head.at :]
            place = tuple(_heads(head.then))
            continue
        if may_end(place) or in_text(place) is not None:
            return bytes(written), place
        ways = [(byte, after) for byte in symbols(place) if (after := step(place, byte))]
        if len(ways) != 1:
            return bytes(written), place
        written.append(ways[0][0])
        place = ways[0][1]


def _chain(program: Program, then: Rest | None) -> Rest | None:
    for node in reversed(program):
        then = Rest(node, then)
    return then


def _heads(rest: Rest | None) -> list[Head]:
    """The heads that a rest begins with."""
    if rest is None:
        return [_END]
    then = rest.then
    match rest.part:
        case Choice(options):
            return [head for option in options for head in _heads(_chain(option, then))]
        case Items() as items:
            return _loop(_Loop(items, 0), then)
        case _Loop() as loop:
            return _loop(loop, then)
        case value:
            return [_head(value, then)]


def _head(value: Literal | Text | Pattern | Number, then: Rest | None) -> Head:
    """The place before a literal or a value."""
    match value:
        case Literal(literal):
            return InLiteral(literal, 0, then)
        case Text() as node:
            return InText(node, text.START if node.least else text.PLAIN, 0, then)
        case Pattern() as node:
            return InPattern(node, node.automaton.start, then)
        case Number() as node:
            return InNumber(node, b"", then)


def _loop(loop: _Loop, then: Rest | None) -> list[Head]:
    """Another item, where there is room, and the closing bracket, where there are enough."""
    heads: list[Head] = []
    items, count = loop.items, loop.count
    if count < items.most:
        again = Rest(_Loop(items, count + 1), then)
        if count == 0:
            heads += _heads(_chain(items.item, again))
        else:
            heads.append(InLiteral(b",", 0, _chain(items.item, again)))
    if count >= items.least:
        heads.append(InLiteral(items.close, 0, then))
    return heads


def _step(head: Head, byte: int) -> list[Head]:
    match head:
        case InLiteral(literal, at, then):
            if literal[at] != byte:
                return []
            return [InLiteral(literal, at + 1, then)] if at + 1 < len(literal) else _heads(then)
        case InText():
            return _step_text(head, byte)
        case InPattern():
            return _step_pattern(head, byte)
        case InNumber():
            return _step_number(head, byte)
        case _:
            return []


def _step_text(head: InText, byte: int) -> list[Head]:
    state = text.step(head.state, byte)
    if state < 0:
        return []
    if state == text.CLOSED:
        return _heads(head.then) if head.count >= head.node.least else []
    count = head.count + text.begins_character(head.state, state)
    return [InText(head.node, state, count, head.then)] if count <= head.node.most else []


def _step_pattern(head: InPattern, byte: int) -> list[Head]:
    automaton = head.node.automaton
    after = automaton.step(head.states, byte)
    if after:
        return [InPattern(head.node, after, head.then)]
    # A quote within the string comes behind a backslash, and is a step.
    return _heads(head.then) if byte == _QUOTE and automaton.matches(head.states) else []


def _step_number(head: InNumber, byte: int) -> list[Head]:
    node, longer = head.node, head.digits + bytes((byte,))
    if not number.viable(longer, node):
        return []
    grows = any(number.viable(longer + bytes((more,)), node) for more in number.BYTES)
    onward: list[Head] = [InNumber(node, longer, head.then)] if grows else []
    return onward + _heads(head.then) if number.complete(longer, node) else onward


def _symbols(head: Head) -> bytes:
    match head:
        case InLiteral(literal, at, _):
            return literal[at : at + 1]
        case InText(_, state, _, _):
            return text.SYMBOLS[state]
        case InPattern(pattern, states, _):
            found = pattern.automaton.symbols(states)
            return found + b'"' if pattern.automaton.matches(states) else found
        case InNumber():
            return number.BYTES
        case _:
            return b""
