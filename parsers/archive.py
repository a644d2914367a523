"""ZIP-based documents, unpacked with care: one member at a time, in memory, and never more than a document may hold."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from parsers.errors import DamagedDocument, EncryptedDocument, ParseLimit

Element = etree._Element

MAX_MEMBER_BYTES = 64 << 20
"""Unpacked size of one member; the tree of an XML member takes several times as much memory."""
MAX_TOTAL_BYTES = 1 << 30
MAX_RATIO = 120
"""Compression beyond this ratio, in a member of more than `BOMB_BYTES`, is no document."""
BOMB_BYTES = 16 << 20

_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError)


@dataclass(slots=True)
class Archive:
    """An open ZIP file; names are compared without regard to case."""

    path: Path
    file: zipfile.ZipFile
    warnings: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {name.replace("\\", "/").lower(): name for name in self.file.namelist()}

    def data(self, name: str) -> bytes | None:
        """The bytes of a member; None where there is no such member.

        Raises:
            ParseLimit: the member is too large, or compressed like a bomb.
            EncryptedDocument: it has a password.
            DamagedDocument: it cannot be unpacked.
        """
        known = self._names.get(name.lower().lstrip("/"))
        if known is None:
            return None
        info = self.file.getinfo(known)
        self._check(info)
        try:
            with self.file.open(info) as stream:
                return stream.read(MAX_MEMBER_BYTES + 1)
        except _DAMAGE as error:
            raise DamagedDocument(f"{self.path.name!r}: part {known!r} cannot be unpacked: {error}.") from error

    def root(self, name: str) -> Element | None:
        """The tree of an XML member; None where there is no such member. Damaged XML is read as far as it goes."""
        data = self.data(name)
        return self.parsed(data, name) if data is not None else None

    def parsed(self, data: bytes, name: str) -> Element:
        """The tree of a member's bytes.

        Raises:
            DamagedDocument: it is no XML, or declares entities, which no document needs.
        """
        if b"<!ENTITY" in data[:65536]:
            raise DamagedDocument(f"{self.path.name!r}: part {name!r} declares entities, which no document may do.")
        try:
            return etree.fromstring(data, _parser(recover=False))
        except etree.XMLSyntaxError:
            root = etree.fromstring(data, _parser(recover=True)) if data.strip() else None
        if root is None:
            raise DamagedDocument(f"{self.path.name!r}: part {name!r} is not XML.")
        self.warnings.append(f"Part {name!r} is damaged; what could be read of it was kept.")
        return root

    def check_all(self) -> None:
        """Refuse an archive that must not be handed to a library which unpacks it by itself.

        Raises:
            ParseLimit: a member or the whole is too large.
        """
        for info in self.file.infolist():
            self._check(info)
        total = sum(info.file_size for info in self.file.infolist())
        if total > MAX_TOTAL_BYTES:
            raise self._too_large(f"It unpacks to {total >> 20} MiB")

    def _check(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & 1:
            raise EncryptedDocument(f"{self.path.name!r} is protected by a password.")
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > MAX_MEMBER_BYTES or (info.file_size > BOMB_BYTES and ratio > MAX_RATIO):
            raise self._too_large(f"Part {info.filename!r} unpacks to {info.file_size >> 20} MiB")

    def _too_large(self, what: str) -> ParseLimit:
        return ParseLimit(
            f"{self.path.name!r}: {what}, too much for one document.",
            "Leave the file out, or split it into smaller documents.",
        )


def open_archive(path: Path) -> Archive:
    """Open a ZIP-based document.

    Raises:
        DamagedDocument: it is no ZIP archive, or its directory is broken.
    """
    try:
        return Archive(path, zipfile.ZipFile(path))
    except _DAMAGE as error:
        raise DamagedDocument(f"{path.name!r} cannot be unpacked: {error}.") from error


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, recover=recover, remove_comments=True, remove_pis=True
    )
