"""Cutting a document into chunks along its own structure.

A chunk never crosses a top section. Headings stay with what they head, lists with the line that introduces them,
captions with their table; a table over budget is cut between rows and its header is named again in each part. A
chunk is spans of the document's text, so its text can be made again from them at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from doc2data.records import Chunk, Span, content_id
from doc2data.sentences import split
from parsers.document import Block, Document

Count = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, by the tokenizer in use."""

SMALL = 8
"""A section under 1/SMALL of the budget shares a chunk with its neighbours of the same top section."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut: usually one block, or some rows of a table under its header."""

    spans: tuple[Span, ...]
    path: tuple[str, ...]
    tokens: int
    leads: bool = False
    """Whether it introduces the next piece and should not be parted from it."""


def cut(
    document: Document, document_id: str, count: Count, budget: int, left_out: Collection[int] = (), key: str = ""
) -> list[Chunk]:
    """The document's chunks in reading order.

    A chunk's id names what a prompt shows of it and not where it stands, so a change in another one leaves it alone.

    Args:
        document: what was parsed.
        document_id: the id that chunks name as their document's.
        count: counts tokens.
        budget: most tokens of a chunk; only a single unbroken word can exceed it.
        left_out: indices of blocks that no chunk shall hold.
        key: what ids begin from (`DocumentRow.key`); by default `document_id`.
    """
    blocks = [block for i, block in enumerate(document.blocks) if i not in left_out]
    pieces = _pieces(blocks, document, count, budget)
    packed = [_packed(list(group), budget) for _, group in groupby(pieces, key=lambda p: p.path[:1])]
    seen: Counter[str] = Counter()
    chunks = []
    for index, pieces in enumerate(pieces for section in packed for pieces in section):
        chunk = _chunk(document_id, index, pieces)
        content = content_id("chunk", key or document_id, document.title, chunk.section, chunk.text(document.text))
        chunks.append(replace(chunk, id=content_id(content, seen[content]) if seen[content] else content))
        seen[content] += 1
    return chunks


def _pieces(blocks: Sequence[Block], document: Document, count: Count, budget: int) -> list[_Piece]:
    tokens = count([block.text for block in blocks])
    pieces: list[_Piece] = []
    for i, (block, size) in enumerate(zip(blocks, tokens, strict=True)):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        path = (*block.section, block.text) if block.kind == "heading" else block.section
        if size <= budget:
            pieces.append(_Piece((Span(block.start, block.end),), path, size, _leads(block, following)))
        elif block.table is not None:
            pieces += _rows(block, path, count, budget)
        else:
            pieces += _sentences(block, document, path, count, budget)
    return pieces


def _leads(block: Block, following: Block | None) -> bool:
    if following is None:
        return False
    if block.kind == "heading":
        return True
    if block.kind == "caption":
        return following.kind == "table"
    return block.text.rstrip().endswith((":", "：")) and following.kind in ("list_item", "table", "code")


def _rows(block: Block, path: tuple[str, ...], count: Count, budget: int) -> Iterator[_Piece]:
    """Runs of rows that fit the budget together with the header, whose span each run names again."""
    assert block.table is not None
    lines = [Span(block.start + s, block.start + e) for s, e in block.table.row_spans()]
    top = len(block.table.header)
    sizes = count([block.text[s.start - block.start : s.end - block.start] for s in lines])
    header = Span(lines[0].start, lines[top - 1].end) if top else None
    header_size = sum(sizes[:top])
    for first, last in _runs(sizes[top:], budget - header_size):
        rows = Span(lines[top + first].start, lines[top + last].end)
        if header is None:
            spans: tuple[Span, ...] = (rows,)
        else:
            spans = (Span(header.start, rows.end),) if first == 0 else (header, rows)
        yield _Piece(spans, path, header_size + sum(sizes[top + first : top + last + 1]))


def _sentences(block: Block, document: Document, path: tuple[str, ...], count: Count, budget: int) -> Iterator[_Piece]:
    """Runs of whole sentences; a sentence over budget is cut between words."""
    sentences = [Span(block.start + s, block.start + e) for s, e in split(block.text, document.language)]
    spans = [part for sentence in sentences for part in _halves(sentence, document, count, budget)]
    sizes = count([span.of(document.text) for span in spans])
    for first, last in _runs(sizes, budget):
        yield _Piece((Span(spans[first].start, spans[last].end),), path, sum(sizes[first : last + 1]))


def _halves(span: Span, document: Document, count: Count, budget: int) -> Iterator[Span]:
    """The span, or where it is over budget its halves, cut between words where there are any."""
    text = span.of(document.text)
    if len(text) < 2 or count([text])[0] <= budget:
        yield span
        return
    middle = text.rfind(" ", 0, len(text) // 2 + 1) + 1 or len(text) // 2
    left = len(text[:middle].rstrip()) or middle
    yield from _halves(Span(span.start, span.start + left), document, count, budget)
    yield from _halves(Span(span.start + middle, span.end), document, count, budget)


def _runs(sizes: Sequence[int], budget: int) -> Iterator[tuple[int, int]]:
    """First and last index of greedy runs whose sizes sum to at most `budget`."""
    first, total = 0, 0
    for i, size in enumerate(sizes):
        if i > first and total + size > budget:
            yield first, i - 1
            first, total = i, 0
        total += size
    if sizes:
        yield first, len(sizes) - 1


def _packed(pieces: Sequence[_Piece], budget: int) -> Iterator[list[_Piece]]:
    """Groups of pieces, each the content of one chunk, within one top section."""
    current: list[_Piece] = []
    size = 0
    for unit in _units(pieces, budget):
        unit_size = sum(piece.tokens for piece in unit)
        same = bool(current) and (current[-1].path == unit[0].path or size < budget // SMALL)
        if current and (not same or size + unit_size > budget):
            yield current
            current, size = [], 0
        current = [*current, *unit]
        size += unit_size
    if current:
        yield current


def _units(pieces: Sequence[_Piece], budget: int) -> Iterator[list[_Piece]]:
    """Pieces with those that lead them in, as long as the budget allows."""
    unit: list[_Piece] = []
    for piece in pieces:
        if unit and not (unit[-1].leads and sum(p.tokens for p in unit) + piece.tokens <= budget):
            yield unit
            unit = []
        unit.append(piece)
    if unit:
        yield unit


def _chunk(document_id: str, index: int, pieces: Sequence[_Piece]) -> Chunk:
    return Chunk(
        id="",
        document=document_id,
        index=index,
        section=_common([piece.path for piece in pieces]),
        spans=_joined([span for piece in pieces for span in piece.spans]),
        tokens=sum(piece.tokens for piece in pieces),
    )


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring spans, with only the white space between two blocks or sentences between them, made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and 0 <= span.start - joined[-1].end <= 2:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The deepest path that all share, or the first one where they share nothing but it has a name."""
    shared = paths[0]
    for path in paths[1:]:
        length = next(
            (i for i, (a, b) in enumerate(zip(shared, path, strict=False)) if a != b), min(len(shared), len(path))
        )
        shared = shared[:length]
    return shared or paths[0]
