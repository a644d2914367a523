"""Foreign content that a document imports when it is opened (`w:altChunk`): HTML and plain text."""

from __future__ import annotations

from pathlib import PurePosixPath

from parsers.document import DocumentBuilder
from parsers.encoding import decode

_PAGES = frozenset((".html", ".htm", ".xhtml"))


def add_chunk(part: str, data: bytes, builder: DocumentBuilder) -> None:
    """Add the blocks of an imported part; a warning where its kind is not read.

    Args:
        part: the part's name in the package, which begins the blocks' paths.
        data: its bytes.
        builder: takes the blocks.
    """
    suffix = PurePosixPath(part).suffix.lower()
    if suffix in _PAGES:
        from parsers.html.blocks import BlockWalk
        from parsers.html.hidden import conceal
        from parsers.html.tree import page_text, parse_tree

        root = parse_tree(page_text(data))
        builder.hide(sum(conceal(root).values()))
        body = root.find("body")
        BlockWalk(builder, prefix=f"{part}#").run(body if body is not None else root)
    elif suffix == ".txt":
        for number, line in enumerate(decode(data).splitlines(), 1):
            builder.add("paragraph", line, path=f"{part}#line[{number}]")
    else:
        builder.warnings.append(f"The imported part {part!r} was not read.")
