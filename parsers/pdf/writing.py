"""Drafts written as blocks: text joined, places given on the page as displayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.document import Box, DocumentBuilder
from parsers.pdf.contents import LEADER
from parsers.pdf.drafts import Draft, Segment
from parsers.pdf.frames import Frame
from parsers.pdf.lines import Line
from parsers.pdf.lists import split_marker, split_note
from parsers.pdf.prose import join_lines, join_pair


@dataclass(frozen=True, slots=True)
class Writer:
    """Adds drafts to a document."""

    builder: DocumentBuilder
    words: Mapping[str, int]
    """Counts of the document's unbroken words."""
    frames: Mapping[int, Frame]
    """Frame of each page, by page number."""

    def add(self, draft: Draft) -> None:
        """Add a draft as a block."""
        text, parts = ("", table_parts(draft)) if draft.table else draft_text(draft, self.words)
        places = [(start, end, segment.page, self._box(segment)) for (start, end), segment in parts]
        self.builder.add(
            draft.kind,
            text,
            level=draft.level,
            marker=draft.marker,
            page=draft.page,
            box=self._box(draft.segments[0]),
            parts=places if len(places) > 1 else (),
            table=draft.table,
            ocr_confidence=draft.confidence,
        )

    def _box(self, segment: Segment) -> Box:
        return self.frames[segment.page].displayed(segment.box)


def table_parts(draft: Draft) -> list[tuple[tuple[int, int], Segment]]:
    """Where in a table's text the rows of each of its segments stand."""
    spans = draft.table.row_spans() if draft.table else []
    starts = [0, *(spans[row][0] if row < len(spans) else spans[-1][1] for row in draft.breaks)]
    ends = [*starts[1:], spans[-1][1]] if spans else []
    return [((start, end), segment) for start, end, segment in zip(starts, ends, draft.segments, strict=True)]


def draft_text(draft: Draft, words: Mapping[str, int]) -> tuple[str, list[tuple[tuple[int, int], Segment]]]:
    """A draft's text, and where in it each of its segments stands."""
    text = ""
    parts: list[tuple[tuple[int, int], Segment]] = []
    for number, segment in enumerate(draft.segments):
        piece = _segment_text(draft, segment, words, first=number == 0)
        text = f"{text}\n{piece}" if draft.kind == "code" and text else join_pair(text, piece, words)
        start = len(text) - len(piece)
        if parts:
            (begin, end), before = parts[-1]
            parts[-1] = ((begin, min(end, start)), before)
        parts.append(((start, len(text)), segment))
    return text, parts


def _segment_text(draft: Draft, segment: Segment, words: Mapping[str, int], first: bool) -> str:
    if draft.kind == "code":
        return "\n".join(_code_lines(segment.lines, _left(draft, segment.page)))
    texts = [line.text if draft.contents is None else LEADER.sub(" … ", line.text) for line in segment.lines]
    split = {"list_item": split_marker, "footnote": split_note}.get(draft.kind)
    found = split(texts[0]) if first and split and draft.marker else None
    if found:
        texts[0] = found[1]
    return join_lines(texts, words)


def _left(draft: Draft, page: int) -> float:
    return min(line.box[0] for segment in draft.segments if segment.page == page for line in segment.lines)


def _code_lines(lines: Sequence[Line], left: float) -> Iterator[str]:
    """Lines of code with their indentation from a left edge, and empty lines where the page shows a gap."""
    widths = sorted((line.box[2] - line.box[0]) / max(1, len(line.text)) for line in lines)
    width = widths[len(widths) // 2] or 1.0
    below: float | None = None
    for line in lines:
        if below is not None and line.box[1] - below > 0.9 * line.height:
            yield ""
        yield " " * round((line.box[0] - left) / width) + line.text
        below = line.box[3]
