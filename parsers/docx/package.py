"""The parts of a DOCX package, read with care: bounded sizes, no DTD, no external target.

ISO Strict packages use other namespaces for the same vocabulary; they are renamed to the transitional ones, so that
the rest of the reader knows one vocabulary.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from parsers.docx.names import PKG_REL, R
from parsers.errors import DamagedDocument, EncryptedDocument, ParseLimit

Element = etree._Element

MAX_PART_BYTES = 96 << 20
"""Uncompressed size of one XML part; a tree takes several times as much memory."""
MAX_RATIO = 250
"""Compression beyond this ratio, in a part of more than `BOMB_BYTES`, is no document."""
BOMB_BYTES = 16 << 20

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


@dataclass(slots=True)
class Package:
    """An open DOCX file."""

    path: Path
    archive: zipfile.ZipFile
    warnings: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {name.replace("\\", "/").lower(): name for name in self.archive.namelist()}

    def data(self, part: str) -> bytes | None:
        """The bytes of a part; None where the package has no such part.

        Raises:
            ParseLimit: the part is too large, or compressed like a bomb.
            EncryptedDocument: the archive has a password.
            DamagedDocument: the part cannot be unpacked.
        """
        name = self._names.get(part.lower().lstrip("/"))
        if name is None:
            return None
        info = self.archive.getinfo(name)
        self._check_size(info)
        if info.flag_bits & 1:
            raise EncryptedDocument(f"{self.path.name!r} is protected by a password.")
        try:
            with self.archive.open(info) as stream:
                return stream.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
            raise DamagedDocument(f"{self.path.name!r}: part {name!r} cannot be unpacked: {error}.") from error
        except Exception as error:  # zlib.error and its kin have no common base
            raise DamagedDocument(f"{self.path.name!r}: part {name!r} is damaged: {error}.") from error

    def root(self, part: str) -> Element | None:
        """The tree of an XML part; None where the package has no such part."""
        data = self.data(part)
        if data is None:
            return None
        if b"<!DOCTYPE" in data[:4096]:
            raise DamagedDocument(f"{self.path.name!r}: part {part!r} declares a DTD, which no Word document may do.")
        return self._parsed(_STRICT.sub(_TRANSITIONAL, data), part)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The relationships of a part by id; of the package itself for ""."""
        folder, name = posixpath.split(part)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels") if part else _PACKAGE_RELS)
        if root is None:
            return {}
        return {
            item.get("Id", ""): _relationship(item, folder)
            for item in root.iter(f"{PKG_REL}Relationship")
            if item.get("Target")
        }

    def _check_size(self, info: zipfile.ZipInfo) -> None:
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > MAX_PART_BYTES or (info.file_size > BOMB_BYTES and ratio > MAX_RATIO):
            megabytes = info.file_size >> 20
            raise ParseLimit(
                f"{self.path.name!r}: part {info.filename!r} unpacks to {megabytes} MiB, too much for one document.",
                "Leave the file out, or split it into smaller documents.",
            )

    def _parsed(self, data: bytes, part: str) -> Element:
        try:
            return etree.fromstring(data, _parser(recover=False))
        except etree.XMLSyntaxError:
            root = etree.fromstring(data, _parser(recover=True)) if data.strip() else None
        if root is None:
            raise DamagedDocument(f"{self.path.name!r}: part {part!r} is not XML.")
        self.warnings.append(f"Part {part!r} is damaged; what could be read of it was kept.")
        return root


def open_package(path: Path) -> Package:
    """Open a DOCX file.

    Raises:
        DamagedDocument: it is no ZIP archive, or its directory is broken.
    """
    try:
        return Package(path, zipfile.ZipFile(path))
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise DamagedDocument(f"{path.name!r} cannot be opened as a DOCX package: {error}.") from error


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, recover=recover, remove_comments=True, remove_pis=True
    )


def _relationship(item: Element, folder: str) -> Relationship:
    target = item.get("Target", "")
    external = item.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/" if target.startswith("/") else folder, target)).lstrip("/")
    return Relationship(item.get("Type", "").rsplit("/", 1)[-1], target, external)


def relation_id(element: Element, name: str = "id") -> str:
    """The value of an element's `r:` attribute."""
    return element.get(f"{R}{name}", "")
