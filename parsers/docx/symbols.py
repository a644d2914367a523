"""Characters of symbol fonts, which Word keeps in the private use area, as Unicode."""

from __future__ import annotations

_PRIVATE = 0xF000

_SYMBOL_ASCII = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖",
    0x77: "⬥", 0x9F: "•", 0xA0: "▪", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x4A: "☺", 0x4C: "☹", 0x22: "✂", 0x28: "☎",
    0x2A: "✉", 0x46: "☞", 0x21: "✏",
}  # fmt: skip
BULLET = "•"


def symbol(character: str, font: str) -> str:
    """The character that `font` shows for `character`; the bullet where a symbol font's sign has no known twin."""
    if not character:
        return ""
    code = ord(character)
    private = _PRIVATE <= code < _PRIVATE + 0x100
    code -= _PRIVATE if private else 0
    name = font.lower()
    if name == "symbol" or (private and not name):
        return _symbol_font(code)
    if name.startswith(("wingdings", "webdings", "zapf", "monotype sorts")):
        return _WINGDINGS.get(code, BULLET) if name == "wingdings" else BULLET
    if name == "courier new" and character == "o":
        return "◦"
    return BULLET if private else character


def _symbol_font(code: int) -> str:
    if 0x20 <= code <= 0x7E:
        return _SYMBOL_ASCII[code - 0x20]
    if 0xA0 <= code < 0xA0 + len(_SYMBOL_HIGH):
        return _SYMBOL_HIGH[code - 0xA0]
    return BULLET
