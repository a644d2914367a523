"""Auditing datasets made elsewhere: every shape is read, right rows pass, wrong ones fail for the right reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import models
from doc2data.auditing import audit
from doc2data.errors import RunFailed, UsageError
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import ENGLISH, prepared, run, write

QUESTION = "How often must the diaphragm of the P-20 be replaced?"
RIGHT = "The diaphragm must be replaced every 4000 hours because the PTFE hardens."
WRONG = "The diaphragm must be replaced every 400 hours because the PTFE hardens."


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())


def shaped(shape: str, answer: str) -> dict[str, Any]:
    shapes: dict[str, dict[str, Any]] = {
        "alpaca": {"instruction": QUESTION, "input": "", "output": answer},
        "sharegpt": {"conversations": [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": answer}]},
        "messages": {
            "messages": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": answer}],
        },
        "trl": {"prompt": QUESTION, "completion": answer},
    }
    return shapes[shape]


@pytest.mark.parametrize("shape", ["alpaca", "sharegpt", "messages", "trl"])
def test_a_wrong_number_is_found_in_every_shape(tmp_path: Path, shape: str) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text("\n".join(json.dumps(shaped(shape, answer)) for answer in (RIGHT, WRONG)), encoding="utf-8")
    right, wrong = audit(data, [write(tmp_path / "docs", ENGLISH)])
    assert right.passed, right.verdicts
    assert not wrong.passed
    assert any("400" in verdict.reason for verdict in wrong.verdicts if not verdict.passed)


def test_samples_of_our_own_pass_as_they_did_when_they_were_made(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", generate__recipes=("qa", "unanswerable"))
    run(target)
    rows = list(audit(target.export / "samples.jsonl", [tmp_path / "docs"]))
    assert len(rows) > 5
    assert [row.verdicts for row in rows if not row.passed] == []


def test_a_question_asked_twice_is_named_with_its_twin(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text("\n".join([json.dumps(shaped("alpaca", RIGHT))] * 2), encoding="utf-8")
    _, second = audit(data, [write(tmp_path / "docs", ENGLISH)])
    assert [(v.check, v.reason) for v in second.verdicts if not v.passed] == [("duplicate", "Asks what row 1 asks.")]


def test_rows_keep_their_numbers_over_batches_and_bad_rows(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text("\n".join([json.dumps(shaped("alpaca", RIGHT)), "{broken"] * 70), encoding="utf-8")
    rows = list(audit(data, [write(tmp_path / "docs", ENGLISH)]))
    assert [row.number for row in rows] == list(range(1, 141))
    assert all(not row.passed for row in rows[1::2])


def test_a_document_that_cannot_be_read_stops_the_audit(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text(json.dumps(shaped("alpaca", RIGHT)), encoding="utf-8")
    with pytest.raises(RunFailed, match=r"empty\.md"):
        list(audit(data, [write(tmp_path / "docs", {**ENGLISH, "empty.md": ""})]))


def test_a_dataset_that_is_not_there_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        list(audit(tmp_path / "no.jsonl", [write(tmp_path / "docs", ENGLISH)]))
