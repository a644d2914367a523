"""Everything that can go wrong while a document is read.

ParseError
 ├── UnsupportedFile    no parser knows this kind of content
 ├── EmptyDocument      the file holds no text that anybody could read
 ├── EncryptedDocument  a password is needed
 ├── DamagedDocument    the content is not what its format promises
 └── ParseLimit         reading took more time or memory than one file may have
"""

from __future__ import annotations


class ParseError(Exception):
    """A document could not be read: `message` says what happened, `hint` what to do."""

    default_hint = "Open the file in its own application and save it again."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint


class UnsupportedFile(ParseError):
    """No parser knows this kind of content."""

    default_hint = "Convert it to PDF, DOCX, HTML, Markdown or plain text."


class EmptyDocument(ParseError):
    """The file holds no text that anybody could read."""

    default_hint = "Check that it is the right file; leave it out if it is meant to be empty."


class EncryptedDocument(ParseError):
    """A password is needed."""

    default_hint = "Save a copy without a password and add that copy."


class DamagedDocument(ParseError):
    """The content is not what its format promises."""


class ParseLimit(ParseError):
    """Reading took more time or memory than one file may have."""

    default_hint = "Split the file, or raise `parse.seconds` or `parse.memory_mb` in the settings."
