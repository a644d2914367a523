"""Headings: which drafts are headings, and of which level.

Three witnesses: the PDF's outline, the layout model, and typography. The outline decides levels where it names a
heading; elsewhere numbering does ("2.1" is below "2"), then the rank of the style among the headings' styles.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from parsers.pdf.contents import Entry, key_of
from parsers.pdf.drafts import TERMINAL, Draft, Style
from parsers.pdf.glyphs import LETTER

LONGEST = 200
"""Characters beyond which nothing is a heading."""
NUMBERING = re.compile(r"(?:chapter|section|appendix|kapitel|abschnitt|anhang|chapitre|annexe)?\s*"
                       r"(?P<number>(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*)\.?\s+\S", re.IGNORECASE)  # fmt: skip
MUCH_BIGGER = 1.4
"""The same for text of two or three lines."""
BIGGER = 1.15
"""Ratio to the body's font size from which a short line is taken for a heading."""


@dataclass(frozen=True, slots=True)
class Body:
    """How most of a document's text is set."""

    size: float
    color: int
    font: str
    mono: bool = False
    """Set in a typewriter face."""


class Headings:
    """Finds the headings among a document's drafts and gives them levels."""

    def __init__(self, outline: Sequence[tuple[int, str, int]], contents: Iterable[Entry], body: Body) -> None:
        self.outline: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for level, title, page in outline:
            if key := key_of(title):
                self.outline[key].append((level, page))
        self.listed: dict[str, int] = {}
        for entry in contents:
            self.listed.setdefault(key_of(entry.title), entry.page)
        self.body = body

    def mark(self, drafts: Sequence[Draft]) -> None:
        """Set kind and level of every draft that is a heading, and take back those that can not be."""
        distinct = _distinct_styles(drafts, self.body)
        big = sum(len(draft.plain) for draft in drafts if self._is_big(draft))
        large_type = big > 0.3 * sum(len(draft.plain) for draft in drafts)
        for draft in drafts:
            if draft.contents is not None or draft.kind not in ("heading", "paragraph"):
                continue
            taken = plausible(draft.plain) and (
                draft.kind == "heading" or self._named(draft) or self._looks(draft, distinct, large_type)
            )
            draft.kind = "heading" if taken else "paragraph"
        self._level([draft for draft in drafts if draft.kind == "heading"])

    def _named(self, draft: Draft) -> bool:
        """Whether the outline, or a contents list further up, names the draft."""
        listed = self.listed.get(key_of(draft.plain))
        return self._outlined(draft) is not None or (listed is not None and listed < draft.page)

    def _outlined(self, draft: Draft) -> int | None:
        """Level in the outline of an entry that says the same and points to about the same page."""
        places = self.outline.get(key_of(draft.plain), ())
        return next((level for level, page in places if abs(page - draft.page) <= 1), None)

    def _is_big(self, draft: Draft) -> bool:
        return draft.kind == "paragraph" and draft.size >= BIGGER * self.body.size

    def _looks(self, draft: Draft, distinct: Container[Style], large_type: bool) -> bool:
        text = draft.plain
        if draft.origin in ("picture", "formula") or text.endswith(TERMINAL):
            return False
        if len(draft.lines) > 3 or len(text) > 120:
            return False
        if draft.style in distinct:
            return True
        tall = len(draft.lines) == 1 or draft.size >= MUCH_BIGGER * self.body.size
        return self._is_big(draft) and tall and not large_type

    def _level(self, headings: Sequence[Draft]) -> None:
        learned: dict[Style, Counter[int]] = defaultdict(Counter)
        for draft in headings:
            level = self._outlined(draft)
            if level is not None:
                draft.level = level
                learned[draft.style][level] += 1
        ranks = _ranks(headings)
        numbered = sum(bool(NUMBERING.match(draft.plain)) for draft in headings) > 0.3 * len(headings)
        for draft in headings:
            if draft.level is None:
                draft.level = self._guess(draft, learned, ranks, numbered)

    def _guess(self, draft: Draft, learned: dict[Style, Counter[int]], ranks: dict[Style, int], numbered: bool) -> int:
        style = draft.style
        if learned[style]:
            return learned[style].most_common(1)[0][0]
        number = NUMBERING.match(draft.plain) if numbered else None
        if number and draft.origin != "title":
            return min(6, number.group("number").count(".") + 1)
        return ranks[style]


def plausible(text: str) -> bool:
    """Whether text can be a heading at all."""
    return len(text) <= LONGEST and len(LETTER.findall(text)) >= 2


def _distinct_styles(drafts: Sequence[Draft], body: Body) -> set[Style]:
    """Styles unlike the body's that a document uses again and again, and for nothing but short lines."""
    uses: dict[Style, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind in ("paragraph", "heading", "list_item") and draft.contents is None:
            uses[draft.style].append(draft)
    return {style for style, users in uses.items() if _sets_apart(style, body) and _only_short(users)}


def _sets_apart(style: Style, body: Body) -> bool:
    size, bold, color, font = style
    if size < body.size - 0.5:
        return False
    return bold or size > body.size or (color != body.color and font != body.font)


def _only_short(users: Sequence[Draft]) -> bool:
    headings = sum(draft.kind == "heading" for draft in users)
    short = sum(len(draft.lines) <= 2 and len(draft.plain) < 120 and draft.kind != "list_item" for draft in users)
    return len(users) >= 3 and short > 0.95 * len(users) and headings > 0.2 * len(users)


def _ranks(headings: Sequence[Draft]) -> dict[Style, int]:
    """Level of each style: larger before smaller, bold before regular."""
    looks = sorted({(-draft.style[0], not draft.style[1]) for draft in headings})
    rank = {look: min(6, number) for number, look in enumerate(looks, start=1)}
    return {draft.style: rank[-draft.style[0], not draft.style[1]] for draft in headings}
