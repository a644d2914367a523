"""The inside of a JSON string as an automaton over bytes: whole UTF-8 characters and the escapes that text needs.

Control characters are refused even as escapes (tab and line break apart), and so are surrogates: what is written can
be stored and printed anywhere.
"""

from __future__ import annotations

START, PLAIN, CLOSED = 0, 1, 2
"""Before the first character; between characters; after the closing quote."""

_ESCAPE, _HEX1, _HEX2, _HEX2_ZERO, _HEX2_D, _HEX3, _HEX3_ZERO, _HEX4 = range(3, 11)
_TAIL1, _TAIL2, _TAIL3, _TAIL1_C2, _TAIL2_E0, _TAIL2_ED, _TAIL3_F0, _TAIL3_F4 = range(11, 19)
_STATES = 19
_HEX = b"0123456789abcdefABCDEF"
_NO = 255


def _span(first: int, last: int) -> bytes:
    return bytes(range(first, last + 1))


_PLAIN_BYTES = bytes(byte for byte in _span(0x20, 0x7E) if byte not in b'"\\')
_STARTS = {
    PLAIN: _PLAIN_BYTES,
    _ESCAPE: b"\\",
    _TAIL1: _span(0xC3, 0xDF),
    _TAIL1_C2: b"\xc2",
    _TAIL2: _span(0xE1, 0xEC) + b"\xee\xef",
    _TAIL2_E0: b"\xe0",
    _TAIL2_ED: b"\xed",
    _TAIL3: _span(0xF1, 0xF3),
    _TAIL3_F0: b"\xf0",
    _TAIL3_F4: b"\xf4",
}
_MOVES = {
    START: {**_STARTS, PLAIN: _PLAIN_BYTES.replace(b" ", b""), CLOSED: b'"'},
    PLAIN: {**_STARTS, CLOSED: b'"'},
    _ESCAPE: {PLAIN: b'"\\/nt', _HEX1: b"u"},
    _HEX1: {_HEX2: b"123456789abcefABCEF", _HEX2_ZERO: b"0", _HEX2_D: b"dD"},
    _HEX2: {_HEX3: _HEX},
    _HEX2_ZERO: {_HEX3: _HEX.replace(b"0", b""), _HEX3_ZERO: b"0"},
    _HEX2_D: {_HEX3: b"01234567"},
    _HEX3: {_HEX4: _HEX},
    _HEX3_ZERO: {_HEX4: b"23456abcdefABCDEF"},
    _HEX4: {PLAIN: _HEX},
    _TAIL1: {PLAIN: _span(0x80, 0xBF)},
    _TAIL1_C2: {PLAIN: _span(0xA0, 0xBF)},
    _TAIL2: {_TAIL1: _span(0x80, 0xBF)},
    _TAIL2_E0: {_TAIL1: _span(0xA0, 0xBF)},
    _TAIL2_ED: {_TAIL1: _span(0x80, 0x9F)},
    _TAIL3: {_TAIL2: _span(0x80, 0xBF)},
    _TAIL3_F0: {_TAIL2: _span(0x90, 0xBF)},
    _TAIL3_F4: {_TAIL2: _span(0x80, 0x8F)},
}


def _table() -> tuple[bytes, ...]:
    rows = []
    for state in range(_STATES):
        row = bytearray([_NO] * 256)
        for target, symbols in _MOVES.get(state, {}).items():
            for symbol in symbols:
                row[symbol] = target
        rows.append(bytes(row))
    return tuple(rows)


_TABLE = _table()
SYMBOLS = tuple(bytes(byte for byte in range(256) if row[byte] != _NO) for row in _TABLE)
"""For each state, the bytes that may follow."""


def step(state: int, byte: int) -> int:
    """The state after a byte; -1 where it may not follow."""
    target = _TABLE[state][byte]
    return -1 if target == _NO else target


def begins_character(state: int, target: int) -> bool:
    """Whether a step begins a character, an escape being one."""
    return state <= PLAIN and target != CLOSED


def walk(state: int, text: bytes) -> tuple[int, int, int]:
    """Walk as far as the string goes.

    Returns:
        The state where the walk stopped (-1 at a byte that may not follow), the characters begun, and the bytes
        walked over, the closing quote included.
    """
    characters = 0
    for index, byte in enumerate(text):
        target = _TABLE[state][byte]
        if target == _NO:
            return -1, characters, index
        if target == CLOSED:
            return CLOSED, characters, index + 1
        characters += state <= PLAIN
        state = target
    return state, characters, len(text)
