"""Reading an HTML page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parsers.document import Document, DocumentBuilder
from parsers.html.blocks import BlockWalk
from parsers.html.content import find_content
from parsers.html.hidden import conceal, held
from parsers.html.nesting import shallow
from parsers.html.tree import Element, page_text, parse_tree
from parsers.language import UNDETERMINED, language_of
from parsers.options import ParseOptions


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read one HTML file: its main content, or the whole of a page that has nothing else."""
    builder = DocumentBuilder()
    source = page_text(path.read_bytes())
    flattened = shallow(source)
    if flattened is not None:
        builder.warnings.append("The page nests its elements too deeply; their paths are those of a simplified page.")
    root = parse_tree(flattened or source)
    body = root.find("body")
    hidden = conceal(root)
    selection = find_content(body if body is not None else root, set(hidden))
    builder.hide(held(selection.kept, hidden))
    walk = BlockWalk(builder, selection.left_out)
    for element in selection.kept:
        walk.run(element)
    document = builder.build(source=str(path), sha256=sha256, type="html", title=_title(root), language="", pages=None)
    return replace(document, language=_language(document.text, root))


def _language(text: str, root: Element) -> str:
    """The language of the text; what the page says of itself where there is too little of it."""
    found = language_of(text)
    declared = (root.get("lang") or "")[:2].lower()
    return declared if found == UNDETERMINED and len(declared) == 2 else found


def _title(root: Element) -> str:
    """The page's title, without the name of the site where a heading shows which part of it is the page's own."""
    title = _words(root.find(".//title"))
    for heading in root.iter("h1"):
        own = _words(heading).rstrip("¶ #")
        if own and own.casefold() in title.casefold():
            return own
    return title


def _words(element: Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""
