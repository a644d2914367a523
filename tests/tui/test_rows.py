"""The table: exact widths for any script, and only the rows in sight."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult

from doc2data.tui.widgets.plot import draw_bars, draw_curves
from doc2data.tui.widgets.rows import PAGE, PAGES, Column, Row, Rows, _fit
from tests.tui.driving import until


@given(text=st.text(st.sampled_from("a b阀é进\t\n😀"), max_size=40), width=st.integers(2, 30), right=st.booleans())
@settings(max_examples=200)
def test_a_cell_takes_exactly_its_width_in_any_script(text: str, width: int, right: bool) -> None:
    assert cell_len(_fit(text, width, right=right)) == width


class Table(App[None]):
    """A million rows that exist only when asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def compose(self) -> ComposeResult:
        yield Rows((Column("Number", 9, right=True), Column("Name"), Column("Wide", 8, wide=60)))

    def on_mount(self) -> None:
        self.query_one(Rows).show(1_000_000, self._fetch)
        self.query_one(Rows).focus()

    async def _fetch(self, offset: int, limit: int) -> Sequence[Row]:
        self.asked.append(offset)
        return [(f"{n}", f"阀门 {n}", "x") for n in range(offset, offset + limit)]


async def test_a_million_rows_are_fetched_only_where_the_eye_is() -> None:
    app = Table()
    async with app.run_test(size=(50, 20)) as pilot:
        rows = app.query_one(Rows)
        await until(pilot, lambda: 0 in rows.pages)
        await pilot.press("end")
        await until(pilot, lambda: 999_999 // PAGE in rows.pages)
        assert rows.cursor == 999_999
        assert set(app.asked) <= {0, 999_800, 999_900}
        widths = {rows.render_line(y).cell_length for y in range(19)}
        assert widths == {rows.size.width}


async def test_pages_that_are_out_of_sight_are_let_go() -> None:
    app = Table()
    async with app.run_test(size=(50, 20)) as pilot:
        rows = app.query_one(Rows)
        for page in range(PAGES * 2):
            rows.cursor = page * PAGE
            await until(pilot, lambda page=page: page in rows.pages)  # type: ignore[misc]
        assert len(rows.pages) <= PAGES


def test_plots_fill_the_size_they_are_given() -> None:
    drawn = draw_curves([0, 1, 2], {"kept": [0, 2, 5], "rejected": [0, 1, 1]}, (60, 12)).rstrip("\n").splitlines()
    assert len(drawn) <= 12
    assert max(map(len, drawn)) <= 60
    assert "kept" in "\n".join(drawn)
    bars = draw_bars({"support": 40, "duplicate": 10}, 40, (40, 5)).splitlines()
    assert [line.split()[0] for line in bars] == ["support", "duplicate"]
    assert abs(bars[0].count("━") - 4 * bars[1].count("━")) <= 2
