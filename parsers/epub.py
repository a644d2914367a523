"""EPUB books: the pages of the spine in order, each read like an HTML page without choosing parts of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from parsers.archive import Archive, Element, open_archive
from parsers.document import Document, DocumentBuilder
from parsers.errors import DamagedDocument
from parsers.html.blocks import BlockWalk
from parsers.html.hidden import conceal
from parsers.html.tree import page_text, parse_tree
from parsers.language import language_of
from parsers.options import ParseOptions

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGE_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a book; a block's path is `member.xhtml#/html/body/...`.

    Raises:
        DamagedDocument: the book lacks its container or package file.
    """
    archive = open_archive(path)
    builder = DocumentBuilder()
    with archive.file:
        name = _package_name(archive)
        package = archive.root(name)
        if package is None:
            raise DamagedDocument(f"{path.name!r} names {name!r} as its package, which it does not hold.")
        for member in _spine(package, posixpath.dirname(name)):
            _read_page(archive, member, builder)
        builder.warnings += archive.warnings
    title = " ".join((package.findtext(f".//{_DC}title") or "").split())
    document = builder.build(source=str(path), sha256=sha256, type="epub", title=title, language="", pages=None)
    return replace(document, language=language_of(document.text))


def _package_name(archive: Archive) -> str:
    container = archive.root("META-INF/container.xml")
    rootfile = container.find(f".//{_CONTAINER}rootfile") if container is not None else None
    if rootfile is None:
        raise DamagedDocument(f"{archive.path.name!r} does not say where its content is.")
    return rootfile.get("full-path", "")


def _spine(package: Element, folder: str) -> Iterator[str]:
    """Names of the members that hold the book's pages, in reading order; contents pages are left out."""
    items = {item.get("id", ""): item for item in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref", ""))
        if item is None or item.get("media-type") not in _PAGE_TYPES:
            continue
        if "nav" in (item.get("properties") or "").split():
            continue
        yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _read_page(archive: Archive, member: str, builder: DocumentBuilder) -> None:
    data = archive.data(member)
    if data is None:
        builder.warnings.append(f"Page {member!r} is missing.")
        return
    root = parse_tree(page_text(data))
    builder.hide(sum(conceal(root).values()))
    body = root.find("body")
    BlockWalk(builder, prefix=f"{member}#").run(body if body is not None else root)
