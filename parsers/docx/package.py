"""The parts of a DOCX package and the relationships between them.

ISO Strict packages use other namespaces for the same vocabulary; they are renamed to the transitional ones, so that
the rest of the reader knows one vocabulary.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from parsers.archive import Archive, Element, open_archive
from parsers.docx.names import PKG_REL
from parsers.errors import DamagedDocument

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_PACKAGE_RELS = "_rels/.rels"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another, or to the outside world."""

    kind: str
    """Last segment of the relationship's type: "footnotes", "hyperlink", ..."""
    target: str
    """Name of the part; a URL when `external`."""
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """An open DOCX file."""

    archive: Archive

    @property
    def path(self) -> Path:
        """The file."""
        return self.archive.path

    def root(self, part: str) -> Element | None:
        """The tree of an XML part; None where the package has no such part.

        Raises:
            ParseError: as `Archive.data` and `Archive.parsed` do.
        """
        data = self.archive.data(part)
        if data is None:
            return None
        return self.archive.parsed(_STRICT.sub(_TRANSITIONAL, data), part)

    def side(self, part: str) -> Element | None:
        """The tree of a part that a document can do without; None, with a warning, where it is damaged."""
        try:
            return self.root(part)
        except DamagedDocument as error:
            self.archive.warnings.append(f"Read without part {part!r}: {error.message}")
            return None

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The relationships of a part by id; of the package itself for ""."""
        folder, name = posixpath.split(part)
        root = self.side(posixpath.join(folder, "_rels", f"{name}.rels") if part else _PACKAGE_RELS)
        if root is None:
            return {}
        return {
            item.get("Id", ""): _relationship(item, folder)
            for item in root.iter(f"{PKG_REL}Relationship")
            if item.get("Target")
        }


def open_package(path: Path) -> Package:
    """Open a DOCX file.

    Raises:
        DamagedDocument: it is no ZIP archive, or its directory is broken.
    """
    return Package(open_archive(path))


def _relationship(item: Element, folder: str) -> Relationship:
    target = item.get("Target", "")
    external = item.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/" if target.startswith("/") else folder, target)).lstrip("/")
    return Relationship(item.get("Type", "").rsplit("/", 1)[-1], target, external)
