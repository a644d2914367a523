"""Bytes to text: byte order mark, declaration, valid UTF-8, and last a guess by the language model of a detector."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DETECTION_BYTES = 200_000


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a document's bytes; characters that no encoding explains become U+FFFD.

    Args:
        data: the whole file.
        declared: the encoding that the document itself names, if it does.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    for candidate in (declared, "utf-8"):
        text = _strict(data, candidate) if candidate else None
        if text is not None:
            return text
    return data.decode(detect(data) or declared_or_latin(declared), errors="replace")


def declared_or_latin(declared: str | None) -> str:
    """The declared encoding if Python knows it, else windows-1252, as browsers do."""
    try:
        return codecs.lookup(declared).name if declared else "cp1252"
    except LookupError:
        return "cp1252"


def detect(data: bytes) -> str | None:
    """The likely encoding of bytes that declare none."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:DETECTION_BYTES]).best()
    return best.encoding if best else None


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None
