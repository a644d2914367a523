"""Preference pairs out: rows that trainers take, beside parents that they never leave."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from doc2data.export import FORMATS, export_to_stream, read_dataset, write_export
from doc2data.records import Judged
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus
from tests.export.pairs import WRONG, Paired

ALL_TRAIN = ExportSettings(train=1, validation=0)
OF_PAIRS = [name for name, format in FORMATS.items() if format.takes == "pairs"]


def rows(folder: Path, name: str, split: str = "train") -> list[dict[str, Any]]:
    path = folder / name / f"{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


@pytest.mark.parametrize("split_by", ["clue", "section", "document"])
def test_no_split_puts_a_pair_and_its_parent_apart(pairs: Paired, tmp_path: Path, split_by: str) -> None:
    """The pairs here have no clue and no evidence in common with their parents: the parent's id alone holds them."""
    settings = ExportSettings.model_validate({"split_by": split_by, "train": 0.5, "validation": 0.25})
    write_export(pairs.samples, tmp_path, ["jsonl"], settings)
    found = {
        row["id"]: (split, row) for split in ("train", "validation", "test") for row in rows(tmp_path, "jsonl", split)
    }
    told = [(split, row) for split, row in found.values() if row["rejected"]]
    assert len(told) == len(pairs.pairs)
    assert all(found[row["parent"]][0] == split for split, row in told)
    if split_by == "clue":
        assert len({split for split, _ in told}) > 1


def test_pairs_and_answers_go_to_their_own_formats(corpus: Corpus, pairs: Paired, tmp_path: Path) -> None:
    result = write_export(pairs.samples, tmp_path, list(FORMATS), ALL_TRAIN)
    assert len(rows(tmp_path, "trl-dpo")) == len(pairs.pairs) == len(rows(tmp_path, "llama-factory-ranking"))
    accepted = sum(one.status == "accepted" for one in corpus.judged)
    assert len(rows(tmp_path, "messages")) == accepted
    assert len(rows(tmp_path, "jsonl")) == accepted + len(pairs.pairs)
    assert WRONG not in "".join(path.read_text() for path in (tmp_path / "alpaca").iterdir())
    assert not (tmp_path / "parquet" / "preference").exists()
    assert not any("preference" in warning for warning in result.warnings)


def test_a_trl_pair_is_a_prompt_and_two_answers(pairs: Paired, tmp_path: Path) -> None:
    write_export(pairs.samples, tmp_path, ["trl-dpo", "trl-dpo-text"], ALL_TRAIN)
    by_prompt = {json.dumps(row["prompt"]): row for row in rows(tmp_path, "trl-dpo")}
    for one in pairs.pairs[:5]:
        sample = one.sample
        row = by_prompt[json.dumps([{"role": m.role, "content": m.content} for m in sample.messages[:-1]])]
        assert row["chosen"] == [{"role": "assistant", "content": sample.answer}]
        assert row["rejected"][0]["role"] == "assistant" and row["rejected"] != row["chosen"]
    plain = rows(tmp_path, "trl-dpo-text")
    assert all(isinstance(row[key], str) for row in plain for key in ("prompt", "chosen", "rejected"))
    assert 0 < len(plain) < len(pairs.pairs)  # dialogues have no plain prompt


def test_an_answer_stands_once_among_unpaired_ones(pairs: Paired, tmp_path: Path) -> None:
    """The first parent has two pairs: its answer is chosen in both, and written once."""
    write_export(pairs.samples, tmp_path, ["trl-kto"], ALL_TRAIN)
    found = rows(tmp_path, "trl-kto")
    keys = [json.dumps([row["prompt"], row["completion"]]) for row in found]
    assert len(keys) == len(set(keys))
    assert sum(row["label"] for row in found) == len(pairs.pairs) - 1
    assert sum(not row["label"] for row in found) == len(pairs.pairs)


def test_llama_factory_is_told_that_these_are_rankings(pairs: Paired, tmp_path: Path) -> None:
    write_export(pairs.samples, tmp_path, ["llama-factory-ranking"], ALL_TRAIN)
    folder = tmp_path / "llama-factory-ranking"
    told = json.loads((folder / "dataset_info.json").read_text(encoding="utf-8"))["doc2data_train"]
    assert told["ranking"] is True and (folder / told["file_name"]).is_file()
    for row in rows(tmp_path, "llama-factory-ranking"):
        turns = [turn for turn in row[told["columns"]["messages"]] if turn["role"] != "system"]
        assert len(turns) % 2 == 1, "LLaMA-Factory drops a ranking whose prompt ends with an answer"
        assert all(row[told["columns"][key]]["role"] == "assistant" for key in ("chosen", "rejected"))


def test_axolotl_is_told_where_the_answers_are(pairs: Paired, tmp_path: Path) -> None:
    write_export(pairs.samples, tmp_path, ["axolotl-dpo"], ExportSettings(split_by="clue", train=0.7, validation=0.15))
    told = yaml.safe_load((tmp_path / "axolotl-dpo" / "axolotl.yaml").read_text(encoding="utf-8"))
    assert told["rl"] == "dpo"
    for entry in (*told["datasets"], *told["test_datasets"]):
        assert (tmp_path / "axolotl-dpo" / entry["path"]).is_file()
        [first, *_] = rows(tmp_path, "axolotl-dpo", entry["path"].removesuffix(".jsonl"))
        assert {entry["field_messages"], entry["field_chosen"], entry["field_rejected"]} == set(first)


def test_formats_and_pairs_that_miss_each_other_are_told(corpus: Corpus, pairs: Paired, tmp_path: Path) -> None:
    alone = write_export(pairs.samples, tmp_path / "a", ["messages"], ALL_TRAIN)
    assert any("trl-dpo" in warning for warning in alone.warnings)
    empty = write_export(corpus.samples, tmp_path / "b", ["trl-dpo"], ALL_TRAIN)
    assert any("the recipe prefer makes them" in warning for warning in empty.warnings)


@pytest.mark.parametrize("name", [name for name in OF_PAIRS if FORMATS[name].layout == "rows"])
def test_a_stream_of_pairs_holds_pairs_alone(name: str, pairs: Paired) -> None:
    stream = io.BytesIO()
    count = export_to_stream(pairs.samples(), name, stream, ALL_TRAIN)
    assert sum(count.rows.values()) + sum(count.left_out.values()) == len(pairs.pairs)


def test_pairs_come_back_whole_from_the_archive(pairs: Paired, tmp_path: Path) -> None:
    write_export(pairs.samples, tmp_path, [], ALL_TRAIN)
    back = [row.judged for row in read_dataset(tmp_path / "samples.jsonl")]
    assert [one for one in back if isinstance(one, Judged) and one.sample.rejected] == pairs.pairs


def test_a_damaged_pair_is_told_and_not_read(pairs: Paired, tmp_path: Path) -> None:
    write_export(pairs.samples, tmp_path, [], ALL_TRAIN)
    lines = (tmp_path / "samples.jsonl").read_text(encoding="utf-8").split("\n")
    row = next(row for line in lines if line and (row := json.loads(line))["rejected"])
    row["rejected"]["answer"] = 7
    (tmp_path / "bad.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    [read] = read_dataset(tmp_path / "bad.jsonl")
    assert read.judged is None and "rejected.answer" in read.problem
