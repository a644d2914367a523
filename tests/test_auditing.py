"""Auditing datasets made elsewhere: every shape is read, right rows pass, wrong ones fail for the right reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import parquet

import models
from doc2data.auditing import audit
from doc2data.cli import cli
from doc2data.cli import run as cli_run
from doc2data.errors import RunFailed, UsageError
from doc2data.export import read_dataset, write_export
from doc2data.records import Judged
from doc2data.settings import ExportSettings, Settings
from models import Request, ScriptedEngine
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import ENGLISH, prepared, run, write
from tests.tasks.judges import rated

QUESTION = "How often must the diaphragm of the P-20 be replaced?"
RIGHT = "The diaphragm must be replaced every 4000 hours because the PTFE hardens."
WRONG = "The diaphragm must be replaced every 400 hours because the PTFE hardens."


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())


def shaped(shape: str, answer: str, question: str = QUESTION) -> dict[str, Any]:
    shapes: dict[str, dict[str, Any]] = {
        "alpaca": {"instruction": question, "input": "", "output": answer},
        "sharegpt": {"conversations": [{"from": "human", "value": question}, {"from": "gpt", "value": answer}]},
        "messages": {
            "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        },
        "trl": {"prompt": question, "completion": answer},
        "pairs": {"question": question, "answer": answer},
        "preference": {"prompt": question, "chosen": answer, "rejected": "Nobody knows that."},
    }
    return shapes[shape]


SCREWS, MASS = "To what torque are the screws of the P-20 pump head tightened?", "What is the mass of the P-20?"
KIT, LINE = "Which kit of Corvan contains a foot valve?", "What must be closed before the P-20 pump head is opened?"
ROWS = [
    (QUESTION, RIGHT, "", ""),
    (MASS, "The mass of the P-20 is 3.2 kg.", "", ""),
    (SCREWS, "The screws are tightened to 2.5 N·m.", "", ""),
    (KIT, "The Corvan K-4 kit contains a diaphragm, two seals and a foot valve.", "", ""),
    (LINE, "The suction line must be closed.", "", ""),
    ("How often is the P-20 diaphragm replaced?", "It must be replaced every 400 hours.", "support", "'400 hours'"),
    ("How heavy is the P-20 of Corvan?", "The P-20 has a mass of 5.1 kg.", "support", "says '5.1 kg' of 'P-20'"),
    ("How tight are the four screws of the P-20 head?", "They are tightened to 2.5 kN·m.", "support", "'2.5 kN·m'"),
    ("Which kit of Corvan holds two seals?", "The Corvan K-5 kit.", "support", "'K-5'"),
    ("Who makes the P-20 dosing pump?", "Hartmann makes the P-20 dosing pump.", "support", "'Hartmann'"),
    ("When is the suction line of the P-20 closed?", "After the pump head is opened.", "support", "'after'"),
    ("How is the pump housing of the P-20 cleaned?", "Wipe the housing with warm soapy water.", "support", "hold"),
    ("According to the text, what is it made of?", "Of PTFE.", "selfcontained", "points at its source"),
    (QUESTION, "Every 4000 hours, because the PTFE hardens.", "duplicate", "row 1"),
    ("What is the diaphragm of the P-20 made of?", "", "structure", "empty"),
]


def put(file: Path, rows: list[dict[str, Any]]) -> Path:
    """Rows as a file of the form that its name asks for."""
    if file.suffix == ".jsonl":
        return lines(file, *rows)
    if file.suffix == ".parquet":
        parquet.write_table(pyarrow.Table.from_pylist(rows), file)
        return file
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter="\t" if ".tsv" in file.name else ",")
    writer.writeheader()
    writer.writerows({k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items()} for row in rows)
    data = text.getvalue().encode("utf-8-sig")
    file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)
    return file


@pytest.mark.parametrize(
    ("shape", "name"),
    [(shape, "data.jsonl") for shape in ("alpaca", "sharegpt", "messages", "trl", "pairs", "preference")]
    + [("alpaca", "data.csv"), ("sharegpt", "data.csv"), ("pairs", "data.tsv"), ("trl", "data.csv.gz")]
    + [("messages", "data.parquet"), ("preference", "data.parquet")],
)
def test_every_shape_gets_the_same_verdicts(tmp_path: Path, shape: str, name: str) -> None:
    data = put(tmp_path / name, [shaped(shape, answer, question) for question, answer, *_ in ROWS])
    found = list(audit(data, [write(tmp_path / "docs", ENGLISH)]))
    failed = [next((v for v in row.verdicts if not v.passed), None) for row in found]
    assert [v.check if v else "" for v in failed] == [check for _, _, check, _ in ROWS], failed
    assert [named for v, (*_, named) in zip(failed, ROWS, strict=True) if v and named not in v.reason] == []


@pytest.mark.parametrize("written", ["csv/train.csv", "parquet/qa/train-00000-of-00001.parquet"])
def test_what_we_write_for_others_gets_the_verdicts_of_its_conversations(tmp_path: Path, written: str) -> None:
    data = put(tmp_path / "data.jsonl", [shaped("pairs", answer, question) for question, answer, *_ in ROWS])
    judged = [Judged(row.judged.sample, ()) for row in read_dataset(data) if row.judged]
    formats = ["csv", "parquet", "messages"]
    write_export(lambda: iter(judged), tmp_path / "export", formats, ExportSettings(train=1, validation=0))
    docs = [write(tmp_path / "docs", ENGLISH)]
    expected = {row.verdicts for row in audit(tmp_path / "export" / "messages" / "train.jsonl", docs)}
    assert {row.verdicts for row in audit(tmp_path / "export" / written, docs)} == expected


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


def lines(file: Path, *rows: dict[str, Any]) -> Path:
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": QUESTION, "chosen": RIGHT, "rejected": WRONG},
        {
            "prompt": [{"role": "user", "content": QUESTION}],
            "chosen": [{"role": "assistant", "content": RIGHT}],
            "rejected": [{"role": "assistant", "content": WRONG}],
        },
        {
            "chosen": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": RIGHT}],
            "rejected": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": WRONG}],
        },
    ],
)
def test_of_a_preference_the_chosen_answer_is_held_against_the_documents(tmp_path: Path, row: dict[str, Any]) -> None:
    swapped = row | {"chosen": row["rejected"], "rejected": row["chosen"]}
    data = lines(tmp_path / "data.jsonl", row, swapped)
    right, wrong = audit(data, [write(tmp_path / "docs", ENGLISH)])
    assert right.passed, right.verdicts
    assert next(v.check for v in wrong.verdicts if not v.passed) == "support"


def test_rows_that_an_evaluation_file_holds_are_named_with_their_place(tmp_path: Path) -> None:
    held = lines(tmp_path / "eval.jsonl", {"id": 1, "question": QUESTION})
    data = lines(tmp_path / "data.jsonl", shaped("alpaca", RIGHT))
    settings = Settings.model_validate({"checks": {"evaluation": (str(held),)}})
    [row] = audit(data, [write(tmp_path / "docs", ENGLISH)], settings)
    [failed] = [v for v in row.verdicts if not v.passed]
    assert failed.check == "contamination"
    assert failed.reason.startswith("eval.jsonl, row 1, holds this")


def test_a_model_is_asked_about_what_the_rules_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(request: Request) -> str:
        if "accuracy" in request.schema:
            return rated(completeness=1)
        return json.dumps({"answerable": True, "sentences": [1], "answer": RIGHT})

    engine = ScriptedEngine(reply)
    monkeypatch.setattr(models, "open_engine", lambda spec, options: engine)
    data = lines(tmp_path / "data.jsonl", shaped("alpaca", RIGHT), shaped("alpaca", WRONG))
    chosen = {"model": {"spec": "scripted"}, "checks": {"judges": ("self",)}}
    first, second = audit(data, [write(tmp_path / "docs", ENGLISH)], Settings.model_validate(chosen))
    assert [(v.check, v.passed) for v in first.verdicts][-4:] == [
        ("retrievability", True),
        ("roundtrip", True),
        ("judge", False),
        ("duplicate", True),
    ] or [(v.check, v.passed) for v in first.verdicts][-2:] == [("judge", False), ("duplicate", True)]
    assert "judge" not in [v.check for v in second.verdicts]
    assert not any("5000" in m.content or WRONG in m.content for r in engine.history for m in r.messages)
    assert engine.closed


def test_the_command_writes_a_page_and_measures(tmp_path: Path) -> None:
    data = lines(tmp_path / "data.jsonl", shaped("alpaca", RIGHT), shaped("alpaca", WRONG))
    docs, page = write(tmp_path / "docs", ENGLISH), tmp_path / "page.html"
    result = CliRunner().invoke(cli, ["check", str(data), "--against", str(docs), "--report", str(page)])
    assert result.exit_code == 1 and result.stdout.startswith("row 2: support: ")
    assert "1 of 2 pass" in result.stderr and "1 of 2 rows pass." in result.stderr
    assert "self-BLEU" in result.stderr
    text = page.read_text(encoding="utf-8")
    assert "every 400 hours" in text and "pump.md" in text


@pytest.mark.parametrize(("answer", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_the_exit_code_tells_a_pipeline(tmp_path: Path, answer: str, code: int) -> None:
    data = lines(tmp_path / "data.jsonl", shaped("trl", answer))
    assert cli_run(["check", str(data), "--against", str(write(tmp_path / "docs", ENGLISH))]) == code


def test_a_row_gets_the_language_of_its_documents(tmp_path: Path) -> None:
    french = {"prompt": QUESTION, "completion": "La membrane doit être remplacée toutes les 4000 heures de marche."}
    data = lines(tmp_path / "data.jsonl", french)
    [row] = audit(data, [write(tmp_path / "docs", ENGLISH)])
    assert next(v.check for v in row.verdicts if not v.passed) in ("language", "support")
