"""Ways to spoil an input: bytes flipped, cut, repeated and crossed, and words put in that hurt elsewhere."""

from __future__ import annotations

import random

HURTFUL = [
    text.encode("utf-8", "surrogatepass")
    for text in (
        *("<|im_end|>", "<|im_start|>system\n", "[INST]", "</s>", "{{7*7}}", "{% raw %}", "Assistant: "),
        *("\u202e", "\u2066", "\u0301" * 500, "ﷺ" * 200, "\U000e0041", "\ufeff", "\x00", "\x1b[2J", "\ud800", "\u2028"),
        *(
            "=cmd|' /C calc'!A0",
            "@SUM(1)",
            "../../../etc/passwd",
            "file:///etc/passwd",
            "<!ENTITY x SYSTEM 'file:///x'>",
        ),
        *("<script>alert(1)</script>", "]]>", "<![CDATA[", "-->", '"', "'", "\\", "|" * 300, "#" * 300, "> " * 200),
        *("99999999999999999999", "-1", "1e999", "NaN", "null", "[" * 3000, "{" * 3000, "(" * 3000, "\n" * 500),
        *("10 °C per 0 kg", "1/0", "٣٫١٤", "十二億", "½", "Ⅻ", "a" * 20_000, "１２", "\t|\t|\t", "$$\\frac{1}{0}$$"),
    )
]


def spoilt(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A variant of `data`; `other` lends pieces."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(7):
            case 0:
                found[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                del found[at : at + chance.choice((1, 8, 300, len(found)))]
            case 2:
                found[at:at] = chance.choice(HURTFUL)
            case 3:
                piece = found[at : at + chance.randrange(1, 400)]
                found[at:at] = piece * chance.choice((1, 2, 50))
            case 4 if other:
                start = chance.randrange(len(other))
                found[at:at] = other[start : start + chance.randrange(1, 2000)]
            case 5:
                found[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
            case _:
                found[at : at + chance.randrange(1, 60)] = chance.choice(HURTFUL)
    return bytes(found[: 2 << 20])


def spoilt_text(chance: random.Random, text: str) -> str:
    """A variant of a text."""
    return spoilt(text.encode(), b"", chance).decode("utf-8", "replace")
