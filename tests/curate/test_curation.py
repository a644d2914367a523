"""Contamination and measures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from doc2data.curate import EvaluationTexts, Reference, measure, read_references
from doc2data.curate.measures import distinct, self_bleu, vendi_share
from doc2data.errors import UsageError
from doc2data.records import Evidence, Judged, MadeBy, Message, RecipeRef, Sample, Verdict
from doc2data.settings import CheckSettings
from tests.index.doubles import HashEmbedder

SETTINGS = CheckSettings()
TEST_QUESTION = (
    "How many operating hours may pass before the shaft seal of the feed pump has to be replaced by a trained person?"
)


def sample(identifier: str, question: str, answer: str = "Yes.", kind: str = "qa") -> Sample:
    messages = (Message("user", question), Message("assistant", answer))
    evidence = (Evidence("m.pdf", "M", 1, (identifier,), 0, 1, "x"),)
    return Sample(identifier, kind, "en", messages, evidence, RecipeRef("qa", 1), MadeBy("rules", "rules", "", "", 0))


def signs(question: str, *references: str) -> list[str]:
    known = [Reference("eval.jsonl", i, text) for i, text in enumerate(references, 1)]
    found = EvaluationTexts(known, SETTINGS, HashEmbedder().encode).find([sample("a", question)])
    return [match.sign for match in found.values()]


def test_thirteen_words_in_a_row_give_a_row_away() -> None:
    words = TEST_QUESTION.split()
    assert signs("Tell me: " + " ".join(words[:14]) + " or not?", TEST_QUESTION) == ["words"]
    assert signs("Tell me: " + " ".join(words[:7]) + " or not?", TEST_QUESTION) == []


def test_fifty_characters_in_a_row_give_a_row_away() -> None:
    code = "abcdefghijklmnopqrstuvwxyz" * 3
    assert signs(f"What does the key xx{code[3:53]}yy open in the plant?", f"key {code} opens") == ["characters"]
    assert signs(f"What does the key xx{code[3:52]}yy open in the plant?", f"key {code} opens") == []


def test_a_short_question_is_given_away_as_a_whole_only() -> None:
    assert signs("Where is the drain valve?", "Where is the drain valve") == ["words"]
    assert signs("Where is the drain valve of the pump?", "Where is the drain valve") == []


def test_a_reworded_question_is_given_away_by_its_vector() -> None:
    assert signs("valve drain the is where?", "Where is the drain valve?") == ["meaning"]
    assert signs("Who approves a repair?", "Where is the drain valve?") == []


def test_evaluation_files_are_read_in_every_form(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"q": TEST_QUESTION, "id": "x-1"}) + "\n\n", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([{"messages": [{"content": TEST_QUESTION}]}]), encoding="utf-8")
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["7", TEST_QUESTION])
    (tmp_path / "d.txt").write_text(f"short\n\n{TEST_QUESTION}\n", encoding="utf-8")
    found = read_references(sorted(tmp_path.iterdir()))
    assert [(r.file, r.row) for r in found] == [("a.jsonl", 1), ("b.json", 1), ("c.csv", 1), ("d.txt", 2)]
    assert {r.text.strip() for r in found} == {TEST_QUESTION}


def test_a_parquet_file_that_asks_for_what_there_is_not_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrow has errors of its own, which are not all ValueErrors."""

    def refuse(path: Path) -> None:
        raise pyarrow.ArrowNotImplementedError("Integers with more than 64 bits not implemented")

    monkeypatch.setattr(parquet, "ParquetFile", refuse)
    (tmp_path / "wide.parquet").write_bytes(b"PAR1")
    with pytest.raises(UsageError, match="64 bits"):
        read_references([tmp_path / "wide.parquet"])


def test_an_evaluation_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    for damage in ("{", "[" * 100_000):
        broken.write_text(damage, encoding="utf-8")
        with pytest.raises(UsageError, match="broken"):
            read_references([broken])
    with pytest.raises(UsageError, match="missing"):
        read_references([tmp_path / "missing.txt"])


VARIED = [
    "How often is the shaft seal replaced?", "Where are spare filters stored?", "What raises alarm E-417?",
    "Who approves work on the control cabinet?", "Which water may fill the pump before its first start?",
]  # fmt: skip


def judged(one: Sample, **verdicts: bool) -> Judged:
    return Judged(one, tuple(Verdict(name, passed, float(passed), "") for name, passed in verdicts.items()))


def test_equal_questions_are_all_alike_and_different_ones_are_not() -> None:
    assert self_bleu([VARIED[0]] * 4) == pytest.approx(1.0)
    assert self_bleu(VARIED) < 0.4
    assert distinct([VARIED[0]] * 4, 2) == pytest.approx(0.25)
    assert distinct(["轴封多久更换"], 1) == 1.0


def test_spread_is_one_for_unlike_rows_and_falls_to_one_in_n_for_equal_ones() -> None:
    assert vendi_share(np.eye(5, dtype=np.float32)) == pytest.approx(1.0)
    assert vendi_share(np.ones((5, 1), np.float32)) == pytest.approx(0.2)


def test_a_dataset_is_measured_with_what_was_rejected_on_the_way() -> None:
    rows = [judged(sample(str(i), text), support=True, retrievability=i != 0) for i, text in enumerate(VARIED)]
    found = measure(rows, HashEmbedder().encode, [("m.pdf", (str(i),)) for i in range(8)])
    assert found.samples == 4
    assert (found.by_check["support"].share, found.by_check["retrievability"].kept) == (1.0, 4)
    assert (found.by_recipe["qa"].made, found.by_model["rules:rules"].kept) == (5, 4)
    assert (found.groundedness, found.sections, found.kind_entropy) == (1.0, 0.5, 0.0)
    assert "Only 4 samples" in found.advice[0]


def test_what_the_questions_leave_far_away_lowers_their_reach() -> None:
    rows = [judged(sample(str(i), text), support=True) for i, text in enumerate(VARIED)]
    embed = HashEmbedder().encode
    near, far = embed([VARIED[0]]), embed(["Wholly unlike words about gardening in winter"])
    assert measure(rows, embed, passages=near).reach == pytest.approx(1.0, abs=1e-5)
    both = measure(rows, embed, passages=np.concatenate([near, far])).reach
    assert both < 0.95
    assert measure(rows, embed).reach == 0.0


def test_topics_are_the_sections_that_samples_stand_on() -> None:
    rows = [judged(sample(str(i % 2), text), support=True) for i, text in enumerate(VARIED[:4])]
    assert measure(rows, HashEmbedder().encode).topic_entropy == pytest.approx(1.0)


def test_data_that_is_too_alike_is_warned_of_with_advice() -> None:
    rows = [
        judged(sample(str(i), f"What is the set value of parameter P-{i} of the pump?"), support=True)
        for i in range(30)
    ]
    assert any(
        "self-BLEU" in advice and "add recipes" in advice for advice in measure(rows, HashEmbedder().encode).advice
    )


def test_an_empty_dataset_is_measured_too() -> None:
    empty = measure([], HashEmbedder().encode)
    assert empty.samples == 0 and "--status rejected" in empty.advice[0]
