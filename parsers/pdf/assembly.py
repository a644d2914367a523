"""From regions of pages to the blocks of a document: what only the whole document can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Box, DocumentBuilder
from parsers.pdf.furniture import Furniture, edge_of
from parsers.pdf.lines import Line
from parsers.pdf.lists import split_marker
from parsers.pdf.prose import Vocabulary, join_lines
from parsers.pdf.regions import Region
from parsers.pdf.tables import build_table


@dataclass(slots=True)
class PageContent:
    """One page as gathered."""

    number: int
    height: float
    regions: list[Region]
    words: list[Line]


class Assembly:
    """Collects pages, then writes blocks."""

    def __init__(self, pages: int, outline: Sequence[tuple[int, str, int]]) -> None:
        self.pages: list[PageContent] = []
        self.furniture = Furniture(pages)
        self.vocabulary = Vocabulary()
        self.sizes: Counter[float] = Counter()

    def add(self, page: PageContent) -> None:
        self.pages.append(page)
        edges = []
        for region in page.regions:
            self.vocabulary.learn(line.text for line in region.lines)
            for line in region.lines:
                edge = edge_of(line.text, line.box, page.number, page.height)
                if edge:
                    edges.append(edge)
        self.furniture.learn(edges)

    def write(self, builder: DocumentBuilder) -> None:
        for page in self.pages:
            for region in page.regions:
                self._region(builder, page, region)

    def _region(self, builder, page, region):
        lines = []
        for line in region.lines:
            edge = edge_of(line.text, line.box, page.number, page.height)
            if edge and self.furniture.holds(edge, line.text, region.kind):
                continue
            lines.append(line)
        if not lines:
            return
        words = self.vocabulary.counts
        place = {"page": page.number, "box": region.box}
        text = join_lines((line.text for line in lines), words)
        if region.kind in ("title", "section-header"):
            builder.add("heading", text, level=1 if region.kind == "title" else 2, **place)
        elif region.kind == "table" and region.grid:
            inside = [w for w in page.words if _inside(w.box, region.box)]
            table = build_table(inside, region.grid, words)
            if table:
                builder.add("table", "", table=table, **place)
            else:
                builder.add("paragraph", text, **place)
        elif region.kind == "list-item":
            split = split_marker(text)
            marker, rest = split if split else (None, text)
            builder.add("list_item", rest, marker=marker, level=1, **place)
        elif region.kind in ("caption", "footnote"):
            builder.add(region.kind, text, **place)
        else:
            builder.add("paragraph", text, **place)


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
