"""Text lines of a PDF page: runs of one style, with their place on the page as displayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pymupdf

from parsers.document import Box
from parsers.pdf.bidi import SCRIPT_CHANGE, logical_order, logical_spans
from parsers.pdf.glyphs import clean, needs_space, rtl_share
from parsers.pdf.spacing import is_glued, respaced

TEXT_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_PRESERVE_WHITESPACE
BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "-bd", "cmbx", "sfbx", "medi")
MONO_NAMES = ("mono", "courier", "consol", "menlo", "cmtt", "sftt", "typewriter", "inconsolata", "code")
RTL_PAGE = 0.2
"""Share of right-to-left letters from which a page is read as a right-to-left page."""
RIGHT_BULLETS = frozenset("•▪●○■◦")
"""Glyphs that, at the right end of a row, are the bullet of an item on a right-to-left page."""
LONGEST_MARK = 3
SUPERSCRIPT = 1
ITALIC = 2
MONOSPACED = 8
BOLD = 16


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style on one line."""

    text: str
    box: Box
    size: float
    font: str
    bold: bool
    italic: bool
    mono: bool
    raised: bool
    """Set as a superscript."""
    color: int = 0
    """sRGB as one number."""


@dataclass(frozen=True, slots=True)
class Look:
    """How most of a line is set."""

    size: float = 0.0
    """Font size in points."""
    font: str = ""
    color: int = 0
    bold: bool = False
    """Whether every run that holds letters is bold."""
    mono: bool = False
    """Whether every run is in a typewriter face."""
    opens_raised: bool = False
    """Whether the line opens with a superscript short enough for the mark of a footnote."""
    ends_mono: bool = False
    """Whether the last run is in a typewriter face."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as printed, its runs in reading order."""

    text: str
    box: Box
    runs: tuple[Run, ...]
    """Only while the line is made; a line that belongs to a region has none, for they take most of the memory."""
    source: int
    """Number of the text block in the page's content stream; neighbours often belong together."""
    look: Look = Look()
    confidence: float | None = None
    """0 to 1 where the line was read by OCR."""

    @property
    def size(self) -> float:
        """Font size of most characters, in points."""
        return self.look.size

    @property
    def bold(self) -> bool:
        """Whether every run that holds letters is bold."""
        return self.look.bold

    @property
    def mono(self) -> bool:
        """Whether every run is in a typewriter face."""
        return self.look.mono

    @property
    def font(self) -> str:
        """Font of most characters."""
        return self.look.font

    @property
    def color(self) -> int:
        """Colour of most characters."""
        return self.look.color

    @property
    def height(self) -> float:
        """Height of the line's box in points."""
        return self.box[3] - self.box[1]


def look_of(runs: Sequence[Run]) -> Look:
    """How most characters of some runs are set."""
    inked = [run for run in runs if run.text.strip()]
    if not inked:
        return Look()
    weights: dict[tuple[float, str, int], int] = {}
    for run in inked:
        key = (run.size, run.font, run.color)
        weights[key] = weights.get(key, 0) + len(run.text)
    size, font, color = max(weights, key=weights.__getitem__) if len(weights) > 1 else next(iter(weights))
    raised = inked[0].raised and len(inked[0].text.strip()) <= LONGEST_MARK
    bold, mono = all(run.bold for run in inked), all(run.mono for run in inked)
    return _look(size, font, color, bold, mono, raised, inked[-1].mono)


_look = cache(Look)
"""Looks are few and lines are many, so equal looks are one object."""


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all boxes."""
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return (min(x0s), min(y0s), max(x1s), max(y1s))


def sideways(blocks: Sequence[dict[str, Any]]) -> int:
    """Degrees clockwise by which a page must be turned so that most of its text runs from left to right."""
    turns: Counter[int] = Counter()
    for block in blocks:
        for line in block.get("lines", ()):
            across, down = line["dir"]
            length = sum(len(span["text"].strip()) for span in line["spans"])
            turns[_turn(across, down)] += length
    return turns.most_common(1)[0][0] if turns else 0


def _turn(across: float, down: float) -> int:
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 180
    return 90 if down < 0 else 270


def page_lines(
    textpage: Any,
    blocks: Sequence[dict[str, Any]],
    exact: bool = True,
    seen: Callable[[Sequence[dict[str, Any]]], Sequence[dict[str, Any]]] = lambda blocks: blocks,
) -> list[Line]:
    """The horizontal lines of a text page, in the order of the content stream.

    Args:
        textpage: as made with TEXT_FLAGS.
        blocks: its blocks, as `extractDICT` gives them, less what is hidden.
        exact: look for lost spaces between all characters, and not only where words seem glued together.
        seen: takes what is hidden out of blocks.
    """
    sample = "".join(span["text"] for block in blocks for line in block.get("lines", ()) for span in line["spans"])
    if rtl_share(sample) > RTL_PAGE:
        return list(_rtl_lines(seen(textpage.extractRAWDICT()["blocks"])))
    if exact or is_glued(sample):
        blocks = [
            {**block, "lines": [respaced(line) for line in block.get("lines", ())]}
            for block in seen(textpage.extractRAWDICT()["blocks"])
        ]
    return list(_ltr_lines(blocks))


def _ltr_lines(blocks: Sequence[dict[str, Any]]) -> Iterator[Line]:
    for number, block in enumerate(blocks):
        for line in _horizontal(block):
            made = _line(line["spans"], number)
            if made is not None:
                yield made


def _rtl_lines(blocks: Sequence[dict[str, Any]]) -> Iterator[Line]:
    """Lines of a right-to-left page; the pieces of a row are put together before they are ordered."""
    for number, block in enumerate(blocks):
        for row in _baselines(_horizontal(block)):
            for spans in logical_spans(row):
                made = _line(spans, number)
                if made is not None:
                    yield made


def _horizontal(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in block.get("lines", ()) if abs(line["dir"][1]) <= abs(line["dir"][0])]


def _baselines(lines: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Spans by the row they stand on."""
    found: list[tuple[float, list[dict[str, Any]]]] = []
    for line in lines:
        for span in line["spans"]:
            y, near = span["origin"][1], 0.3 * span["size"]
            row = next((spans for base, spans in reversed(found) if abs(base - y) < near), None)
            if row is None:
                row = []
                found.append((y, row))
            row.append(span)
    return [spans for _, spans in found]


def _line(spans: Sequence[dict[str, Any]], source: int) -> Line | None:
    runs = tuple(run for span in spans if (run := _run(span)) is not None)
    text = SCRIPT_CHANGE.sub(" ", "".join(run.text for run in runs))
    if not text.strip():
        return None
    inked = [_inked(run) for run in runs if run.text.strip()]
    return Line(text.strip(), union(inked), runs, source, look_of(runs))


def _inked(run: Run) -> Box:
    """A run's box without the spaces before its first character, which code is indented by."""
    lead = len(run.text) - len(run.text.lstrip())
    if not lead:
        return run.box
    x0, y0, x1, y1 = run.box
    return (x0 + (x1 - x0) * lead / len(run.text), y0, x1, y1)


def _run(span: dict[str, Any]) -> Run | None:
    font = span["font"]
    text = clean(span["text"], font)
    if not text:
        return None
    bold, italic, mono = _face(font, span["flags"])
    raised = bool(span["flags"] & SUPERSCRIPT)
    box, size = span["bbox"], round(span["size"], 1)
    return Run(text, box, size, font, bold, italic, mono, raised, span.get("color", 0))


@cache
def _face(font: str, flags: int) -> tuple[bool, bool, bool]:
    """(bold, italic, typewriter), from the font's flags or, where it has none, its name."""
    name = font.lower()
    return (
        bool(flags & BOLD) or any(part in name for part in BOLD_NAMES),
        bool(flags & ITALIC) or "ital" in name or "obli" in name,
        bool(flags & MONOSPACED) or any(part in name for part in MONO_NAMES),
    )


def rows(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom, with pieces that stand on one baseline joined into one line."""
    rest = sorted(lines, key=lambda line: (line.box[1] + line.box[3], line.box[0]))
    grouped: list[list[Line]] = []
    for line in rest:
        if grouped and _same_row(grouped[-1], line):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [_joined(group) for group in grouped]


def _same_row(row: Sequence[Line], line: Line) -> bool:
    top = min(other.box[1] for other in row)
    bottom = max(other.box[3] for other in row)
    overlap = min(bottom, line.box[3]) - max(top, line.box[1])
    if overlap < 0.5 * min(bottom - top, line.height):
        return False
    return all(_apart(other.box, line.box) for other in row)


def _apart(one: Box, two: Box) -> bool:
    shared = min(one[2], two[2]) - max(one[0], two[0])
    return shared < 0.3 * min(one[2] - one[0], two[2] - two[0])


def _joined(pieces: Sequence[Line]) -> Line:
    if len(pieces) == 1:
        return pieces[0]
    ordered = _across(pieces)
    text, runs = ordered[0].text, list(ordered[0].runs)
    for before, piece in pairwise(ordered):
        gap = max(piece.box[0] - before.box[2], before.box[0] - piece.box[2])
        spaced = gap > 0.15 * piece.height or (before.runs and before.runs[-1].text.endswith(" "))
        text += (" " if spaced and needs_space(text, piece.text) else "") + piece.text
        runs.extend(piece.runs)
    sure = [piece.confidence for piece in ordered if piece.confidence is not None]
    box = union(piece.box for piece in ordered)
    return Line(text, box, tuple(runs), ordered[0].source, look_of(runs), min(sure) if sure else None)


def _across(pieces: Sequence[Line]) -> list[Line]:
    """Pieces of one row in the order in which they are read."""
    if rtl_share("".join(piece.text for piece in pieces)) < RTL_PAGE:
        ordered = sorted(pieces, key=lambda piece: piece.box[0])
        return [ordered[-1], *ordered[:-1]] if ordered[-1].text in RIGHT_BULLETS else ordered
    clusters: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box[0]):
        if clusters and clusters[-1][-1].box[0] - piece.box[2] < piece.height:
            clusters[-1].append(piece)
        else:
            clusters.append([piece])
    return [line for cluster in clusters for line in _logical(cluster)]


def _logical(pieces: Sequence[Line]) -> list[Line]:
    return [pieces[i] for i in logical_order([((p.box[0] + p.box[2]) / 2, p.text) for p in pieces])]
