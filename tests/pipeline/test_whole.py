"""Whether a project is whole, and how it becomes so again: verification, lost indexes, statements."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import models
from doc2data import pipeline
from doc2data.cli import run as command
from doc2data.events import Finished
from doc2data.index import Index, IndexDamaged
from doc2data.integrity import verify
from doc2data.project import Project
from doc2data.settings import override
from doc2data.stages.attesting import check, digest
from doc2data.stages.manifest import Record
from doc2data.stages.workshop import Workshop
from doc2data.stages.writing import export_all
from doc2data.store import Store
from doc2data.store.lexical import Lexical
from models import ScriptedEngine
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import ENGLISH, PUMP, exported, prepared, run, use_engine, write
from tests.pipeline.test_models import writer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished project, to be copied."""
    place = tmp_path_factory.mktemp("made")
    target = prepared([write(place / "docs", {"pump.md": PUMP})], place / "out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
        run(target)
    return target.folder


@pytest.fixture
def project(tmp_path: Path, made: Path) -> Project:
    return Project(Path(shutil.copytree(made, tmp_path / "out")))


def wrong(target: Project) -> dict[str, str]:
    return {finding.what: finding.detail for finding in verify(target) if not finding.works}


def test_a_project_that_was_left_alone_is_whole_and_looking_changes_nothing(project: Project) -> None:
    before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.suffix in (".jsonl", ".json")}
    assert wrong(project) == {}
    assert {path: path.read_bytes() for path in before} == before


SPOILT: dict[str, tuple[str, str]] = {
    "a quote": ("UPDATE samples SET body = replace(body, '\"start\": ', '\"start\": 1')", "evidence"),
    "a clue": ("UPDATE clues SET body = replace(body, 'diaphragm', 'membrane!')", "cuts"),
    "a lost chunk": ("DELETE FROM chunks", "cuts"),
    "an orphan": ("DELETE FROM jobs", "database"),
    "a lost passage": ("DELETE FROM passages WHERE id = (SELECT min(id) FROM passages)", "index"),
    "a lost word": ("DELETE FROM lexical_passages WHERE number = 1", "index"),
    "an unwritten decision": ("UPDATE samples SET status = 'rejected'", "export"),
    "an answer": ('UPDATE samples SET body = replace(body, \'"content": "\', \'"content": "Not: \')', "export"),
    "a verdict": ("UPDATE verdicts SET reason = 'bought'", "export"),
    "the note of what was written": ("UPDATE meta SET value = '7' WHERE key = 'written.files'", "database"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_each_kind_of_damage_is_found_and_named(project: Project, name: str) -> None:
    statement, where = SPOILT[name]
    connection = sqlite3.connect(project.database)
    connection.execute("PRAGMA foreign_keys = OFF")
    with connection:
        connection.execute(statement)
    connection.close()
    assert where in wrong(project)


@pytest.mark.parametrize("name", ["export/samples.jsonl", "export/README.md", "run.json", "report.html"])
def test_a_file_that_was_changed_or_taken_away_is_found_and_the_next_run_mends_it(project: Project, name: str) -> None:
    with (project.folder / name).open("ab") as stream:
        stream.write(b" ")
    assert f"{name} is another one" in wrong(project)["export"]
    (project.folder / name).unlink()
    assert f"{name} is gone" in wrong(project)["export"]
    run(project)
    assert wrong(project) == {}


@pytest.mark.parametrize("setting", [{"export.max": 2}, {"privacy.action": "drop"}, {"export.formats": ("csv",)}])
def test_an_export_that_leaves_samples_out_is_in_step_all_the_same(project: Project, setting: dict[str, Any]) -> None:
    with Store(project.database) as store:
        shop = Workshop(project, override(project.settings(), setting), store, engine=None)
        for _ in export_all(shop, Record("doc2data export")):
            pass
    assert wrong(project) == {}


def test_a_database_with_a_spoilt_page_is_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    size = project.database.stat().st_size
    with project.database.open("r+b") as stream:
        for page in range(2, size // 4096, 2):
            stream.seek(page * 4096)
            stream.write(b"\x0d" * 64)
    assert "database" in wrong(project)
    monkeypatch.chdir(project.folder)
    assert command(["status", "--verify"]) == 1


def graph_file(folder: Path) -> Path:
    """A file of Chroma's graph as a process killed in the middle of writing it leaves it: cut, and not marked."""
    place = folder / "vectors" / "00000000-0000-0000-0000-000000000000"
    place.mkdir(exist_ok=True)
    for name in ("header.bin", "index_metadata.pickle"):
        (place / name).write_bytes(b"torn")
    return place


DAMAGES: dict[str, Callable[[Path], object]] = {
    "deleted": shutil.rmtree,
    "no database": lambda folder: (folder / "vectors" / "chroma.sqlite3").unlink(),
    "cut": lambda folder: os.truncate(folder / "vectors" / "chroma.sqlite3", 5000),
    "emptied": lambda folder: os.truncate(folder / "vectors" / "chroma.sqlite3", 0),
    "a torn graph": graph_file,
    "no weights": lambda folder: (folder / "fusion.json").write_text("{"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_lost_or_damaged_index_is_made_again_without_asking_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    use_engine(monkeypatch, ScriptedEngine(writer))
    target = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", model__spec="scripted")
    run(target)
    before = exported(target)
    DAMAGES[name](target.index)
    if name != "no weights":
        assert "index" in wrong(target)
    silent = ScriptedEngine(lambda request: pytest.fail("the model was asked"))
    use_engine(monkeypatch, silent)
    run(target)
    assert wrong(target) == {}
    assert exported(target) == before


def test_who_does_not_hold_the_project_clears_no_index(project: Project) -> None:
    graph_file(project.index)
    with Store(project.database) as store, pytest.raises(IndexDamaged) as error:
        Index(project.index, HashEmbedder(), Lexical(store.connection), store.documents.passages_of, mend=False)
    assert "doc2data run" in error.value.hint
    assert (project.index / "vectors" / "chroma.sqlite3").exists()


async def attested(target: Project) -> None:
    async for event in pipeline.build(target, target.settings(), attested=True):
        last = event
    assert isinstance(last, Finished)


def test_a_statement_names_what_went_in_and_its_command_makes_the_same_rows(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", ENGLISH)
    target = prepared([folder], tmp_path / "out", generate__limit=6, generate__audience="it's me")
    asyncio.run(attested(target))
    statement = json.loads((target.folder / "attestation.json").read_text(encoding="utf-8"))
    assert {source["name"] for source in statement["sources"]} == set(ENGLISH)
    assert statement["connections"]["refused_attempts"] == 0
    assert set(statement["results"]) == {f"export/{name}" for name in exported(target)}
    assert "en/system.txt" in statement["prompts"]
    words = shlex.split(statement["reproduce"])
    assert words[:3] == ["doc2data", "build", str(folder)]
    again = Project(tmp_path / "again")
    words[words.index("NEW_FOLDER")] = str(again.folder)
    assert command([*words[1:], "-q"]) == 0
    assert exported(again)["samples.jsonl"] == exported(target)["samples.jsonl"]


def test_a_statement_that_was_changed_or_no_longer_holds_is_found(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", {"pump.md": PUMP})], tmp_path / "out")
    asyncio.run(attested(target))
    assert check(target) == []
    path = target.folder / "attestation.json"
    kept = path.read_text(encoding="utf-8")
    statement = json.loads(kept)
    statement["connections"]["refused_attempts"] = 3
    path.write_text(json.dumps(statement), encoding="utf-8")
    assert "was changed" in wrong(target)["attestation"]
    assert digest(statement) != statement["sha256"]
    path.write_text(kept, encoding="utf-8")
    with (target.export / "samples.jsonl").open("ab") as stream:
        stream.write(b"\n")
    assert "samples.jsonl is another one" in wrong(target)["attestation"]


@pytest.mark.parametrize("damage", ["[" * 100_000, '{"sha256": "0", "results": {"\\ud800": 1}}', '{"sha256": 1}', "[]"])
def test_a_statement_that_cannot_be_read_is_a_finding(tmp_path: Path, damage: str) -> None:
    (tmp_path / "attestation.json").write_text(damage, encoding="utf-8")
    assert "attestation.json" in check(Project(tmp_path))[0]
