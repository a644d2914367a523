"""From the regions of all pages to the blocks of a document: what only the whole document can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.document import Box, DocumentBuilder
from parsers.pdf.contents import Entry, entries, repeats
from parsers.pdf.drafts import Draft, Segment, raised_mark, region_drafts
from parsers.pdf.furniture import Furniture, edge_of
from parsers.pdf.glyphs import rtl_share
from parsers.pdf.headings import BIGGER, Body, Headings
from parsers.pdf.joining import EDGE_SHIFT, join_drafts
from parsers.pdf.lines import Line, union
from parsers.pdf.pages import PageContent
from parsers.pdf.prose import Vocabulary
from parsers.pdf.regions import Grid, Region
from parsers.pdf.tables import Built, build_table
from parsers.pdf.writing import Writer

MOST_FURNITURE_LINES = 4
"""Lines beyond which a region at the edge of a page is text, whatever the layout model calls it."""
INDENT = 6.0
"""Points by which a list item stands further in than its parent."""


@dataclass(frozen=True, slots=True)
class LastTable:
    """The table found last, whose columns hold for its rest on the next page too."""

    page: int
    box: Box
    xs: tuple[float, ...]
    """Left edges of the columns that hold text, and the right edge of the last."""

    def goes_on(self, region: Region, page: int) -> bool:
        """Whether a table region on a page has the place and width of this table's rest."""
        shift = max(abs(self.box[0] - region.box[0]), abs(self.box[2] - region.box[2]))
        return page == self.page + 1 and shift < EDGE_SHIFT and region.box[1] < self.box[3]

    def lacks_columns(self, built: Built | None) -> bool:
        """Whether what was built has fewer columns than this table, and none where this table has none."""
        if built is None or len(built[1]) >= len(self.xs) - 1:
            return False
        return all(min(abs(edge - x) for x in self.xs) < EDGE_SHIFT for edge in built[1])


class Assembly:
    """Collects pages, then writes blocks."""

    def __init__(self, pages: int, outline: Sequence[tuple[int, str, int]]) -> None:
        self.pages: list[PageContent] = []
        self.warnings: list[str] = []
        self.last_table: LastTable | None = None
        self.outline = outline
        self.furniture = Furniture(pages)
        self.vocabulary = Vocabulary()
        self.looks: Counter[tuple[float, int, str]] = Counter()
        self.mono = 0
        self.entries: list[list[Entry]] = []
        """The contents lists found so far."""

    def add(self, page: PageContent) -> None:
        """Keep a page, and learn from it what recurs in the document."""
        self.pages.append(page)
        if page.warning:
            self.warnings.append(page.warning)
        edges = []
        for region in page.regions:
            self.vocabulary.learn(line.text for line in region.lines)
            for line in region.lines:
                self.looks[line.size, line.color, line.font] += len(line.text)
                self.mono += len(line.text) if line.mono else 0
                edge = edge_of(line.text, line.box, page.number, page.frame.height)
                if edge:
                    edges.append(edge)
        self.furniture.learn(edges)

    def write(self, builder: DocumentBuilder) -> None:
        """Add the document's blocks in reading order."""
        builder.warnings.extend(self.warnings)
        for page in self.pages:
            builder.hide(page.hidden, page.number)
        body = self._body()
        drafts = join_drafts([draft for page in self.pages for draft in self._page_drafts(page, body)])
        Headings(self.outline, self._listed(), body).mark(drafts)
        drafts = self._without_contents(drafts, builder)
        nest(drafts)
        writer = Writer(builder, self.vocabulary.counts, {page.number: page.frame for page in self.pages})
        for draft in drafts:
            writer.add(draft)

    def _body(self) -> Body:
        if not self.looks:
            return Body(10.0, 0, "")
        sizes: Counter[float] = Counter()
        for (size, _, _), count in self.looks.items():
            sizes[size] += count
        size = sizes.most_common(1)[0][0]
        _, color, font = max((look for look in self.looks if look[0] == size), key=lambda look: self.looks[look])
        return Body(size, color, font, mono=self.mono > 0.5 * self.looks.total())

    def _listed(self) -> Iterator[Entry]:
        for found in self.entries:
            if found[0].led:
                yield from found

    def _without_contents(self, drafts: list[Draft], builder: DocumentBuilder) -> list[Draft]:
        """Drafts less the contents lists that only repeat the headings, and less their titles."""
        headings = [draft.plain for draft in drafts if draft.kind == "heading"]
        dropped = {number for number, found in enumerate(self.entries) if repeats(found, headings)}
        if not dropped:
            return drafts
        pages = sorted({self.entries[number][0].page for number in dropped})
        builder.warnings.append(
            f"contents list left out, for it repeats the headings: page {', '.join(map(str, pages))}"
        )
        kept: list[Draft] = []
        for draft in drafts:
            if draft.contents not in dropped:
                kept.append(draft)
            elif kept and kept[-1].kind == "heading" and kept[-1].page == draft.page:
                kept.pop()
        return kept

    def _page_drafts(self, page: PageContent, body: Body) -> list[Draft]:
        kept = [self._without_furniture(region, page, body) for region in page.regions]
        regions = [region for region in kept if region is not None] or self._unrepeated(page)
        drafts = [draft for region in regions for draft in self._region_drafts(region, page, body)]
        return [d for d in drafts if d.kind != "footnote"] + [d for d in drafts if d.kind == "footnote"]

    def _unrepeated(self, page: PageContent) -> list[Region]:
        """Regions of a page that would lose all its text, where that text stands nowhere else."""
        lines = [line for region in page.regions for line in region.lines]
        edges = [edge_of(line.text, line.box, page.number, page.frame.height) for line in lines]
        return [] if any(edge and self.furniture.repeats(edge) for edge in edges) else list(page.regions)

    def _region_drafts(self, region: Region, page: PageContent, body: Body) -> list[Draft]:
        found = entries(region, page.number)
        if found:
            self.entries.append(found)
            span = (region.box[0], region.box[2])
            return [
                Draft("list_item", [Segment(page.number, (line,))], region.kind, span, contents=len(self.entries) - 1)
                for line in region.lines
            ]
        if region.kind == "table":
            return self._table(region, page) or region_drafts(replace(region, kind="text"), page.number, not body.mono)
        return region_drafts(region, page.number, not body.mono)

    def _without_furniture(self, region: Region, page: PageContent, body: Body) -> Region | None:
        lines = [line for line in region.lines if not self._is_furniture(line, region, page, body)]
        if not lines:
            return None
        return replace(region, lines=tuple(lines), box=union(line.box for line in lines))

    def _is_furniture(self, line: Line, region: Region, page: PageContent, body: Body) -> bool:
        edge = edge_of(line.text, line.box, page.number, page.frame.height)
        if edge is None:
            return False
        called = region.kind in ("page-header", "page-footer") and line.size < BIGGER * body.size
        called = called and len(region.lines) <= MOST_FURNITURE_LINES and not raised_mark(region.lines[0])
        return self.furniture.holds(edge, line.text, called)

    def _table(self, region: Region, page: PageContent) -> list[Draft]:
        if region.grid is None:
            return []
        inside = [word for word in page.words if _inside(word.box, region.box)]
        built = build_table(inside, region.grid, self.vocabulary.counts)
        last = self.last_table
        if last is not None and last.goes_on(region, page.number) and last.lacks_columns(built):
            built = build_table(inside, Grid(region.grid.ys, last.xs), self.vocabulary.counts, whole=True) or built
        if built is None:
            return []
        table, edges = built
        self.last_table = LastTable(page.number, region.box, (*sorted(edges), region.grid.xs[-1]))
        segment = Segment(page.number, region.lines)
        return [Draft("table", [segment], "table", (region.box[0], region.box[2]), table=table, edges=edges)]


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def nest(drafts: Sequence[Draft]) -> None:
    """Give list items their depth, by how far in they stand among neighbouring items."""
    open_items: list[float] = []
    for draft in drafts:
        left = draft.lines[0].box[0] if not _is_rtl(draft) else -draft.lines[0].box[2]
        if draft.kind != "list_item":
            if draft.kind in ("heading", "table") or (open_items and left < open_items[0] + INDENT):
                open_items = []
            continue
        while open_items and (left < open_items[-1] - INDENT / 2):
            open_items.pop()
        if not open_items or left > open_items[-1] + INDENT:
            open_items.append(left)
        draft.level = min(len(open_items), 6)


def _is_rtl(draft: Draft) -> bool:
    return rtl_share(draft.plain) > 0.5
