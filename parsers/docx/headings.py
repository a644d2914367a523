"""Heading levels: by style and outline, and, in documents without any such heading, by looks.

Writers who know no styles make headings by hand: short lines, all bold or larger than the text around them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from parsers.docx.inline import Inline
from parsers.docx.styles import Styles

MAX_WORDS = 14
MAX_CHARACTERS = 110
MAX_SHARE = 0.3
"""If more of the paragraphs than this look like headings, looks tell nothing."""
LARGER = 1.15
_NO_HEADING_END = ".,;!?。，；！"


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set."""

    short: bool
    bold: bool
    size: int
    """Font size in half points; 0 where nothing names one."""
    letters: int


@dataclass(slots=True)
class Looks:
    """What headings look like in one document; empty where styles mark them."""

    levels: dict[tuple[int, bool], int] = field(default_factory=dict)
    """(size, bold) -> heading level."""

    def level(self, content: Inline, text: str) -> int | None:
        """The level of a paragraph that looks like a heading."""
        if not self.levels:
            return None
        look = look_of(content, text)
        return self.levels.get((look.size, look.bold)) if look.short else None


def look_of(content: Inline, text: str) -> Look:
    """How a paragraph with this content is set."""
    line = text.strip()
    short = 0 < len(line) <= MAX_CHARACTERS and len(line.split()) <= MAX_WORDS and "\n" not in line
    short = short and line[-1] not in _NO_HEADING_END and any(character.isalpha() for character in line)
    size = max(content.sizes, key=lambda size: content.sizes[size], default=0)
    return Look(short, content.letters > 0 and content.bold == content.letters, size, content.letters)


def learn_looks(paragraphs: list[Look]) -> Looks:
    """Find what headings look like among the paragraphs of a document that marks none.

    Args:
        paragraphs: the looks of its paragraphs outside of tables and lists.
    """
    body: Counter[tuple[int, bool]] = Counter()
    for look in paragraphs:
        body[look.size, look.bold] += look.letters
    if not body:
        return Looks()
    (size, bold), _ = body.most_common(1)[0]
    looks = [look for look in paragraphs if look.short and _stands_out(look, size, bold)]
    if not looks or len(looks) > len(paragraphs) * MAX_SHARE:
        return Looks()
    ranked = sorted({(look.size, look.bold) for look in looks}, reverse=True)
    return Looks({key: min(rank, 6) for rank, key in enumerate(ranked, 1)})


def _stands_out(look: Look, size: int, bold: bool) -> bool:
    if size and look.size:
        if look.size >= size * LARGER:
            return True
        if look.size < size:
            return False
    return look.bold and not bold


def styled_level(styles: Styles, style_id: str | None) -> int | None:
    """Heading level by style; the title of a document counts as its first level."""
    return 1 if styles.is_title(style_id) else styles.heading_level(style_id)
