"""What a file is, told by its content; its name only decides between kinds of plain text."""

from __future__ import annotations

import re
from pathlib import Path

from parsers.errors import EmptyDocument, EncryptedDocument, UnsupportedFile

HEAD_BYTES = 8192

TEXT_SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".eml": "email",
}
SUFFIXES = frozenset(
    {
        ".pdf",
        ".html",
        ".htm",
        ".xhtml",
        ".mht",
        ".mhtml",
        ".docx",
        ".docm",
        ".pptx",
        ".epub",
        ".xlsx",
        ".txt",
        ".text",
        ".rst",
    }
    | set(TEXT_SUFFIXES)
)
"""Suffixes by which `find_documents` recognises candidates; what a file is, its content decides."""

FOREIGN_SUFFIXES = frozenset((".doc", ".rtf", ".odt", ".ppt", ".xls", ".ods", ".odp", ".wpd"))
"""Documents that nothing here reads; they are found all the same, so that each fails by name instead of vanishing."""

_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls, .ppt) or an encrypted one"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|table|p|h[1-6]|article|section)\b", re.IGNORECASE
)
_WORD_XML = (b"schemas.microsoft.com/office/word/2003/wordml", b"schemas.microsoft.com/office/2006/xmlPackage")
_EMAIL_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]*: ?\S")
_EMAIL_FIELDS = (b"from:", b"date:", b"message-id:", b"mime-version:")
_CUE = re.compile(rb"(?m)^[ \t]*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3} --> ")
_MARKED_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def sniff(path: Path) -> str:
    """Name the type of a file's content, one of the keys of `registry.READERS`.

    Raises:
        EmptyDocument: the file has no bytes, or only white space.
        EncryptedDocument: an Office file behind a password.
        UnsupportedFile: nothing here reads such content.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyDocument(f"{path.name!r} is empty.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _zip_type(path)
    _refuse_foreign(path, head)
    return _text_type(path, head)


def _refuse_foreign(path: Path, head: bytes) -> None:
    for magic, what in _FOREIGN:
        if not head.startswith(magic):
            continue
        if magic.startswith(b"\xd0\xcf") and _ENCRYPTED_OFFICE in path.read_bytes():
            raise EncryptedDocument(f"{path.name!r} is protected by a password.")
        raise UnsupportedFile(f"{path.name!r} is {what}.")


def _zip_type(path: Path) -> str:
    from parsers.archive import open_archive

    archive = open_archive(path)
    with archive.file:
        names = set(archive.file.namelist())
        mime = archive.data("mimetype")
    if mime is not None and mime.strip() == b"application/epub+zip":
        return "epub"
    if mime is not None and mime.startswith(b"application/vnd.oasis.opendocument"):
        raise UnsupportedFile(
            f"{path.name!r} is an OpenDocument file.", "Save it as .docx, .pptx or .xlsx and add that."
        )
    return _office_type(path, names)


def _office_type(path: Path, names: set[str]) -> str:
    folders = {name.replace("\\", "/").split("/")[0].lower() for name in names}
    for folder, kind in (("word", "docx"), ("ppt", "pptx"), ("xl", "xlsx")):
        if folder in folders:
            return kind
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        return "docx"
    raise UnsupportedFile(f"{path.name!r} is a ZIP archive, not a document.", "Unpack it and add the files inside.")


def _text_type(path: Path, head: bytes) -> str:
    if any(mark in head for mark in _WORD_XML):
        raise UnsupportedFile(f"{path.name!r} is a Word XML file, not a DOCX package.", "Save it as .docx in Word.")
    suffix = path.suffix.lower()
    plain = _as_single_bytes(head)
    if suffix in TEXT_SUFFIXES:
        return TEXT_SUFFIXES[suffix]
    if _is_html(plain, suffix):
        return "html"
    if _looks_binary(plain):
        raise UnsupportedFile(f"{path.name!r} is not a document that can be read here.")
    return _plain_type(plain)


def _is_html(plain: bytes, suffix: str) -> bool:
    start = plain.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if suffix in {".html", ".htm", ".xhtml"}:
        return True
    return start.startswith(b"<") and _HTML_TAG.search(plain) is not None


def _plain_type(plain: bytes) -> str:
    if plain.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT") or _CUE.search(plain):
        return "subtitles"
    header = plain.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0].lower()
    if _EMAIL_LINE.match(plain) and sum(field in header for field in _EMAIL_FIELDS) >= 2:
        return "email"
    return "text"


def _as_single_bytes(head: bytes) -> bytes:
    """UTF-16 text with its zero bytes removed, so that ASCII patterns can be looked for."""
    if head.startswith(_MARKED_UTF16):
        return head[2:].replace(b"\x00", b"")
    return head


def _looks_binary(plain: bytes) -> bool:
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in plain)
    return control > len(plain) // 50
