"""The clue finder: verbatim facts with their places, found by code in any document.

`find` reads a parsed document once and gives every sentence, definition, key-value line, table row, step, procedure
and warning that lies wholly in one of its chunks. `worth` says how much fact one of them bears.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter

from doc2data.clues import entities, lists, prose, tables
from doc2data.clues.acronyms import Acronym, spelled_out
from doc2data.clues.acronyms import find as find_acronyms
from doc2data.clues.candidate import Candidate
from doc2data.clues.worth import worth
from doc2data.records import Chunk, Clue, Span, content_id
from doc2data.sentences import split
from parsers.document import Document

__all__ = ["Acronym", "find", "find_acronyms", "spelled_out", "split", "worth"]


def find(document: Document, document_id: str, chunks: Sequence[Chunk], key: str = "") -> list[Clue]:
    """Every clue of a document, in reading order.

    Each quote is exactly `document.text[start:end]` and lies in one span of its chunk; a procedure alone runs over
    neighbouring spans with nothing but white space between them. An id names what the clue says and the headings over
    it, not where it stands; of clues that say the same, it counts which one it is.

    Args:
        document: as parsed.
        document_id: the id that `chunks` name as theirs.
        chunks: the document's chunks.
        key: what ids begin from (`DocumentRow.key`); by default `document_id`.
    """
    homes = _Homes(chunks, document.text)
    found: dict[tuple[object, ...], Clue] = {}
    seen: Counter[str] = Counter()
    for candidate in sorted(_candidates(document), key=lambda c: (c.start, -c.end, c.kind)):
        for chunk in homes.of(candidate):
            place = (candidate.start, candidate.end, candidate.kind, chunk.id if _is_header(candidate) else "")
            if place not in found:
                clue = _clue(candidate, chunk, document, document_id)
                content = content_id("clue", key or document_id, document.title, *_said(clue))
                found[place] = replace(clue, id=content_id(content, seen[content]) if seen[content] else content)
                seen[content] += 1
    return list(found.values())


def _candidates(document: Document) -> Iterator[Candidate]:
    blocks = document.blocks
    yield from tables.candidates(blocks)
    yield from lists.candidates(blocks)
    for before, block in pairwise((None, *blocks)):
        prose_kind = block is not None and block.kind in ("paragraph", "list_item", "footnote")
        if block is not None and prose_kind and not lists.is_step(block) and not prose.is_signal(block):
            yield from prose.candidates(block, document.language, before is not None and prose.is_signal(before))


def _spans(chunk: Chunk, text: str) -> Iterable[tuple[Span, bool]]:
    """The chunk's spans, each also as part of the longest run of spans with only white space between (True)."""
    yield from ((span, True) for span in chunk.spans)
    run: Span | None = None
    for span in chunk.spans:
        if run is not None and run.end <= span.start and not text[run.end : span.start].strip():
            run = Span(run.start, span.end)
        else:
            if run is not None:
                yield run, False
            run = span
    if run is not None:
        yield run, False


class _Homes:
    """Which chunks hold a candidate; asked for in the order of their starts, so that each span is looked at once."""

    def __init__(self, chunks: Sequence[Chunk], text: str) -> None:
        homes = ((chunk, span, whole) for chunk in chunks for span, whole in _spans(chunk, text))
        self._coming = sorted(enumerate(homes), key=lambda home: home[1][1].start, reverse=True)
        self._open: list[tuple[int, tuple[Chunk, Span, bool]]] = []

    def of(self, candidate: Candidate) -> list[Chunk]:
        """Chunks that hold the candidate: the first, or every one for a header row, which stands in each part."""
        while self._coming and self._coming[-1][1][1].start <= candidate.start:
            self._open.append(self._coming.pop())
        self._open = sorted((home for home in self._open if home[1][1].end >= candidate.start), key=itemgetter(0))
        whole_only = candidate.kind != "procedure"
        holding = [chunk for _, (chunk, span, whole) in self._open if whole == whole_only and candidate.end <= span.end]
        return holding if _is_header(candidate) else holding[:1]


def _is_header(candidate: Candidate) -> bool:
    return candidate.kind == "table_row" and not candidate.cells


def _said(clue: Clue) -> tuple[object, ...]:
    """All that a prompt can show of a clue."""
    return clue.section, clue.kind, clue.quote, clue.subject, clue.attribute, clue.value, clue.cells


def _clue(candidate: Candidate, chunk: Chunk, document: Document, document_id: str) -> Clue:
    quote = document.text[candidate.start : candidate.end]
    return Clue(
        id="",
        document=document_id,
        chunk=chunk.id,
        kind=candidate.kind,
        start=candidate.start,
        end=candidate.end,
        quote=quote,
        section=candidate.section,
        page=candidate.page,
        entities=entities.find(" ".join(quote.split())),
        subject=candidate.subject,
        attribute=candidate.attribute,
        value=candidate.value,
        cells=candidate.cells,
    )
