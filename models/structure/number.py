"""A JSON number in the making: which digits may stand there within its bounds."""

from __future__ import annotations

from models.structure.nodes import Number

BYTES = b"-0123456789."
"""What numbers are written with."""


def complete(digits: bytes, node: Number) -> bool:
    """Whether a number may stop here."""
    if not digits[-1:].isdigit():
        return False
    sign, whole, decimals = _parts(digits)
    return node.low <= sign * int(whole + decimals.ljust(node.decimals, b"0")) <= node.high


def viable(digits: bytes, node: Number) -> bool:
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
