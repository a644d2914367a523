"""Headings: which drafts are headings, and of which level.

Three witnesses: the PDF's outline, the layout model, and typography. The outline decides levels where it names a
heading; elsewhere numbering does ("2.1" is below "2"), then the rank of the style among the headings' styles.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from parsers.pdf.drafts import TERMINAL, Draft
from parsers.pdf.glyphs import LETTER

LONGEST = 200
"""Characters beyond which nothing is a heading."""
NUMBERING = re.compile(r"(?:chapter|section|appendix|kapitel|abschnitt|anhang|chapitre|annexe)?\s*"
                       r"(?P<number>(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*)\.?\s+\S", re.IGNORECASE)  # fmt: skip
BIGGER = 1.15
"""Ratio to the body's font size from which a short line is taken for a heading."""
Style = tuple[float, bool]


def key_of(text: str) -> str:
    """Letters and digits of a title, for comparing it with the outline."""
    return "".join(char for char in text.lower() if char.isalnum())


class Headings:
    """Finds the headings among a document's drafts and gives them levels."""

    def __init__(self, outline: Sequence[tuple[int, str, int]], body_size: float) -> None:
        self.outline: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for level, title, page in outline:
            if key := key_of(title):
                self.outline[key].append((level, page))
        self.body_size = body_size

    def mark(self, drafts: Sequence[Draft]) -> None:
        """Set kind and level of every draft that is a heading, and take back those that can not be."""
        trusted = Counter(style_of(draft) for draft in drafts if draft.kind == "heading")
        big = sum(len(draft.plain) for draft in drafts if self._is_big(draft))
        large_type = big > 0.3 * sum(len(draft.plain) for draft in drafts)
        for draft in drafts:
            if draft.kind == "heading" and not plausible(draft.plain):
                draft.kind = "paragraph"
            elif draft.kind == "paragraph" and plausible(draft.plain) and self._named(draft) is not None:
                draft.kind = "heading"
            elif draft.kind == "paragraph" and self._looks(draft, trusted, large_type):
                draft.kind = "heading"
        self._level([draft for draft in drafts if draft.kind == "heading"])

    def _named(self, draft: Draft) -> int | None:
        """Level in the outline of an entry that says the same and points to about the same page."""
        places = self.outline.get(key_of(draft.plain), ())
        return next((level for level, page in places if abs(page - draft.page) <= 1), None)

    def _is_big(self, draft: Draft) -> bool:
        return draft.kind == "paragraph" and draft.size >= BIGGER * self.body_size

    def _looks(self, draft: Draft, trusted: Counter[Style], large_type: bool) -> bool:
        text = draft.plain
        if (
            draft.origin in ("picture", "formula")
            or not plausible(text)
            or text.endswith(TERMINAL)
            or len(draft.lines) > 3
        ):
            return False
        if trusted[style_of(draft)] >= 2 and (draft.bold or draft.size > self.body_size):
            return len(text) < 120
        return self._is_big(draft) and not large_type and len(text) < 120

    def _level(self, headings: Sequence[Draft]) -> None:
        learned: dict[Style, Counter[int]] = defaultdict(Counter)
        for draft in headings:
            level = self._named(draft)
            if level is not None:
                draft.level = level
                learned[style_of(draft)][level] += 1
        ranks = _ranks(headings)
        numbered = sum(bool(NUMBERING.match(draft.plain)) for draft in headings) > 0.3 * len(headings)
        for draft in headings:
            if draft.level is None:
                draft.level = self._guess(draft, learned, ranks, numbered)

    def _guess(self, draft: Draft, learned: dict[Style, Counter[int]], ranks: dict[Style, int], numbered: bool) -> int:
        style = style_of(draft)
        if learned[style]:
            return learned[style].most_common(1)[0][0]
        number = NUMBERING.match(draft.plain) if numbered else None
        if number and draft.origin != "title":
            return min(6, number.group("number").count(".") + 1)
        return ranks[style]


def plausible(text: str) -> bool:
    """Whether text can be a heading at all."""
    return len(text) <= LONGEST and len(LETTER.findall(text)) >= 2


def style_of(draft: Draft) -> Style:
    """Font size, rounded to half points, and weight."""
    return (round(draft.size * 2) / 2, draft.bold)


def _ranks(headings: Sequence[Draft]) -> dict[Style, int]:
    """Level of each style: larger before smaller, bold before regular."""
    styles = sorted({style_of(draft) for draft in headings}, key=lambda style: (-style[0], not style[1]))
    return {style: min(6, rank) for rank, style in enumerate(styles, start=1)}
