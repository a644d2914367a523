"""What is exported: a subset of what was accepted, with the user's own examples in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import models
from doc2data.cli import cli
from doc2data.errors import UsageError
from doc2data.exporting import preview
from doc2data.project import Project
from doc2data.settings import override
from doc2data.stages.curating import Curated, curate
from doc2data.stages.manifest import record_of
from doc2data.stages.workshop import Workshop
from doc2data.stages.writing import export_all
from doc2data.store import Store
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import ENGLISH, prepared, run, write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
        target = prepared([write(folder / "docs", ENGLISH)], folder / "out")
        assert run(target)["counts"]["kept"] >= 8
        yield target


Curating = Callable[..., Curated]


@pytest.fixture
def curated(made: Project) -> Iterator[Curating]:
    with Store(made.database) as store:

        def run_with(**given: object) -> Curated:
            settings = override(made.settings(), {f"export.{key}": value for key, value in given.items()})
            return curate(Workshop(made, settings, store, engine=None))

        yield run_with


def own(folder: Path, count: int) -> Path:
    file = folder / "own.jsonl"
    subjects = ["invoice", "holiday", "parking", "canteen", "printer", "badge", "shuttle", "locker", "payroll", "visa"]
    asked = [f"Who in the office answers for the {subjects[n % 10]} of building {n}?" for n in range(count)]
    file.write_text("".join(json.dumps({"prompt": q, "completion": "Ask Ms Rowe."}) + "\n" for q in asked))
    return file


def accepted(found: Curated) -> list[str]:
    return [one.sample.recipe.name for one in found.judged() if one.status == "accepted"]


def test_without_settings_everything_goes_out(curated: Curating, made: Project) -> None:
    found = curated()
    assert found.notes == ()
    assert len(accepted(found)) == json.loads(made.manifest.read_text(encoding="utf-8"))["counts"]["kept"]


def test_the_rest_stays_in_the_project(curated: Curating, made: Project) -> None:
    found = curated(max=5)
    assert len(accepted(found)) == 5
    assert found.notes[0].startswith("5 of ")
    assert list(found.judged()) == list(found.judged())
    with Store(made.database) as store:
        assert store.samples.counts()["accepted"] > 5


def test_own_examples_make_the_share_that_is_set(curated: Curating, tmp_path: Path) -> None:
    found = accepted(curated(max=10, mix=str(own(tmp_path, 30)), mix_share=0.4))
    assert (found.count("imported"), len(found)) == (4, 10)
    whole = accepted(curated(mix=str(own(tmp_path, 90)), mix_share=0.5))
    assert whole.count("imported") * 2 == len(whole)


def test_too_few_examples_are_said_with_the_advice(curated: Curating, tmp_path: Path) -> None:
    file = own(tmp_path, 1)
    file.write_text(file.read_text() + "{broken\n")
    notes = curated(mix=str(file)).notes
    assert "1 examples of" in notes[0]
    assert "row 2" in notes[1]
    assert "30% to 50%" in notes[2]


def test_an_example_that_asks_what_a_sample_asks_stays_out(curated: Curating, tmp_path: Path) -> None:
    question = next(one.sample.question for one in curated().judged() if one.status == "accepted")
    rows = [{"prompt": q, "completion": "Yes."} for q in (question, "Who in the office answers for badges?")]
    (tmp_path / "twin.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert accepted(curated(mix=str(tmp_path / "twin.jsonl"))).count("imported") == 1


def test_what_cannot_be_used_is_a_mistake_of_the_user(curated: Curating, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": 1}\n')
    for given in ({"balance": ("colour",)}, {"quotas": ("kind:3",)}, {"mix": str(tmp_path / "bad.jsonl")}):
        with pytest.raises(UsageError):
            curated(**given)


def test_export_takes_the_options(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    asked = ["export", "-", "--format", "alpaca", "--max", "6", "--balance", "document", "--in", str(made.folder)]
    result = CliRunner().invoke(cli, asked, standalone_mode=False)
    assert len(result.stdout.splitlines()) == 6, result.output
    assert "6 of " in result.stderr


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("paired")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
        target = prepared([write(folder / "docs", ENGLISH)], folder / "out", generate__recipes=["qa", "prefer"])
        run(target)
        yield target


def sorts(target: Project, **given: object) -> tuple[int, int, tuple[str, ...]]:
    """Samples with one answer and pairs that would be written, and what is said of it."""
    settings = override(target.settings(), {f"export.{key}": value for key, value in given.items()})
    with Store(target.database) as store:
        found = curate(Workshop(target, settings, store, engine=None))
        out = [one.sample for one in found.judged() if one.status == "accepted"]
    pairs = sum(sample.rejected is not None for sample in out)
    return len(out) - pairs, pairs, found.notes


def test_pairs_are_bounded_too(paired: Project) -> None:
    answers, pairs, _ = sorts(paired)
    assert answers > 4 and pairs > 4
    assert sorts(paired, max=3)[:2] == (3, 3)
    assert [note.partition(" accepted ")[2] for note in sorts(paired, max=3)[2]] == [
        "samples were chosen; the others stay in the project.",
        "preference pairs were chosen; the others stay in the project.",
    ]
    assert sorts(paired, quotas=("kind=preference:2",))[:2] == (answers, 2)


@pytest.mark.parametrize("given", [{}, {"max": 4}, {"order": "curriculum"}, {"train": 0.6, "split_by": "clue"}])
@pytest.mark.parametrize("name", ["alpaca", "trl-dpo", "trl-kto", "csv", "mapping"])
def test_a_preview_is_how_the_files_of_the_export_begin(
    paired: Project, name: str, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    settings = override(paired.settings(), {f"export.{key}": value for key, value in given.items()})
    settings = override(settings, {"export.formats": (name,)})
    with Store(paired.database) as store:
        shown = preview(paired, store, name, settings)
        shop, record = Workshop(paired, settings, store, engine=None), record_of(paired)
        list(export_all(shop, record))
    assert not any("stand in samples.jsonl alone" in note for note in shown.notes)
    written = paired.export / name
    assert {path.name for path in written.iterdir()} == {file for file, _ in shown.files}
    assert any(path.read_bytes().startswith(shown.head) for path in written.iterdir())
    rows = {path.stem: len(path.read_bytes().splitlines()) for path in written.glob("*.jsonl")}
    if name in ("alpaca", "trl-dpo"):
        assert rows == shown.rows and f"{name} {sum(rows.values())}" in record.exported
    shutil.rmtree(written)
