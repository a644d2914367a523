"""Bytes to text: byte order mark, valid UTF-8, the document's own declaration, and last a detector's guess.

Labels are read as browsers read them (WHATWG Encoding Standard): "iso-8859-1" means windows-1252, "gb2312" means
GB 18030, and so on, because that is how such documents were written.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "koi8-r": "koi8-u",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""Codec -> the codec that documents of that label are written in; a declared UTF-16 without a mark is none."""
DETECTION_BYTES = 400_000
_FALLBACK = "cp1252"


def decode(data: bytes, declared: str | None = None, prose: Callable[[bytes], bytes] | None = None) -> str:
    """Decode a document's bytes; characters that no encoding explains become U+FFFD.

    Args:
        data: the whole file.
        declared: the encoding that the document itself names, if it does.
        prose: strips markup from the bytes, so that the detector sees the language only.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return data.decode(unmarked, errors="replace")
    label = codec_of(declared)
    if not _is_seven_bit(data, label):
        text = _utf8(data)
        if text is not None:
            return text
    label = label if label and _strict(data[:DETECTION_BYTES], label) else None
    if label is None:
        label = detect(prose(data) if prose else data)
    return data.decode(label or _FALLBACK, errors="replace")


def codec_of(label: str | None) -> str | None:
    """The codec for an encoding's label; None for no label or one that nobody knows."""
    try:
        name = codecs.lookup(label.strip().lower().removeprefix("x-")).name if label else None
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if name else None


def detect(data: bytes) -> str | None:
    """The likely encoding of bytes that declare none."""
    from cchardet import detect as guess

    return codec_of(guess(data[:DETECTION_BYTES])["encoding"])


def _is_seven_bit(data: bytes, label: str | None) -> bool:
    """Whether escape sequences switch between character sets, as in ISO-2022-JP, which also passes as ASCII."""
    return (b"\x1b" in data and (label or "").startswith("iso2022")) or b"\x1b$" in data


def _utf8(data: bytes) -> str | None:
    """Text if the bytes are UTF-8, a few broken sequences aside."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    foreign = sum(1 for character in text if character > "\x7f") - broken
    return text if foreign > broken * 20 else None


def _strict(data: bytes, name: str) -> bool:
    """Whether the codec explains the bytes; one broken character at the cut end does not count."""
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return data.decode(name, errors="replace").count("\ufffd") <= len(data) // 1000
    return True


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in every other byte of mostly Latin text."""
    head = data[:2000]
    if head.count(0) < len(head) // 3:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 10 * max(1, even):
        return "utf-16-le"
    return "utf-16-be" if even > 10 * max(1, odd) else None
