"""Grids filled with words: merged cells, header rows, tables in two parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Table
from parsers.pdf.lines import Line
from parsers.pdf.regions import Grid
from parsers.pdf.tables import build_table, continue_table, header_rows

WIDTH, HEIGHT = 100.0, 20.0


def words_of(text: str, left: float, top: float) -> list[Line]:
    found, x = [], left + 4
    for word in text.split():
        found.append(Line(word, (x, top + 4, x + 5.0 * len(word), top + 16), (), 0))
        x += 5.0 * len(word) + 3
    return found


def grid_of(rows: int, columns: int) -> Grid:
    return Grid(tuple(r * HEIGHT for r in range(rows + 1)), tuple(c * WIDTH for c in range(columns + 1)))


def table_of(rows: list[list[str]]) -> Table:
    words = [
        word
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        for word in words_of(cell, c * WIDTH, r * HEIGHT)
    ]
    built = build_table(words, grid_of(len(rows), len(rows[0])), {})
    assert built is not None
    return built[0]


def test_cells_and_header() -> None:
    rows = [["Part", "Weight", "Price"], ["Valve", "3 kg", "12.00"], ["Pump", "40 kg", "310.00"]]
    table = table_of(rows)
    assert [list(row) for row in table.grid()] == rows
    assert table.header_path(2) == ("Price",)


def test_merged_header_stands_over_all_its_columns() -> None:
    words = words_of("a heading across both", 140, 0)
    for c, cell in enumerate(["Country", "1993", "1994"]):
        words += words_of(cell, c * WIDTH, HEIGHT)
    for r, row in enumerate([["Austria", "80", "170"], ["France", "520", "500"]], start=2):
        words += [word for c, cell in enumerate(row) for word in words_of(cell, c * WIDTH, r * HEIGHT)]
    built = build_table(words, grid_of(4, 3), {})
    assert built is not None
    table = built[0]
    assert len(table.header) == 2
    assert table.header_path(1) == ("a heading across both", "1993")
    assert table.header_path(2) == ("a heading across both", "1994")
    assert (0, 2) in table.continued


def test_a_list_is_no_table() -> None:
    rows = [["\u2022", "open the valve"], ["\u2022", "close the valve"]]
    words = [
        word
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        for word in words_of(cell, c * WIDTH, r * HEIGHT)
    ]
    assert build_table(words, grid_of(2, 2), {}) is None


def test_table_without_labels_has_no_header() -> None:
    assert header_rows([("1", "2"), ("3", "4"), ("5", "6")], frozenset()) == 0


names = st.text(alphabet="abcdefgh", min_size=2, max_size=8)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(names, min_size=width, max_size=width), min_size=2, max_size=6)
)


@given(tables)
def test_every_cell_is_found_where_it_was_put(rows: list[list[str]]) -> None:
    assert [list(row) for row in table_of(rows).grid()] == rows


@given(tables, st.integers(1, 5))
def test_two_parts_make_one_table(rows: list[list[str]], at: int) -> None:
    header, body = tuple(rows[0]), [tuple(row) for row in rows[1:]]
    first, second = Table((header,), tuple(body[:at])), Table((header,), tuple(body[at:]))
    table, start = continue_table(first, second)
    assert table.grid() == (header, *body)
    assert start == 1 + len(body[:at])


def test_a_row_cut_by_the_page_is_one_row() -> None:
    first = Table((("Id", "Text"),), (("1", "the pump must"),))
    second = Table((), (("", "be stopped"), ("2", "open it")))
    table, start = continue_table(first, second)
    assert table.rows == (("1", "the pump must be stopped"), ("2", "open it"))
    assert start == 2
