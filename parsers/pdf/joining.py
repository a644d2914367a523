"""Drafts that one paragraph was broken into by a column, a page or the layout model, joined again."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.pdf.drafts import TERMINAL, Draft, Segment
from parsers.pdf.glyphs import CJK, RTL
from parsers.pdf.tables import continue_table, number_columns

FLOATS = ("table", "caption", "footnote")
"""Kinds over which a paragraph runs on."""
EDGE_SHIFT = 20.0
"""Points by which the columns of one table may be found apart on two pages."""


def join_drafts(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts with continuations appended to what they continue."""
    joined: list[Draft] = []
    for draft in drafts:
        if draft.kind == "table" and joined and same_table(joined, draft):
            _append_table(next(other for other in reversed(joined) if other.kind == "table"), draft)
            continue
        before = next((other for other in reversed(joined) if other.kind not in FLOATS), None)
        if before is not None and continues(before, draft):
            _append(before, draft)
        else:
            joined.append(draft)
    return joined


def _append(before: Draft, draft: Draft) -> None:
    """Segments of the second draft put behind those of the first; one segment where they stand under each other."""
    last, first = before.segments[-1], draft.segments[0]
    if last.page == first.page and _same_place(before, draft):
        before.segments[-1] = Segment(last.page, last.lines + first.lines)
        before.segments.extend(draft.segments[1:])
    else:
        before.segments.extend(draft.segments)


def same_table(joined: Sequence[Draft], draft: Draft) -> bool:
    """Whether a table at the top of a page goes on with the one that ended the page before."""
    if joined[-1].segments[-1].page == draft.page:
        return False
    before = next((other for other in reversed(joined) if other.kind != "footnote"), None)
    if before is None or before.table is None or draft.table is None:
        return False
    if before.segments[-1].page != draft.page - 1 or len(before.edges) != len(draft.edges):
        return False
    if draft.table.header and draft.table.header == before.table.header:
        return True
    if draft.table.header and number_columns(draft.table.grid()):
        return False
    return all(abs(one - two) < EDGE_SHIFT for one, two in zip(before.edges, draft.edges, strict=True))


def _append_table(before: Draft, draft: Draft) -> None:
    if before.table is None or draft.table is None:
        return
    before.table, start = continue_table(before.table, draft.table)
    before.breaks = (*before.breaks, start)
    before.segments.extend(draft.segments)


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
    last, first = before.segments[-1].box, draft.segments[0].box
    under = -0.5 * draft.size < first[1] - last[3] < 2.5 * draft.size
    return under and before.segments[-1].page == draft.page and min(last[2], first[2]) > max(last[0], first[0])


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
