"""Plain text: paragraphs between blank lines, with the lines they stand on as their path."""

from __future__ import annotations

import re
from pathlib import Path

from parsers.document import Document, DocumentBuilder
from parsers.encoding import decode
from parsers.language import language_of
from parsers.options import ParseOptions

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a text file; a block's path is `line[first]`, counted from 1."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    builder = DocumentBuilder()
    line, seen = 1, 0
    for match in _PARAGRAPH.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        builder.add("paragraph", match.group(), path=f"line[{line}]")
    return builder.build(source=str(path), sha256=sha256, type="text", title="", language=language_of(text), pages=None)
