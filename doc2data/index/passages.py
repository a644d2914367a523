"""Cutting chunks into passages that fit the embedder's window, at the ends of sentences and lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from sentencex import segment

from doc2data.records import Chunk, Passage, Span, content_id
from parsers.language import UNDETERMINED, language_of

HEADINGS = 2
"""How many headings, innermost last, stand before a passage's text where it is indexed."""
HEADING_SHARE = 0.25
"""Most of the window that headings may take."""

Count = Callable[[Sequence[str]], list[int]]

_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
_WORD = re.compile(r"\S+\s*|\s+")


def indexed_text(passage: Passage) -> str:
    """What a passage is found by: its innermost headings, then its text."""
    headings = _headings(passage.section)
    return f"{headings}\n{passage.text}" if headings else passage.text


def cut_passages(
    chunk: Chunk,
    document_name: str,
    document_text: str,
    page_at: Callable[[int], int | None],
    count: Count,
    window: int,
) -> list[Passage]:
    """Passages that cover a chunk, in order; each is a slice of the document's text.

    Args:
        chunk: what to cut.
        document_name: goes into `Passage.document`.
        document_text: what the chunk's spans point into.
        page_at: the page of a character offset.
        count: tokens of each text, as `window` counts them.
        window: most tokens of one passage with its headings.
    """
    special = count([""])[0]
    headings = count([_headings(chunk.section)])[0] - special
    budget = max(8, window - special - min(headings, int(window * HEADING_SHARE)))
    language = _language(document_text)
    passages = []
    for stretch in _stretches(chunk.spans, document_text):
        pieces = list(_pieces(stretch, document_text, language))
        for span in _pack(_fitting(pieces, document_text, _Measure(count, special), budget), budget):
            trimmed = _trim(span, document_text)
            if trimmed.start < trimmed.end:
                passages.append(_passage(chunk, document_name, trimmed.of(document_text), trimmed, page_at))
    return passages


class _Measure:
    """Tokens of slices, without the tokens that the embedder adds to every text."""

    def __init__(self, count: Count, special: int) -> None:
        self._count = count
        self._special = special

    def __call__(self, texts: Sequence[str]) -> list[int]:
        return [max(1, tokens - self._special) for tokens in self._count(texts)] if texts else []


def _passage(chunk: Chunk, document: str, text: str, span: Span, page_at: Callable[[int], int | None]) -> Passage:
    return Passage(
        id=content_id("passage", document, chunk.id, chunk.section, span.start, span.end, text),
        document=document,
        chunk=chunk.id,
        section=chunk.section,
        page=page_at(span.start),
        start=span.start,
        end=span.end,
        text=text,
    )


def _headings(section: Sequence[str]) -> str:
    return " > ".join(section[-HEADINGS:])


def _stretches(spans: Sequence[Span], text: str) -> list[Span]:
    """Spans that follow each other with only blanks between, joined."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.end <= span.start and not text[last.end : span.start].strip():
            joined[-1] = Span(last.start, span.end)
        else:
            joined.append(span)
    return joined


def _pieces(stretch: Span, text: str, language: str) -> Iterator[Span]:
    """Sentences, none across a line's end, with the blanks behind them: together exactly the stretch."""
    for line in _LINE.finditer(stretch.of(text)):
        start = stretch.start + line.start()
        sentences = segment(language, line.group())
        if "".join(sentences) != line.group():
            sentences = [line.group()]
        for sentence in sentences:
            yield Span(start, start + len(sentence))
            start += len(sentence)


def _fitting(pieces: Sequence[Span], text: str, measure: _Measure, budget: int) -> list[tuple[Span, int]]:
    """Pieces with their tokens, those over the budget cut at words, then anywhere."""
    fitting: list[tuple[Span, int]] = []
    for piece, tokens in zip(pieces, measure([p.of(text) for p in pieces]), strict=True):
        if tokens <= budget:
            fitting.append((piece, tokens))
            continue
        words = [Span(piece.start + m.start(), piece.start + m.end()) for m in _WORD.finditer(piece.of(text))]
        smaller = words if len(words) > 1 else _halves(piece)
        packed = _pack(_fitting(smaller, text, measure, budget), budget) if len(piece.of(text)) > 1 else [piece]
        fitting += zip(packed, measure([p.of(text) for p in packed]), strict=True)
    return fitting


def _halves(piece: Span) -> list[Span]:
    middle = (piece.start + piece.end) // 2
    return [Span(piece.start, middle), Span(middle, piece.end)]


def _pack(pieces: Sequence[tuple[Span, int]], budget: int) -> list[Span]:
    """Consecutive pieces joined for as long as they fit the budget together."""
    packed: list[Span] = []
    used = 0
    for piece, tokens in pieces:
        if packed and used + tokens <= budget:
            packed[-1] = Span(packed[-1].start, piece.end)
            used += tokens
        else:
            packed.append(piece)
            used = tokens
    return packed


def _trim(span: Span, text: str) -> Span:
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))


@lru_cache(maxsize=8)
def _language(document_text: str) -> str:
    """The language whose rules end sentences; English where it is not known."""
    language = language_of(document_text)
    return "en" if language == UNDETERMINED else language
