"""What the app asks the core beside decisions: sources, the library, estimates, previews, what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc2data import estimate, exporting, library, machine, recent, shelf
from doc2data.errors import UsageError
from doc2data.project import Project
from doc2data.recipes import RECIPES
from doc2data.settings import Settings, override
from doc2data.sources import Sources
from doc2data.store import Query, Store
from models import ModelError
from models.catalogue import catalogue
from models.rates import Rates
from tests import tiny_gguf
from tests.tui.projects import PARTS, manual


def test_evidence_stands_in_its_surroundings(project: Project) -> None:
    with Store(project.database) as store:
        [id, *_] = store.samples.select(Query())
        judged = store.samples.get(id)
        assert judged is not None
        [setting] = Sources().settings_of(store, judged.sample)
    text = manual().text
    assert setting.found
    assert f"{setting.before}{setting.quote}{setting.after}" in text
    assert text[setting.evidence.start : setting.evidence.end] == setting.quote


def test_evidence_that_is_not_in_its_source_says_so(project: Project) -> None:
    with Store(project.database) as store:
        [id, *_] = store.samples.select(Query())
        judged = store.samples.get(id)
        assert judged is not None
        with store.transaction():
            store.documents.remove("manual.md")
        [setting] = Sources().settings_of(store, judged.sample)
    assert not setting.found


def test_library_tells_state_and_coverage_of_every_file(project: Project) -> None:
    with Store(project.database) as store:
        entries = {entry.name: entry for entry in library.entries(store)}
    assert {name: entry.state for name, entry in entries.items()} == {
        "manual.md": "read",
        "手册.md": "read",
        "broken.pdf": "failed",
        "new.html": "waiting",
    }
    assert entries["manual.md"].chunks == len(PARTS)
    assert entries["manual.md"].samples == 4
    assert entries["broken.pdf"].note == "The file is cut off."


def test_estimate_counts_what_is_left(project: Project) -> None:
    settings = override(Settings(), {"generate.per_chunk": 2, "generate.limit": 10})
    with Store(project.database) as store:
        found = estimate.estimate(project, settings, store)
    assert (found.unread, found.chunks, found.samples, found.kept, found.tokens) == (1, 6, 10, 6, 0)
    assert found.seconds is None


def test_estimate_takes_its_rate_from_the_last_run_of_the_same_writer(project: Project) -> None:
    manifest = {
        "counts": {"this_run": {"accepted": 6}},
        "seconds": {"make": 12.0},
        "settings": {"model": {"spec": ""}},
    }
    project.manifest.write_text(json.dumps(manifest), encoding="utf-8")
    with Store(project.database) as store:
        here = estimate.estimate(project, override(Settings(), {"generate.limit": 10}), store)
        other = estimate.estimate(project, override(Settings(), {"model.spec": "http://localhost:1/v1"}), store)
    assert here.seconds == pytest.approx(8.0)
    assert here.measured == "run"
    assert (other.seconds, other.measured) == (None, "")
    assert other.tokens > 0


async def test_a_measured_model_gives_the_estimate_before_its_first_run(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def measured(engine: object) -> Rates:
        return Rates(prompt=100.0, reply={1: 10.0, 16: 40.0})

    monkeypatch.setattr(shelf, "measured", measured)
    model = str(tiny_gguf.build(tmp_path / "tiny.gguf"))
    unchecked = {"checks.entailment": False, "checks.round_trip": False}
    chosen = {"generate.limit": 10, "generate.recipes": ("qa",), "model.spec": model}
    settings = override(Settings(), chosen | unchecked)
    with Store(project.database) as store:
        assert estimate.estimate(project, settings, store).seconds is None
        await shelf.bench(model)
        found = estimate.estimate(project, settings, store)
        twice = estimate.estimate(project, override(settings, {"generate.recipes": ("qa", "summarise")}), store)
    assert found.seconds is not None and twice.seconds is not None
    requests = 4 * RECIPES["qa"].requests
    prompts = found.tokens - requests * 80
    assert found.seconds == pytest.approx(prompts / 100 + requests * 80 / 40)
    assert found.measured == "bench"
    assert twice.seconds == pytest.approx(found.seconds * 3 / 4), "a summary takes one request, a question two"
    assert estimate.samples_per_hour(Rates(762.0, {1: 80.0}), "qa") == pytest.approx(3600 / 4)
    (tmp_path / "tiny.gguf").write_bytes(b"another file")
    assert shelf.known_rates(model) is None


def test_preview_is_what_the_export_writes(project: Project) -> None:
    with Store(project.database) as store:
        shown = exporting.preview(project, store, "alpaca", Settings())
    assert [name for name, _ in shown.files] == ["train.jsonl"]
    assert json.loads(shown.head.splitlines()[0])["instruction"].startswith("At what pressure")


def test_search_takes_percent_signs_and_quotes_as_they_are(project: Project) -> None:
    with Store(project.database) as store:
        assert store.samples.select(Query(text="100%")) == []
        assert len(store.samples.select(Query(text="9.5 bar"))) == 3
        assert store.samples.select(Query(text='"role"')) == []
        assert len(store.samples.select(Query(document="手册.md"))) == 2


def test_visits_are_remembered_and_projects_that_are_gone_are_forgotten(project: Project, tmp_path: Path) -> None:
    memory = recent.recall().noting(recent.Visit(str(tmp_path / "gone")))
    memory = memory.noting(recent.Visit(str(project.folder.resolve()), place="review", sample="s1"))
    recent.remember(memory)
    assert [visit.place for visit in recent.recall().visits] == ["review"]


def test_a_damaged_memory_counts_as_empty(project: Project) -> None:
    recent.remember(recent.recall().noting(recent.Visit(str(project.folder))))
    from platformdirs import user_state_path

    (user_state_path("doc2data") / "recent.json").write_text("{", encoding="utf-8")
    assert recent.recall() == recent.Memory()


def test_a_killed_run_shows_at_a_glance_and_a_running_one_does_not(project: Project) -> None:
    assert not recent.glance(project.folder).interrupted
    with project.hold():
        assert not recent.interrupted(project.folder)
    (project.folder / ".lock.json").write_text("{}", encoding="utf-8")
    glance = recent.glance(project.folder)
    assert (glance.documents, glance.kept, glance.interrupted) == (4, 6, True)


def test_models_are_copied_named_and_removed(tmp_path: Path) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf")
    assert shelf.add(path) == "tiny"
    assert [entry.name for entry in catalogue()] == ["tiny"]
    shelf.remove("tiny")
    assert catalogue() == []
    assert path.is_file()


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.gguf").write_text("Dear Sir", encoding="utf-8")
    with pytest.raises(ModelError):
        shelf.add(tmp_path / "letter.gguf")
    with pytest.raises(UsageError, match="no file"):
        shelf.add(tmp_path / "missing.gguf")
    with pytest.raises(UsageError, match="not a model of doc2data's own"):
        shelf.remove("somebody-else")


def test_every_shortcoming_of_the_machine_comes_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    found = machine.findings(tmp_path)
    assert {finding.what for finding in found} >= {"Model", "Embedder", "OCR", "Memory", "Disk"}
    assert all(finding.hint for finding in found if not finding.works)
