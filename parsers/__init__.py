"""Documents in, blocks out: the front door of every parser.

`parse` reads one file in this process; `parse_isolated` and `parse_many` read in worker processes with limits of time
and memory, so that a damaged file costs only itself. Readers are imported on use.
"""

from parsers.document import Block, BlockKind, Box, Cell, Document, DocumentBuilder, Part, Table
from parsers.errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    ParseError,
    ParseLimit,
    UnsupportedFile,
)
from parsers.markdown import to_json, to_markdown, to_text
from parsers.options import ParseOptions
from parsers.registry import find_documents, parse, supported_types
from parsers.repeats import repeats
from parsers.sandbox import parse_isolated, parse_many
from parsers.sniff import SUFFIXES, sniff

__all__ = [
    "SUFFIXES",
    "Block",
    "BlockKind",
    "Box",
    "Cell",
    "DamagedDocument",
    "Document",
    "DocumentBuilder",
    "EmptyDocument",
    "EncryptedDocument",
    "ParseError",
    "ParseLimit",
    "ParseOptions",
    "Part",
    "Table",
    "UnsupportedFile",
    "find_documents",
    "parse",
    "parse_isolated",
    "parse_many",
    "repeats",
    "sniff",
    "supported_types",
    "to_json",
    "to_markdown",
    "to_text",
]
