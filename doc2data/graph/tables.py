"""Tables put together again from their row clues, with what each cell says as a Fact."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from doc2data.graph.names import CODE, key
from doc2data.graph.quantities import Quantity, read, split_caption, split_header
from doc2data.records import Clue

EMPTY = frozenset({"", "-", "–", "—", "/", "n/a", "N/A", "n.a.", "none", "无"})
_PROPERTY = re.compile(
    r"^(?:propert(?:y|ies)|characteristics?|features?|specifications?|parameters?|attributes?|criteri(?:on|a)|quantity"
    r"|measure|metric|aspect|item|项目|参数|指标|性能)$",
    re.IGNORECASE,
)
_UNIT_COLUMN = re.compile(r"^(?:units?|单位)$", re.IGNORECASE)
_CONTINUED = re.compile(r"\s*\((?:continued|cont\.?|cont'd)\)$|（续）$", re.IGNORECASE)
_MAX_LABEL_WORDS = 9


@dataclass(frozen=True, slots=True)
class Fact:
    """What one cell says: the `attribute` of `thing` is `value`, where `condition` holds."""

    thing: str
    attribute: str
    value: str
    unit: str
    """Of a bare number, "" where the value carries its own or has none."""
    condition: str
    """The row's label where things stand in columns and the caption names the attribute; else empty."""
    condition_kind: str
    """Header of the labels: "Operating state"; empty without a condition."""
    clue: Clue
    things: str
    """What all things of the table are, by the header of their column: "Fluid"; empty where they stand in columns."""

    @property
    def quantity(self) -> Quantity | None:
        """The value as an exact number, if it is one."""
        return read(self.value, self.unit)

    @property
    def is_of_nothing_named(self) -> bool:
        """Whether its thing is the name of a property, of what the table does not say."""
        return bool(_PROPERTY.match(self.things.strip()))


@dataclass(frozen=True)
class TableView:
    """One table: rows that share document, section, caption and headers."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[Clue, ...]

    @cached_property
    def label_at(self) -> int:
        """The column that names the rows."""
        return next(
            (at for at, (_, text) in enumerate(self.rows[0].cells) if text == self.rows[0].subject),
            0,
        )

    @cached_property
    def columns_are_things(self) -> bool:
        """Whether two or more columns, and no other ones, are headed by codes."""
        named = [header for header in self._value_headers if CODE.search(header)]
        return len(named) >= 2 and len(named) == len(self._value_headers)

    @property
    def _value_headers(self) -> list[str]:
        return [h for at, h in enumerate(self.headers) if at != self.label_at and not _UNIT_COLUMN.match(h.strip())]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What the cells say, row by row; nothing where a label stands twice and so does not tell the rows apart."""
        labels = [key(row.subject) for row in self.rows if row.subject not in EMPTY]
        if len(set(labels)) < len(labels):
            return ()
        sound = [row for row in self.rows if row.subject not in EMPTY and _short(row.subject)]
        return tuple(fact for row in sound for fact in self._of(row))

    def _of(self, row: Clue) -> Iterator[Fact]:
        unit = next((text for header, text in row.cells if _UNIT_COLUMN.match(header.strip())), "")
        for at, (header, text) in enumerate(row.cells):
            is_value = at != self.label_at and header and not _UNIT_COLUMN.match(header.strip())
            if is_value and text.strip() not in EMPTY:
                yield self._fact(row, header, text, "" if unit in EMPTY else unit)

    def _fact(self, row: Clue, header: str, text: str, row_unit: str) -> Fact:
        name, unit = split_header(header)
        labels = self.headers[self.label_at]
        if not self.columns_are_things:
            return Fact(row.subject, name, text, unit or row_unit, "", "", row, labels)
        if _PROPERTY.match(labels.strip()) or row_unit:
            attribute, own = split_header(row.subject)
            return Fact(name, attribute, text, row_unit or own or unit, "", "", row, "")
        attribute, own = split_caption(self.caption)
        return Fact(name, attribute, text, unit or own, row.subject, labels, row, "")


def tables(clues: Iterable[Clue]) -> list[TableView]:
    """Every table with headers and at least two labelled rows, in order of document and place."""
    groups: dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], list[Clue]] = defaultdict(list)
    for clue in clues:
        if clue.kind == "table_row" and clue.cells:
            headers = tuple(header for header, _ in clue.cells)
            groups[(clue.document, clue.section, caption_of(clue), headers)].append(clue)
    views = []
    for (_, _, caption, headers), rows in groups.items():
        if len(rows) > 1 and all(headers):
            views.append(TableView(caption, headers, tuple(sorted(rows, key=lambda c: c.start))))
    return sorted(views, key=lambda view: (view.rows[0].document, view.rows[0].start))


def caption_of(row: Clue) -> str:
    """The caption of the table that a row stands in, without "(continued)"."""
    return _CONTINUED.sub("", row.attribute)


def numeric_columns(facts: Sequence[Fact]) -> dict[tuple[str, str, str], list[Fact]]:
    """Facts with exact numbers by (attribute, unit, condition): those that can be set against each other."""
    groups: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        quantity = fact.quantity
        if quantity is not None:
            groups[(fact.attribute, quantity.unit, fact.condition)].append(fact)
    return {name: found for name, found in groups.items() if len(found) > 1}


def _short(label: str) -> bool:
    return 0 < len(label.split()) <= _MAX_LABEL_WORDS
