"""Reading a DOCX file: its package, its lists and styles, and a walk over its body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parsers.archive import Element
from parsers.document import Document, DocumentBuilder
from parsers.docx.body import BodyWalk, Parts
from parsers.docx.names import DC, W
from parsers.docx.numbering import read_numbering
from parsers.docx.package import Package, open_package
from parsers.docx.sight import Sight, has_backdrop, may_hide
from parsers.docx.styles import read_styles
from parsers.errors import DamagedDocument
from parsers.language import language_of
from parsers.options import ParseOptions


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read one DOCX file with all tracked changes accepted.

    Raises:
        DamagedDocument: the package has no readable main part.
        ParseLimit: a part unpacks to more than one document may hold.
    """
    package = open_package(path)
    with package.archive.file:
        builder = DocumentBuilder()
        parts = _parts(package)
        walk = BodyWalk(builder, parts)
        walk.run()
        builder.warnings += package.archive.warnings
        title = walk.title or _title(package)
    document = builder.build(source=str(path), sha256=sha256, type="docx", title=title, language="", pages=None)
    return replace(document, language=language_of(document.text))


def _parts(package: Package) -> Parts:
    main = _main_part(package)
    root = package.root(main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise DamagedDocument(f"{package.path.name!r} has no document body; it is not a Word document.")
    related = package.relationships(main)

    def part(kind: str) -> Element | None:
        target = next((item.target for item in related.values() if item.kind == kind and not item.external), None)
        return package.side(target) if target else None

    def has_any_backdrop() -> bool:
        edges = (item.target for item in related.values() if item.kind in ("header", "footer") and not item.external)
        roots = (body.getparent(), *(package.side(target) for target in edges))
        return any(root is not None and has_backdrop(root) for root in roots)

    look, footnotes, endnotes = part("styles"), part("footnotes"), part("endnotes")
    styles = read_styles(look)
    return Parts(
        package=package,
        body=body,
        styles=styles,
        sight=Sight(styles, has_any_backdrop, may_hide((root, look, footnotes, endnotes))),
        numbering=read_numbering(part("numbering"), styles),
        footnotes=_notes(footnotes, "footnote"),
        endnotes=_notes(endnotes, "endnote"),
        related=related,
    )


def _main_part(package: Package) -> str:
    for item in package.relationships("").values():
        if item.kind == "officeDocument" and not item.external:
            return item.target
    return "word/document.xml"


def _notes(root: Element | None, name: str) -> dict[str, Element]:
    """Notes by id, without the separators that Word keeps among them."""
    found = root.iterchildren(f"{W}{name}") if root is not None else ()
    return {note.get(f"{W}id", ""): note for note in found if note.get(f"{W}type", "normal") == "normal"}


def _title(package: Package) -> str:
    for item in package.relationships("").values():
        if item.kind == "core-properties" and not item.external:
            root = package.side(item.target)
            return (root.findtext(f"{DC}title") or "").strip() if root is not None else ""
    return ""
