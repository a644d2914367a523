"""From glyphs to characters: what fonts and PDF writers do to text, undone.

Compatibility forms are replaced only where they are typesetting (ligatures, Arabic letter shapes, odd spaces);
`²`, `½` or `№` stay as written, for they mean something.
"""

from __future__ import annotations

import re
import unicodedata

SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\t\n\v\f\r\u0085\u2028\u2029"), " ") | {
    code: " " for code in range(0x2000, 0x200B)
}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u0000"), None)
SOFT_HYPHEN = "\u00ad"
SYMBOL_BULLETS = {
    0xA7: "▪",
    0xB7: "•",
    0xD8: "➢",
    0xFC: "✓",
    0x76: "❖",
    0x6F: "□",
    0x71: "❑",
    0x6E: "■",
    0x6C: "●",
    0xE0: "→",
}
"""What the codes of Wingdings stand for that word processors use as bullets."""
DINGBAT_FONT = "wingdings"
COMBINING = {"¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c", "˚": "\u030a"}
ACCENT = re.compile(r"([¨´ˆ˜ˇ˚])([A-Za-zı])")
PRESENTATION = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]+")
CJK_RANGES = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
CJK = re.compile(f"[{CJK_RANGES}]")
RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
VISIBLE = re.compile(r"\S")
LOST = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
GARBLED = 0.3
"""Share of characters without meaning from which a text is lost."""
LETTER = re.compile(r"[^\W\d_]")


def clean(text: str, font: str = "") -> str:
    """Text of one run with typesetting forms undone; never longer than a few characters more than the input."""
    if text.isascii() and text.isprintable() and DINGBAT_FONT not in font.lower():
        return text
    if DINGBAT_FONT in font.lower():
        text = "".join(_dingbat(char) for char in text)
    elif "symbol" in font.lower():
        text = text.replace("\uf0b7", "•").replace("\u00b7", "•")
    text = text.translate(SPACES).translate(INVISIBLE)
    if PRESENTATION.search(text):
        text = PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    if ACCENT.search(text):
        text = ACCENT.sub(_accented, text)
    return text


def _dingbat(char: str) -> str:
    code = ord(char)
    code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return SYMBOL_BULLETS.get(code, char)


def _accented(match: re.Match[str]) -> str:
    letter = "i" if match.group(2) == "ı" else match.group(2)
    composed = unicodedata.normalize("NFC", letter + COMBINING[match.group(1)])
    return composed if len(composed) == 1 else match.group()


def rtl_share(text: str) -> float:
    """Share of letters that are written from right to left."""
    found = len(RTL.findall(text))
    return found / max(1, len(LETTER.findall(text))) if found else 0.0


def needs_space(left: str, right: str) -> bool:
    """Whether two pieces of text that stand apart are separated by a space when joined."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return False
    return not (CJK.match(left[-1]) and CJK.match(right[0]))


def is_garbled(text: str) -> bool:
    """Whether the glyph map of most of this text is lost: replacement or private-use characters, or controls."""
    return len(LOST.findall(text)) > GARBLED * len(VISIBLE.findall(text))
