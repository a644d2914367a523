"""Reading an HTML page."""

from __future__ import annotations

from pathlib import Path

from parsers.document import Document, DocumentBuilder
from parsers.html.blocks import BlockWalk
from parsers.html.tree import Element, page_text, parse_tree
from parsers.language import language_of
from parsers.options import ParseOptions


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read one HTML file.

    Raises:
        EmptyDocument: the page holds no element.
    """
    root = parse_tree(page_text(path.read_bytes()))
    tree = root.getroottree()
    builder = DocumentBuilder()
    BlockWalk(builder, tree).run(root)
    document = builder.build(source=str(path), sha256=sha256, type="html", title=_title(root), language="", pages=None)
    return _with_language(document, root)


def _title(root: Element) -> str:
    title = root.find(".//title")
    return " ".join("".join(title.itertext()).split()) if title is not None else ""


def _with_language(document: Document, root: Element) -> Document:
    from dataclasses import replace

    return replace(document, language=language_of(document.text))
