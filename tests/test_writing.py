"""What a project's export says beside the samples: licences as stated, and near-duplicates that a person has kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import models
from doc2data import pipeline, review
from doc2data.project import Project
from doc2data.records import Judged, Message, Verdict
from doc2data.settings import Settings, override
from doc2data.stages.manifest import Record
from doc2data.stages.settling import DUPLICATE, TWIN, twin_of
from doc2data.stages.workshop import Workshop
from doc2data.stages.writing import clusters, export_all
from doc2data.store import Query, Store
from tests.index.doubles import HashEmbedder
from tests.tui.projects import make_project, put_sample


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    return make_project(tmp_path / "station")


def test_licences_are_asked_once_kept_and_shown(project: Project, tmp_path: Path) -> None:
    manual = tmp_path / "manual.md"
    manual.write_text("# Manual\n", encoding="utf-8")
    pipeline.add(project, [manual], licence="CC-BY-4.0")
    pipeline.add(project, [manual])
    settings = override(Settings(), {"export.licence": "cc-by-sa-4.0"})
    with Store(project.database) as store:
        assert store.documents.licences() == {"manual.md": "CC-BY-4.0"}
        list(export_all(Workshop(project, settings, store, engine=None), Record("doc2data run")))
    card = (project.export / "README.md").read_text(encoding="utf-8")
    assert "license: cc-by-sa-4.0" in card
    assert [line.split(" | ")[5] for line in card.splitlines() if line.startswith("| manual.md")] == ["CC-BY-4.0"]
    assert "The licence of 1 of 2 documents is not stated." in card
    told = json.loads((project.export / "croissant.json").read_text(encoding="utf-8"))
    assert told["license"] == "cc-by-sa-4.0"
    assert [source.get("license") for source in told["prov:wasDerivedFrom"]] == ["CC-BY-4.0", None]


def test_a_statement_can_be_taken_back(project: Project) -> None:
    with Store(project.database) as store, store.transaction():
        store.documents.put_licences({"manual.md": "MIT", "手册.md": "MIT"})
        store.documents.put_licences({"manual.md": ""})
        assert store.documents.licences() == {"手册.md": "MIT"}


def test_a_duplicate_that_a_person_keeps_is_of_its_twins_cluster(project: Project) -> None:
    with Store(project.database) as store:
        first = store.samples.select(Query(status="accepted"))[0]
        before = store.samples.get(first)
        assert before is not None
        sample = replace(before.sample, id="twin", messages=(Message("user", "At what?"), before.sample.messages[1]))
        verdict = Verdict(DUPLICATE, passed=False, score=0.0, reason=TWIN.format(first))
        assert twin_of(verdict.reason) == first
        with store.transaction():
            put_sample(store, Judged(sample, (verdict,)), 99)
        assert clusters(store) == {}
        review.accept(store, "twin")
        assert clusters(store) == {"twin": first, first: first}
