"""Drafts: blocks in the making, cut out of regions line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from parsers.document import BlockKind, Box, Table
from parsers.pdf.glyphs import rtl_share
from parsers.pdf.lines import Line, union
from parsers.pdf.lists import is_bullet, is_caption, split_marker, split_note
from parsers.pdf.regions import Region, RegionKind

TERMINAL = tuple('.!?:;。！？：；؟”"')
KINDS: dict[RegionKind, BlockKind] = {
    "title": "heading",
    "section-header": "heading",
    "list-item": "list_item",
    "caption": "caption",
    "footnote": "footnote",
    "table": "table",
}
LONGEST_CAPTION = 400
SIZE_STEP = 1.12
"""Ratio of font sizes from which two lines are not of one paragraph."""


Style = tuple[float, bool, int, str]
"""Font size to half a point, weight, colour, font name."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines of a draft in one column of one page."""

    page: int
    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        """The box around the lines."""
        return union(line.box for line in self.lines)


@dataclass(slots=True)
class Draft:
    """A block in the making."""

    kind: BlockKind
    segments: list[Segment]
    origin: RegionKind
    """What the layout model called the region."""
    span: tuple[float, float]
    """Left and right edge of the column that the draft stands in."""
    marker: str | None = None
    level: int | None = None
    table: Table | None = None
    edges: tuple[float, ...] = ()
    """Left edges of a table's columns."""
    breaks: tuple[int, ...] = ()
    """Rows of a table's grid at which its second and further segments begin."""
    contents: int | None = None
    """Number of the contents list that this is an entry of."""

    @property
    def lines(self) -> list[Line]:
        """All lines over all segments."""
        return [line for segment in self.segments for line in segment.lines]

    @property
    def page(self) -> int:
        """The page on which the draft begins."""
        return self.segments[0].page

    @property
    def size(self) -> float:
        """Usual font size in points."""
        return float(median(line.size for line in self.lines))

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def confidence(self) -> float | None:
        """Mean OCR confidence by character; None where the text layer was read."""
        read = [(line.confidence, len(line.text)) for line in self.lines if line.confidence is not None]
        total = sum(length for _, length in read)
        return sum(sure * length for sure, length in read) / total if total else None

    @property
    def style(self) -> Style:
        """What sets this text apart from other text."""
        line = max(self.lines, key=lambda line: len(line.text))
        return (round(self.size * 2) / 2, self.bold, line.color, line.font)

    @property
    def plain(self) -> str:
        """Text with lines simply joined, for comparing and classifying."""
        return " ".join(line.text for line in self.lines)


def region_drafts(region: Region, page: int, code: bool = True) -> list[Draft]:
    """The drafts that a region's lines make, in order.

    Args:
        region: lines that belong together.
        page: number of their page.
        code: whether a typewriter face means code, as it does where the rest of the document is in another face.
    """
    kind = KINDS.get(region.kind, "paragraph")
    span = (region.box[0], region.box[2])
    drafts = []
    for lines in _pieces(region, code):
        draft = Draft(kind, [Segment(page, tuple(lines))], region.kind, span)
        drafts.append(_marked(draft, code))
    return drafts


def _marked(draft: Draft, code: bool) -> Draft:
    """A draft with the kind and the marker that its own text and type tell."""
    if draft.kind == "footnote" or (draft.kind == "paragraph" and raised_mark(draft.lines[0])):
        return _note(draft)
    if draft.kind not in ("paragraph", "list_item"):
        return draft
    lines = draft.lines
    found = split_marker(lines[0].text)
    if code and all(line.mono for line in lines) and draft.kind == "paragraph":
        draft.kind = "code"
    elif found and (draft.kind == "list_item" or is_bullet(found[0]) or _hangs(lines)):
        draft.kind, draft.marker = "list_item", found[0]
    elif is_caption(lines[0].text) and len(draft.plain) < LONGEST_CAPTION:
        draft.kind = "caption"
    elif draft.kind == "list_item":
        draft.kind = "paragraph"
    return draft


def _note(draft: Draft) -> Draft:
    found = split_note(draft.lines[0].text)
    draft.kind, draft.marker = "footnote", found[0] if found else None
    return draft


def raised_mark(line: Line) -> bool:
    """Whether a line opens with a superscript that can be the mark of a footnote."""
    return line.look.opens_raised and split_note(line.text) is not None


def _hangs(lines: Sequence[Line]) -> bool:
    """Whether the lines after the first are indented as under a list marker, or there are none."""
    if len(lines) == 1:
        return len(lines[0].text) < 200
    return min(line.box[0] for line in lines[1:]) > lines[0].box[0] + 0.6 * lines[0].size


def _pieces(region: Region, code: bool) -> Iterator[list[Line]]:
    piece: list[Line] = []
    cut = _Cut(region, code)
    for line in region.lines:
        if piece and cut.before(line, piece):
            yield piece
            piece = []
        piece.append(line)
    if piece:
        yield piece


class _Cut:
    """Decides where a region's lines fall into separate drafts."""

    def __init__(self, region: Region, code: bool) -> None:
        self.kind = region.kind
        self.code = code
        self.left, _, self.right, _ = region.box
        tops = [line.box[3] for line in region.lines]
        self.pitch = median(b - a for a, b in pairwise(tops)) if len(tops) > 1 else 0.0
        self.rtl = rtl_share(" ".join(line.text for line in region.lines)) > 0.5

    def before(self, line: Line, piece: Sequence[Line]) -> bool:
        """Whether a new draft begins with this line."""
        if self.kind in ("formula", "table"):
            return False
        last = piece[-1]
        if self.kind in ("title", "section-header"):
            return max(line.size, last.size) > 1.5 * min(line.size, last.size)
        if self.kind == "footnote":
            return _opens_note(line)
        return (
            self._new_style(line, piece)
            or self._new_item(line, piece)
            or self._gap(line, last)
            or (not (self.code and last.mono) and self._new_paragraph(line, piece))
        )

    def _new_style(self, line: Line, piece: Sequence[Line]) -> bool:
        last = piece[-1]
        big, small = max(line.size, last.size), min(line.size, last.size)
        if big > SIZE_STEP * small and min(len(line.text), len(last.text)) > 3:
            return True
        if min(len(line.text), len(last.text)) <= 3:
            return False
        recolored = line.color != last.color and (line.font != last.font or big > small + 0.4)
        return recolored or (self.code and self._code_begins_or_ends(line, piece))

    def _code_begins_or_ends(self, line: Line, piece: Sequence[Line]) -> bool:
        """Whether one of two lines is code and the other is not, and neither is a word of code in running text."""
        if line.mono:
            return not piece[-1].mono and not piece[-1].look.ends_mono
        return all(other.mono for other in piece)

    def _new_item(self, line: Line, piece: Sequence[Line]) -> bool:
        found = split_marker(line.text)
        if found is None or (self.code and line.mono and not is_bullet(found[0])):
            return False
        marker, rest = found
        if is_bullet(marker):
            return marker not in "-–—*·" or split_marker(piece[0].text) is not None or _ended(piece[-1].text)
        if not rest:
            return False
        return self.kind == "list-item" or split_marker(piece[0].text) is not None or _ended(piece[-1].text)

    def _gap(self, line: Line, last: Line) -> bool:
        gap = line.box[1] - last.box[3]
        return gap > max(0.75 * line.size, 0.0) and (line.box[3] - last.box[3]) > 1.35 * self.pitch

    def _new_paragraph(self, line: Line, piece: Sequence[Line]) -> bool:
        last, first = piece[-1], piece[0]
        if not _ended(last.text):
            return False
        indent = self._start(line) - min(self._start(other) for other in piece)
        if split_marker(first.text) is not None:
            under = self._start(line) - self._start(first)
            hanging = len(piece) > 1 and self._start(piece[1]) > self._start(first) + 2
            return hanging and under < 2
        short = self._room(last) > 0.35 * (self.right - self.left)
        return (1.0 < indent / line.size < 4.0 and self._start(last) - self._start(first) < 1) or short

    def _start(self, line: Line) -> float:
        return self.right - line.box[2] if self.rtl else line.box[0]

    def _room(self, line: Line) -> float:
        return line.box[0] - self.left if self.rtl else self.right - line.box[2]


def _ended(text: str) -> bool:
    return text.rstrip().endswith(TERMINAL)


def _opens_note(line: Line) -> bool:
    return raised_mark(line) or split_marker(line.text) is not None
