"""Clues made by hand for tests of the graph."""

from __future__ import annotations

from doc2data.records import Clue, ClueKind, content_id


def clue(
    quote: str,
    entities: tuple[str, ...] = (),
    chunk: str = "c1",
    document: str = "d1",
    kind: ClueKind = "sentence",
) -> Clue:
    """A clue whose id follows from its words and its chunk."""
    return Clue(content_id(quote, chunk), document, chunk, kind, 0, len(quote), quote, entities=entities)


def row(
    headers: tuple[str, ...], cells: tuple[str, ...], caption: str = "", document: str = "d1", chunk: str = "t1"
) -> Clue:
    """A table row with its first cell as the label."""
    quote = " | ".join(cells)
    return Clue(
        content_id(quote, document, caption, headers),
        document,
        chunk,
        "table_row",
        int(content_id(quote)[:4], 16),
        0,
        quote,
        subject=cells[0],
        attribute=caption,
        cells=tuple(zip(headers, cells, strict=True)),
    )
