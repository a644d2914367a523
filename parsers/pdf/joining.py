"""Drafts that one paragraph was broken into by a column, a page or the layout model, joined again."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.pdf.drafts import TERMINAL, Draft
from parsers.pdf.glyphs import CJK, RTL

FLOATS = ("table", "caption", "footnote")
"""Kinds over which a paragraph runs on."""


def join_drafts(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts with continuations appended to what they continue."""
    joined: list[Draft] = []
    for draft in drafts:
        before = next((other for other in reversed(joined) if other.kind not in FLOATS), None)
        if before is not None and continues(before, draft):
            before.segments.extend(draft.segments)
        else:
            joined.append(draft)
    return joined


def continues(before: Draft, draft: Draft) -> bool:
    """Whether a draft is the rest of the one before it."""
    if draft.kind == "code" and before.kind == "code":
        return _same_place(before, draft)
    if draft.kind != "paragraph" or before.kind not in ("paragraph", "list_item"):
        return False
    if "formula" in (before.origin, draft.origin) or "picture" in (before.origin, draft.origin):
        return False
    if abs(before.size - draft.size) > 0.6 or before.bold != draft.bold:
        return False
    return _reaches_end(before) and _runs_on(before.lines[-1].text, draft.lines[0].text) and _follows(before, draft)


def _same_place(before: Draft, draft: Draft) -> bool:
    gap = draft.segments[0].box[1] - before.segments[-1].box[3]
    return before.segments[-1].page == draft.page and -2 < gap < 2.5 * draft.size


def _reaches_end(before: Draft) -> bool:
    """Whether the last line fills its column, as no paragraph's last line needs to."""
    last = before.lines[-1]
    left, right = before.span
    room = min(right - last.box[2], last.box[0] - left) if RTL.search(last.text) else right - last.box[2]
    return room < 0.25 * (right - left)


def _runs_on(left: str, right: str) -> bool:
    if left.endswith(TERMINAL) or not right:
        return False
    if left.endswith(("-", "\u00ad")):
        return right[0].isalpha()
    return right[0].islower() or bool(CJK.match(right[0])) or bool(RTL.match(right[0])) or left.endswith(",")


def _follows(before: Draft, draft: Draft) -> bool:
    """Whether the draft stands where a paragraph goes on: next line, next column or next page."""
    last, first = before.segments[-1], draft.segments[0]
    if first.page != last.page:
        return first.page - last.page == 1
    gap = first.box[1] - last.box[3]
    if gap < -before.size:
        return True
    overlaps = min(before.span[1], draft.span[1]) - max(before.span[0], draft.span[0]) > 0
    return overlaps and gap < 1.2 * before.size
