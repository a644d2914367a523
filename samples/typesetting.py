"""Sets words into lines and lines onto PDF pages.

Lengths are in points and y runs downwards, as in PyMuPDF.
"""

# PyMuPDF says that it is typed, but leaves most of its functions without annotations.
# mypy: allow-untyped-calls

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import markup
import pymupdf

Colour = tuple[float, float, float]

BLACK: Colour = (0.1, 0.1, 0.12)
GREY: Colour = (0.42, 0.45, 0.48)
WHITE: Colour = (1.0, 1.0, 1.0)
BRAND: Colour = (0.05, 0.3, 0.42)
RULE: Colour = (0.66, 0.71, 0.74)
SHADE: Colour = (0.91, 0.94, 0.96)

_FACES = {"": "helv", "bold": "hebo", "italic": "heit", "note": "helv"}
_LEAST_BEFORE_HYPHEN = 3


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: base face ("" or bold), size, distance between baselines, colour and justification."""

    face: str = ""
    size: float = 9.6
    leading: float = 13.6
    colour: Colour = BLACK
    justified: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a word in one face."""

    text: str
    face: str

    def width(self, size: float) -> float:
        """Its advance at a font size; footnote marks are set smaller."""
        return text_width(self.text, self.face, size * 0.65 if self.face == "note" else size)


Word = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words; `stretched` says whether it is justified, `notes` which footnotes it calls."""

    words: tuple[Word, ...]
    stretched: bool

    @property
    def notes(self) -> list[str]:
        """Keys of the footnotes called on this line."""
        return [part.text for word in self.words for part in word if part.face == "note"]


@cache
def font(face: str) -> pymupdf.Font:
    """The font of a face; one object per face, so that a file embeds each font once."""
    return pymupdf.Font(_FACES[face])


@cache
def text_width(text: str, face: str, size: float) -> float:
    """Advance of a text in points."""
    return float(font(face).text_length(text, fontsize=size))


@cache
def hyphenations() -> dict[str, tuple[str, ...]]:
    """Syllables of the words that may be broken, by lower-case word."""
    source = Path(__file__).parent / "source" / "hyphenation.txt"
    entries = source.read_text(encoding="utf-8").split()
    return {entry.replace("-", ""): tuple(entry.split("-")) for entry in entries}


def words(text: str, face: str = "") -> list[Word]:
    """Cuts marked-up text into words, each a run of fragments without a space."""
    found: list[Word] = []
    pending: list[Fragment] = []
    for run in markup.runs(text):
        shown = run.style or face
        for index, piece in enumerate(run.text.split(" ")):
            if index and pending:
                found.append(tuple(pending))
                pending = []
            if piece:
                pending.append(Fragment(piece, shown))
    return [*found, tuple(pending)] if pending else found


def lines(text: str, width: float, style: Style) -> list[Line]:
    """Breaks text into lines of at most `width`, with hyphens where the text is justified."""
    done: list[Line] = []
    current: list[Word] = []
    room = width
    space = text_width(" ", style.face, style.size)
    for word in words(text, style.face):
        rest = word
        if current and _word_width(word, style.size) > room:
            head, rest = _hyphenated(word, room, style) if style.justified else (None, word)
            done.append(Line((*current, head) if head else tuple(current), style.justified))
            current, room = [], width
        current.append(rest)
        room -= _word_width(rest, style.size) + space
    return [*done, Line(tuple(current), stretched=False)] if current else done


def _word_width(word: Word, size: float) -> float:
    return sum(part.width(size) for part in word)


def _hyphenated(word: Word, room: float, style: Style) -> tuple[Word | None, Word]:
    """The longest beginning of a word that fits with its hyphen, and the rest."""
    first = word[0]
    stem = first.text.rstrip(".,;:")
    syllables = hyphenations().get(stem.lower(), ())
    for count in range(len(syllables) - 1, 0, -1):
        length = len("".join(syllables[:count]))
        head = Fragment(first.text[:length] + "-", first.face)
        if length >= _LEAST_BEFORE_HYPHEN and len(stem) - length > 2 and head.width(style.size) <= room:
            return (head,), (Fragment(first.text[length:], first.face), *word[1:])
    return None, word


class Canvas:
    """One page being drawn; text of one colour is gathered and written in reading order."""

    def __init__(self, page: pymupdf.Page) -> None:
        self.page = page
        self._writer = pymupdf.TextWriter(page.rect)
        self._colour = BLACK

    def text(self, at: tuple[float, float], text: str, style: Style) -> None:
        """Writes plain text with its baseline starting at a point."""
        self._use(style.colour)
        self._writer.append(at, text, font=font(style.face), fontsize=style.size)

    def line(self, at: tuple[float, float], line: Line, width: float, style: Style) -> None:
        """Writes a line of words, stretched to `width` if it is justified."""
        x, y = at
        space = text_width(" ", style.face, style.size)
        if line.stretched and len(line.words) > 1:
            filled = sum(_word_width(word, style.size) for word in line.words)
            space = (width - filled) / (len(line.words) - 1)
        last = len(line.words) - 1
        for index, word in enumerate(line.words):
            for fragment, ends_word in _with_ends(word):
                spaced = ends_word and index < last
                self._fragment((x, y), fragment, style, " " if spaced else "")
                x += fragment.width(style.size)
            x += space

    def rectangle(self, area: pymupdf.Rect, fill: Colour | None = None, edge: Colour | None = None) -> None:
        """Draws a filled or outlined rectangle below the text that follows."""
        self._flush()
        self.page.draw_rect(area, color=edge, fill=fill, width=0.6 if edge else 0)

    def rule(self, start: tuple[float, float], end: tuple[float, float], colour: Colour = RULE) -> None:
        """Draws a thin straight line."""
        self.page.draw_line(start, end, color=colour, width=0.6)

    def finish(self) -> None:
        """Writes what is still gathered."""
        self._flush()

    def _fragment(self, at: tuple[float, float], fragment: Fragment, style: Style, suffix: str) -> None:
        x, y = at
        raised = fragment.face == "note"
        size = style.size * 0.65 if raised else style.size
        look = Style(fragment.face, size, style.leading, style.colour)
        self.text((x, y - style.size * 0.35 if raised else y), fragment.text + suffix, look)

    def _use(self, colour: Colour) -> None:
        if colour != self._colour:
            self._flush()
            self._colour = colour

    def _flush(self) -> None:
        self._writer.write_text(self.page, color=self._colour)
        self._writer = pymupdf.TextWriter(self.page.rect)


def _with_ends(word: Word) -> Iterator[tuple[Fragment, bool]]:
    last = len(word) - 1
    return ((fragment, index == last) for index, fragment in enumerate(word))
