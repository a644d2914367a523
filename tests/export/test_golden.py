"""Every format's files, byte for byte; `pytest --regenerate` rewrites them, and the diff is to be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from doc2data.export import FORMATS, ExportSources, write_export
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus
from tests.export.pairs import Paired

GOLDEN = Path(__file__).parent.parent / "golden" / "export"
SETTINGS = ExportSettings(split_by="clue", train=0.8, validation=0.1, negatives=2, distractors=3)
# Their bytes change with the library's version; what they hold is compared in tests of their own.
BINARY = ("parquet", "xlsx")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in BINARY])
def test_format_matches_its_golden_files(
    name: str, corpus: Corpus, pairs: Paired, sources: ExportSources, tmp_path: Path, regenerate: bool
) -> None:
    samples = pairs.samples if FORMATS[name].takes == "pairs" else corpus.samples
    write_export(samples, tmp_path, [name], SETTINGS, sources)
    if regenerate:
        shutil.rmtree(GOLDEN / name, ignore_errors=True)
        shutil.copytree(tmp_path / name, GOLDEN / name)
    assert contents(tmp_path / name) == contents(GOLDEN / name)


def test_archive_matches_its_golden_files(corpus: Corpus, tmp_path: Path, regenerate: bool) -> None:
    write_export(corpus.samples, tmp_path, [], SETTINGS)
    if regenerate:
        for file in ("samples.jsonl", "rejected.jsonl"):
            shutil.copy(tmp_path / file, GOLDEN / file)
    assert contents(tmp_path) == {file: (GOLDEN / file).read_bytes() for file in ("samples.jsonl", "rejected.jsonl")}


def test_two_exports_have_the_same_bytes(corpus: Corpus, sources: ExportSources, tmp_path: Path) -> None:
    for run in ("first", "second"):
        write_export(corpus.samples, tmp_path / run, list(FORMATS), SETTINGS, sources)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_parquet_holds_every_sample_once(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["parquet"], SETTINGS)
    rows = [row for file in (tmp_path / "parquet").rglob("*.parquet") for row in parquet.read_table(file).to_pylist()]
    told = {row["id"]: ([(m["role"], m["content"]) for m in row["messages"]], row["evidence"]) for row in rows}
    accepted = [item.sample for item in corpus.judged if item.status == "accepted"]
    assert len(rows) == len(told) == len(accepted)
    for sample in accepted:
        turns, evidence = told[sample.id]
        assert turns == [(m.role, m.content) for m in sample.messages]
        assert [(e["document"], e["start"], e["quote"]) for e in evidence] == [
            (e.document, e.start, e.quote) for e in sample.evidence
        ]


def test_workbook_shows_texts_and_no_formulas(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["xlsx"], SETTINGS)
    book = openpyxl.load_workbook(tmp_path / "xlsx" / "samples.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    shown = {cell.value for cell in cells}
    assert '=HYPERLINK("http://attacker.example","open")' in shown
    assert "额定压力为12 巴。" in shown
