"""A place in a program: which bytes may come next, and where each leads.

A place is a set of heads, since a program may go on in several ways at once (`12` may be followed by another digit or
by what comes after the number). Heads are immutable; the rest of the program hangs on them as a linked list.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.structure import text
from models.structure.nodes import Choice, Items, Literal, Number, Program, Text


@dataclass(frozen=True, slots=True, eq=False)
class _Loop:
    """The inside of an array after `count` items."""

    items: Items
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is still to be written after the present part."""

    part: Literal | Text | Number | Choice | Items | _Loop
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
class InNumber:
    """Within a number of which `digits` are written."""

    node: Number
    digits: bytes
    then: Rest | None


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more needs to be written."""


Head = InLiteral | InText | InNumber | End
Place = tuple[Head, ...]
_END = End()
ENDED: Place = (_END,)
"""The place after the last byte."""
_NUMBER_BYTES = b"-0123456789."


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


def _head(value: Literal | Text | Number, then: Rest | None) -> Head:
    """The place before a literal or a value."""
    match value:
        case Literal(literal):
            return InLiteral(literal, 0, then)
        case Text() as node:
            return InText(node, text.START if node.least else text.PLAIN, 0, then)
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
        heads.append(InLiteral(b"]", 0, then))
    return heads


def _step(head: Head, byte: int) -> list[Head]:
    match head:
        case InLiteral(literal, at, then):
            if literal[at] != byte:
                return []
            return [InLiteral(literal, at + 1, then)] if at + 1 < len(literal) else _heads(then)
        case InText():
            return _step_text(head, byte)
        case InNumber(node, digits, then):
            longer = digits + bytes((byte,))
            if not _viable(longer, node):
                return []
            grows = any(_viable(longer + bytes((more,)), node) for more in _NUMBER_BYTES)
            onward: list[Head] = [InNumber(node, longer, then)] if grows else []
            return onward + _heads(then) if _complete(longer, node) else onward
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


def _symbols(head: Head) -> bytes:
    match head:
        case InLiteral(literal, at, _):
            return literal[at : at + 1]
        case InText(_, state, _, _):
            return text.SYMBOLS[state]
        case InNumber():
            return _NUMBER_BYTES
        case _:
            return b""


def _complete(digits: bytes, node: Number) -> bool:
    """Whether a number may stop here."""
    if not digits[-1:].isdigit():
        return False
    sign, whole, decimals = _parts(digits)
    return node.low <= sign * int(whole + decimals.ljust(node.decimals, b"0")) <= node.high


def _viable(digits: bytes, node: Number) -> bool:
    """Whether a number within the bounds begins like this."""
    sign, whole, decimals = _parts(digits)
    if digits == b"-":
        return node.low < 0
    if not whole.isdigit() or not (decimals or b"0").isdigit() or (len(whole) > 1 and whole[:1] == b"0"):
        return False
    if b"." in digits:
        room = node.decimals - len(decimals)
        return node.decimals > 0 and room >= 0 and _reaches(sign, int(whole + decimals), room, node)
    return any(_reaches(sign, int(whole), more + node.decimals, node) for more in _more_digits(whole))


def _parts(digits: bytes) -> tuple[int, bytes, bytes]:
    """Sign, digits before the point, and digits after it."""
    sign, body = (-1, digits[1:]) if digits[:1] == b"-" else (1, digits)
    whole, _, decimals = body.partition(b".")
    return sign, whole, decimals


def _more_digits(whole: bytes) -> range:
    """How many digits may still follow before the point; none after a leading zero."""
    return range(1) if whole == b"0" else range(16 - len(whole))


def _reaches(sign: int, written: int, room: int, node: Number) -> bool:
    """Whether `written` and any `room` digits after it can meet the bounds."""
    scale: int = 10**room
    least, largest = written * scale, (written + 1) * scale - 1
    low, high = (least, largest) if sign > 0 else (-largest, -least)
    return high >= node.low and low <= node.high
