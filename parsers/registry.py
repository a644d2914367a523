"""Readers by type, imported on use, and the way from a file to a Document."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from parsers.document import Document
from parsers.errors import DamagedDocument, EmptyDocument, ParseError, ParseLimit
from parsers.options import ParseOptions
from parsers.sniff import FOREIGN_SUFFIXES, SUFFIXES, sniff

Reader = Callable[[Path, ParseOptions, str], Document]

READERS: dict[str, str] = {
    "pdf": "parsers.pdf:read",
    "html": "parsers.html:read",
    "docx": "parsers.docx:read",
    "markdown": "parsers.markdown_file:read",
    "text": "parsers.text:read",
    "pptx": "parsers.pptx:read",
    "xlsx": "parsers.xlsx:read",
    "csv": "parsers.csv_file:read",
    "epub": "parsers.epub:read",
    "subtitles": "parsers.subtitles:read",
    "email": "parsers.email_file:read",
}
"""Type -> "module:function"; each function is a `Reader` taking path, options and the file's SHA-256."""


def supported_types() -> tuple[str, ...]:
    """The types that can be read, without importing any reader."""
    return tuple(READERS)


def parse(path: Path, options: ParseOptions | None = None) -> Document:
    """Read one file in this process.

    Raises:
        ParseError: one of its subclasses, with a message that names the file and a hint.
    """
    if path.exists() and not path.is_file():
        raise ParseError(f"{path.name!r} is not a file but a folder, a pipe or a device.", "Name a document.")
    try:
        kind, sha256 = sniff(path), _sha256(path)
    except (OSError, ValueError) as error:
        raise _unopened(path, error) from error
    try:
        document = _reader(kind)(path, options or ParseOptions(), sha256)
    except ParseError:
        raise
    except MemoryError as error:
        raise ParseLimit(f"Reading {path.name!r} took more memory than one file may have.") from error
    except RecursionError as error:
        raise DamagedDocument(f"{path.name!r} nests its content too deeply to be read.") from error
    except Exception as error:
        raise DamagedDocument(f"{path.name!r} could not be read as {kind}: {type(error).__name__}: {error}") from error
    if not document.blocks:
        raise EmptyDocument(f"{path.name!r} holds no text.")
    return document


def find_documents(folder: Path) -> list[Path]:
    """Files under `folder` that look like documents, sorted, those of kinds that cannot be read among them.

    Hidden files and folders, lock files of Office ("~$...") and links that leave the folder are left out.
    """
    root = folder.resolve()
    found: list[Path] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [path for name in files if _is_candidate(path := Path(parent, name), root)]
    return sorted(found)


def _is_candidate(path: Path, root: Path) -> bool:
    if path.name.startswith((".", "~$")) or path.suffix.lower() not in SUFFIXES | FOREIGN_SUFFIXES:
        return False
    inside = not path.is_symlink() or path.resolve().is_relative_to(root)
    return inside and path.is_file()


def _reader(kind: str) -> Reader:
    module, function = READERS[kind].split(":")
    reader: Reader = getattr(import_module(module), function)
    return reader


def _unopened(path: Path, error: OSError | ValueError) -> ParseError:
    reason = getattr(error, "strerror", None) or error  # a name that no file can have is a ValueError
    return ParseError(f"{path.name!r} cannot be opened: {reason}.", "Check the path and its permissions.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
