"""DOCX files: the body as Word shows it, from the parts of the package."""

from parsers.docx.reader import read

__all__ = ["read"]
