"""Datasets made elsewhere, taken into a project: checked, stored beside its own samples, exported with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import models
from doc2data import review
from doc2data.cli import run as cli_run
from doc2data.project import Project
from doc2data.records import Judged, from_canonical
from doc2data.store import Store
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import ENGLISH, prepared, run, write
from tests.test_auditing import QUESTION, RIGHT, WRONG, put, shaped


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Documents that were read, and no samples: the one recipe has nothing to make of them."""
    target = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", generate__recipes=("cot",))
    run(target)
    return target


def file_of(folder: Path, *lines: str) -> Path:
    path = folder / "theirs.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def stored(project: Project) -> list[Judged]:
    with Store(project.database) as store:
        return [judged for judged in store.samples.judged() if judged.sample.recipe.name == "import"]


def exported(project: Project) -> list[Judged]:
    lines = (project.export / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return [from_canonical(json.loads(line)) for line in lines]


@pytest.mark.parametrize("shape", ["alpaca", "sharegpt", "messages", "trl"])
def test_rows_of_every_shape_are_kept_or_rejected_and_exported_with_evidence(
    project: Project, tmp_path: Path, shape: str
) -> None:
    file = file_of(tmp_path, *(json.dumps(shaped(shape, answer)) for answer in (RIGHT, WRONG)))
    assert cli_run(["adopt", str(file), "--in", str(project.folder)]) == 0
    right, wrong = stored(project)
    assert (right.status, wrong.status) == ("accepted", "rejected")
    assert any("400" in verdict.reason for verdict in wrong.verdicts if not verdict.passed)
    assert right.sample.recipe.params["shape"] == shape
    assert cli_run(["export", "--in", str(project.folder), "--format", "jsonl,alpaca"]) == 0
    [out] = [judged for judged in exported(project) if judged.sample.question == QUESTION]
    assert (out.sample.question, out.sample.answer) == (QUESTION, RIGHT)
    with Store(project.database) as store:
        texts = {row.name: store.documents.document(row.id).text for row in store.documents.rows()}
    assert out.sample.evidence
    assert all(texts[e.document][e.start : e.end] == e.quote for e in out.sample.evidence)


def test_a_table_is_taken_in_as_lines_are(project: Project, tmp_path: Path) -> None:
    file = put(tmp_path / "theirs.csv", [shaped("pairs", answer) for answer in (RIGHT, WRONG)])
    assert cli_run(["adopt", str(file), "--in", str(project.folder)]) == 0
    assert [judged.status for judged in stored(project)] == ["accepted", "rejected"]


def test_taking_in_again_changes_nothing_and_leaves_decisions_alone(project: Project, tmp_path: Path) -> None:
    file = file_of(tmp_path, *(json.dumps(shaped("alpaca", answer)) for answer in (RIGHT, WRONG)))
    command = ["adopt", str(file), "--in", str(project.folder)]
    assert cli_run(command) == 0
    first = stored(project)
    assert cli_run(command) == 0
    assert stored(project) == first
    with Store(project.database) as store:
        review.accept(store, first[1].sample.id, "I know better.")
    assert cli_run(command) == 0
    assert [judged.status for judged in stored(project)] == ["accepted", "accepted"]


def test_what_the_project_asks_itself_is_a_duplicate_and_a_later_run_leaves_rows_alone(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", generate__recipes=("qa",))
    run(target)
    own = exported(target)[0].sample
    row = {"prompt": own.question, "completion": own.answer}
    assert cli_run(["adopt", str(file_of(tmp_path, json.dumps(row))), "--in", str(target.folder)]) == 0
    [judged] = stored(target)
    assert [verdict.check for verdict in judged.verdicts if not verdict.passed] == ["duplicate"]
    run(target)
    assert stored(target) == [judged]


def test_unreadable_rows_are_named_and_counted(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path, "{", json.dumps(shaped("trl", RIGHT)), json.dumps({"foo": 1}))
    assert cli_run(["adopt", str(file), "--in", str(project.folder)]) == 1
    told = capsys.readouterr()
    assert "1 rows kept, 0 rejected, 2 not readable" in told.err
    assert "row 1: readable" in told.out and "row 3: readable" in told.out
    assert len(stored(project)) == 1


def test_a_project_without_documents_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_run(["init", str(tmp_path / "empty")]) == 0
    assert cli_run(["adopt", str(file_of(tmp_path, "{}")), "--in", str(tmp_path / "empty")]) == 2
    assert "doc2data add" in capsys.readouterr().err
