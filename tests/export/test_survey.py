"""The order of rows: whatever a loader must know of the columns stands at the beginning of each file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from doc2data.export import write_export
from doc2data.records import Evidence, Judged, RecipeRef
from doc2data.settings import ExportSettings
from tests.export.corpus import make


def late() -> Iterator[Judged]:
    """Five hundred plain samples, then the first with earlier turns, a page and a parameter."""
    for n in range(500):
        plain = make("qa", [("user", f"{n}?"), ("assistant", "yes")], (Evidence("d", "d", None, (), 0, 1, "x"),))
        yield Judged(replace(plain.sample, recipe=RecipeRef("qa", 1, {})), plain.verdicts)
    turns = [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]
    yield make("dialogue", turns, (Evidence("d", "d", 3, ("One",), 0, 1, "x"),), turns=((0,), (0,)))


def test_rows_that_show_a_column_first_are_written_first(tmp_path: Path) -> None:
    write_export(late, tmp_path, ["alpaca", "jsonl"], ExportSettings(train=1, validation=0))
    for name, empty in (("alpaca", '"history": []'), ("jsonl", '"page": null')):
        lines = (tmp_path / name / "train.jsonl").read_text(encoding="utf-8").splitlines()
        assert [n for n, line in enumerate(lines) if empty not in line] == [1]
        assert len(set(lines)) == 501


def test_the_archive_shows_its_columns_first_too_and_else_keeps_the_order_of_the_samples(tmp_path: Path) -> None:
    write_export(late, tmp_path, [], ExportSettings(train=1, validation=0))
    ids = [json.loads(line)["id"] for line in (tmp_path / "samples.jsonl").read_text(encoding="utf-8").splitlines()]
    first, *middle, last = [item.sample.id for item in late()]
    assert ids == [first, last, *middle]
