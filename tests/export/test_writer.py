"""The writer: nothing is lost in silence, nothing half-written is left, memory does not grow."""

from __future__ import annotations

import csv
import io
import json
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doc2data.errors import StorageError, UsageError
from doc2data.export import FORMATS, ExportSources, export_to_file, export_to_stream, read_dataset, write_export
from doc2data.export.cells import inert
from doc2data.records import Judged, Message
from doc2data.rowfiles import open_read
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, make

ALL_TRAIN = ExportSettings(train=1, validation=0)


def test_every_sample_is_written_or_accounted_for(corpus: Corpus, tmp_path: Path) -> None:
    result = write_export(corpus.samples, tmp_path, ["messages", "prompt-completion", "ragas"], ExportSettings())
    assert result.accepted + result.rejected == len(corpus.judged)
    assert sum(result.splits.values()) == result.accepted
    for name, count in result.formats.items():
        assert sum(count.rows.values()) + sum(count.left_out.values()) == result.accepted, name
    assert any("prompt-completion: 6 of 53 samples left out" in warning for warning in result.warnings)
    assert all(path.is_file() for path in result.paths)


def test_a_failure_midway_leaves_what_was_there(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["messages", "csv", "xlsx", "parquet"], ALL_TRAIN)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    passes = iter(range(3))

    def breaking() -> Iterator[Judged]:
        yield from corpus.judged[:20]
        if next(passes) == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left"):
        write_export(breaking, tmp_path, ["messages", "csv", "xlsx", "parquet"], ALL_TRAIN)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    archive = {tmp_path / "samples.jsonl", tmp_path / "rejected.jsonl"}
    assert set(after) == set(before)
    assert {path for path in after if after[path] != before[path]} <= archive


def test_files_of_an_earlier_export_do_not_stay_in_the_set(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["messages", "parquet"], ExportSettings(split_by="clue"))
    mine = tmp_path / "messages" / "notes.txt"
    mine.write_text("kept")
    result = write_export(corpus.samples, tmp_path, ["messages", "parquet"], ALL_TRAIN)
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {*result.paths, mine}
    again = write_export(corpus.samples, tmp_path, ["messages"], ALL_TRAIN)
    assert "parquet: left as an earlier export wrote them." in again.warnings


def test_an_empty_set_is_exported_too(tmp_path: Path) -> None:
    result = write_export(lambda: iter(()), tmp_path, list(FORMATS), ExportSettings())
    assert (result.accepted, result.rejected) == (0, 0)
    assert (tmp_path / "samples.jsonl").read_bytes() == b""
    assert all(path.is_file() for path in result.paths)


def test_a_missing_library_is_named_with_the_line_that_installs_it(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "doc2data.export.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="needs pyarrow") as caught:
        write_export(corpus.samples, tmp_path, ["parquet"], ALL_TRAIN)
    assert "pip install pyarrow" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_unknown_formats_are_refused_before_anything_is_written(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_export(corpus.samples, tmp_path, ["messages", "sharegtp"], ALL_TRAIN)
    assert "'sharegpt'" in caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name, format in FORMATS.items() if format.layout == "files"])
def test_folders_do_not_go_to_a_stream(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        export_to_stream([], name, io.BytesIO(), ALL_TRAIN)


def test_a_stream_gets_accepted_samples_only(corpus: Corpus) -> None:
    stream = io.BytesIO()
    count = export_to_stream(corpus.samples(), "jsonl", stream, ALL_TRAIN)
    lines = stream.getvalue().decode().split("\n")
    assert lines.pop() == ""
    assert {json.loads(line)["status"] for line in lines} == {"accepted"}
    assert count.rows == {"all": len(lines)}


@pytest.mark.parametrize(("packing", "ending"), [("gzip", ".gz"), ("zstd", ".zst")])
def test_packed_files_hold_the_same_rows(packing: str, ending: str, corpus: Corpus, tmp_path: Path) -> None:
    settings = ExportSettings.model_validate({"train": 1, "validation": 0, "compression": packing})
    for folder in ("one", "two"):
        write_export(corpus.samples, tmp_path / folder, ["jsonl"], settings)
    one, two = (tmp_path / folder / "jsonl" / f"train.jsonl{ending}" for folder in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    accepted = {item.sample.id: item for item in corpus.judged if item.status == "accepted"}
    assert {row.judged.sample.id: row.judged for row in read_dataset(one) if row.judged} == accepted


def test_the_system_message_of_the_settings_comes_first_unless_there_is_one(corpus: Corpus, tmp_path: Path) -> None:
    settings = ExportSettings(train=1, validation=0, system="Answer briefly.")
    write_export(corpus.samples, tmp_path, ["messages"], settings)
    firsts = {
        row.judged.sample.messages[0]
        for row in read_dataset(tmp_path / "messages" / "train.jsonl")
        if row.judged is not None
    }
    assert firsts == {Message("system", "Answer briefly."), Message("system", "You answer from the manual.")}


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([("user", "a"), ("user", "b"), ("assistant", "c")], "alternation"),
        ([("user", "a")], "end with an answer"),
        ([], "end with an answer"),
    ],
)
def test_samples_that_a_format_cannot_say_are_named(turns: list[tuple[str, str]], reason: str) -> None:
    count = export_to_stream([make("qa", turns, ())], "alpaca", io.BytesIO(), ALL_TRAIN)
    assert count.rows == {"all": 0}
    assert [reason in why for why in count.left_out] == [True]


def test_lines_are_cut_at_line_feeds_alone_whatever_the_text_holds() -> None:
    stream = io.BytesIO()
    text = "a\u2028b\u2029c\x85d\r\ne\x0bf\x1cg \ud800"
    plain = make("qa", [("user", "?"), ("assistant", "!")], ()).sample
    told = replace(plain, messages=(Message("user", text), Message("assistant", text)))
    export_to_stream([Judged(told, ())], "messages", stream, ALL_TRAIN)
    raw = stream.getvalue()
    assert raw.count(b"\n") == 1
    assert json.loads(raw)["messages"][0]["content"] == text


def test_no_cell_of_a_csv_file_starts_a_formula(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["csv"], ALL_TRAIN)
    raw = (tmp_path / "csv" / "train.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    questions = {row[3] for row in rows}
    assert "进水阀VLV-204的额定压力是多少？" in questions
    assert "'+1-555-0100" in questions
    assert {inert(item.sample.question) for item in corpus.judged if item.status == "accepted"} <= questions


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    names = ["messages"]

    def peak(count: int) -> int:
        def samples() -> Iterator[Judged]:
            for n in range(count):
                yield make("qa", [("user", f"{n}? " + "x" * 500), ("assistant", "y" * 500)], ())

        tracemalloc.start()
        write_export(samples, tmp_path / str(count), names, ALL_TRAIN)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small, large = peak(400), peak(1_200)
    # What may be kept of a sample: its split and a few numbers. The rows themselves are a kilobyte each, and more.
    assert (large - small) / 800 < 250


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_one_format_goes_to_a_file_packed_as_its_name_says(corpus: Corpus, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"set{ending}"
    count = export_to_file(corpus.samples(), "jsonl", path, ALL_TRAIN)
    plain = io.BytesIO()
    export_to_stream(corpus.samples(), "jsonl", plain, ALL_TRAIN)
    with open_read(path) as stream:
        assert stream.read() == plain.getvalue()
    assert (path.read_bytes() == plain.getvalue()) == (ending == ".jsonl")
    assert count.rows["all"] == plain.getvalue().count(b"\n")


def test_near_duplicates_that_a_person_kept_stand_in_one_split(tmp_path: Path) -> None:
    judged = [make("qa", [("user", f"What does part {n} weigh?"), ("assistant", f"{n} g")], ()) for n in range(80)]
    ids = [item.sample.id for item in judged]
    clusters = {id: ids[0] for id in ids[::4]}
    settings = ExportSettings(train=0.4, validation=0.3, split_by="clue")
    write_export(lambda: iter(judged), tmp_path, ["jsonl"], settings, ExportSources(clusters=clusters))
    sides = {
        split: {json.loads(line)["id"] for line in (tmp_path / "jsonl" / f"{split}.jsonl").read_text().splitlines()}
        for split in ("train", "validation", "test")
    }
    assert sum(bool(side & clusters.keys()) for side in sides.values()) == 1
    assert all(sides.values())


def test_the_mapping_ties_queries_and_answers_to_the_clues_of_their_turns(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["mapping"], ALL_TRAIN)
    rows = [json.loads(line) for line in (tmp_path / "mapping" / "train.jsonl").read_text("utf-8").splitlines()]
    accepted = {j.sample.id: j.sample for j in corpus.judged if j.status == "accepted" and j.sample.rejected is None}
    assert rows and {row["id"] for row in rows} == set(accepted)
    for row in rows:
        sample, quotes = accepted[row["id"]], {clue["id"]: clue["quote"] for clue in row["clues"]}
        turns = sample.turns or (tuple(range(len(sample.evidence))),)
        for exchange, turn in zip(row["exchanges"], turns, strict=False):
            assert [quotes[id] for id in exchange["clues"]] == [sample.evidence[n].quote for n in turn]
    assert any(len(row["exchanges"]) > 1 for row in rows)
