"""Values of a table at the row, and the column, that an answer speaks of: what stands in another one is no support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doc2data.checks.claims import Claim
from doc2data.checks.facts import facts_of, folded_code
from doc2data.checks.quantities import Quantity, units_named
from doc2data.checks.words import content_words

CELL = " | "
_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    header: tuple[str, ...]
    """The first row of its table; empty where the table shows none."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a sentence and what was said before it speak of."""

    stems: frozenset[str]
    codes: frozenset[str]
    numbers: tuple[Quantity, ...]
    """Of what was said before alone: those of the sentence may be its values."""


def elsewhere(said: Sequence[Quantity], sentence: str, claim: Claim) -> str:
    """A number that a sentence takes from another row or column than it names, in words; empty where there is none.

    Where a sample leads over several things, only what a sentence says of one thing alone is held to it.
    """
    language, quotes = claim.language, claim.quotes
    rows = list(_rows(quotes, language))
    before = facts_of(claim.question, language)
    prose = facts_of("\n".join(_prose(quotes)), language)
    values = [q for q in said if not any(q.equals(other) for other in (*before.quantities, *prose.quantities))]
    comparable = len(rows) > 1 or any(row.header for row in rows)
    if not comparable or not values or (claim.hops and len(values) > 1):
        return ""
    asked = _asked(sentence, "" if claim.hops else claim.question, language)
    named = _most_telling([row for row in rows if _names(row.cells[0], asked, language)], language)
    if claim.hops and len(named) > 1:
        return ""
    for quantity in values:
        holders = [row for row in rows if _at(row, quantity, language)]
        if named and holders and not any(row in named for row in holders):
            place = " / ".join(row.cells[0] for row in named)
            return f"says {quantity.written!r} of {place!r}, which the table says of {holders[0].cells[0]!r}"
        if problem := _other_column(quantity, [row for row in holders if row in named], asked, language):
            return problem
    return ""


def _asked(sentence: str, question: str, language: str) -> _Asked:
    before, spoken = facts_of(question, language), facts_of(sentence, language)
    codes = frozenset(map(folded_code, (*before.codes, *spoken.codes)))
    return _Asked(frozenset(content_words(f"{sentence}\n{question}", language)), codes, before.quantities)


def _rows(quotes: Sequence[str], language: str) -> Iterator[_Row]:
    """The rows of all tables, each with the header that stands over it or comes as a quote of its own."""
    tables = [[line.split(CELL.strip()) for line in quote.splitlines() if CELL in f"{line} "] for quote in quotes]
    lines = [[tuple(cell.strip() for cell in line) for line in table] for table in tables]
    heads = {table[0] for table in lines if table and _is_header(table[0], language)}
    for table in map(_labelled, lines):
        own = [head for head in heads if table and len(head) == len(table[0])]
        head = table[0] if table and table[0] in heads else own[0] if len(own) == 1 else ()
        yield from (_Row(cells, head if len(head) == len(cells) else ()) for cells in table if cells not in heads)


def _labelled(table: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows with their first cell from above where it is empty: what several rows are about is written once."""
    found: list[tuple[str, ...]] = []
    for cells in table:
        above = found[-1][0] if found and cells and not cells[0] else ""
        found.append((above, *cells[1:]) if above else cells)
    return found


def _is_header(cells: Sequence[str], language: str) -> bool:
    """Whether no cell is a bare value; a header may name a value, as `Flow loss after 90 days (%)` does."""
    return len(cells) > 1 and not any(_is_value(cell, language) for cell in cells[1:])


def _is_value(cell: str, language: str) -> bool:
    facts = facts_of(cell, language)
    return bool(facts.quantities) and not content_words(facts.rest, language)


def _prose(quotes: Sequence[str]) -> Iterator[str]:
    yield from (line for quote in quotes for line in quote.splitlines() if CELL not in f"{line} ")


def _names(label: str, asked: _Asked, language: str) -> bool:
    """Whether a sentence and its question name what a row or a column is about."""
    facts = facts_of(_BRACKETS.sub(" ", label), language)
    if facts.codes:
        return all(folded_code(code) in asked.codes for code in facts.codes)
    words = frozenset(content_words(facts.rest, language))
    if facts.quantities and not words:
        return any(q.equals(other) for q in facts.quantities for other in asked.numbers)
    return bool(words) and words <= asked.stems


def _most_telling(rows: Sequence[_Row], language: str) -> list[_Row]:
    """Rows without those whose label is only a part of another one's: `Flow` beside `Flow, nominal`."""
    words = {row: frozenset(content_words(row.cells[0], language)) for row in rows}
    return [row for row in rows if not any(words[row] < words[other] for other in rows)]


def _at(row: _Row, quantity: Quantity, language: str) -> list[int]:
    """The columns, from the second, in which a row holds a number."""
    return [at for at, cell in enumerate(row.cells) if at and _holds(cell, quantity, language)]


def _holds(cell: str, quantity: Quantity, language: str) -> bool:
    facts = facts_of(cell, language)
    return any(quantity.equals(other) for other in facts.quantities)


def _other_column(quantity: Quantity, rows: Sequence[_Row], asked: _Asked, language: str) -> str:
    """A number that stands in the named rows, but only under headers that nobody named beside one that was."""
    for row in rows:
        if not row.header:
            continue
        named = [at for at, head in enumerate(row.header) if at and _names(head, asked, language)]
        taken = _at(row, quantity, language)
        alike = [at for at in named if _kind(row, at, language) == _kind(row, taken[0], language)]
        if not alike or any(at in named for at in taken):
            return ""
        if not any(_is_value(row.cells[at], language) for at in alike):
            return ""
        wanted, got = row.header[alike[0]], row.header[taken[0]]
        return f"says {quantity.written!r} of {wanted!r}, which the table says of {got!r}"
    return ""


def _kind(row: _Row, at: int, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The units that a column's header and cell name; only columns of one kind can be mistaken for each other."""
    units = {q.unit for q in facts_of(row.cells[at], language).quantities if q.unit}
    return frozenset(units_named(f" {row.header[at]} ", language)), frozenset(units)
