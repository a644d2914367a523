"""What goes out: one placeholder for one value in every text, and no value anywhere; inside, quotes as they are."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

import models
from doc2data import exporting, pipeline
from doc2data.cli import run as command
from doc2data.errors import ProjectDamaged, SettingsError
from doc2data.export import FORMATS
from doc2data.integrity import verify
from doc2data.project import Project
from doc2data.safekeeping import backup, restore
from doc2data.settings import override
from doc2data.store import Store
from models import ScriptedEngine
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import GLOSSARY, exported, prepared, read_here, run, use_engine, without_report, write
from tests.pipeline.test_models import writer

CONTACTS = """# Delvan service handbook

## Contacts

The service engineer for the Delvan P-20 pump is Anna Weber, who answers at anna.weber@example.com on weekdays.
Spare parts for the Delvan P-20 pump are ordered from Anna Weber by phone at +49 30 901820 before noon.

| Region | Engineer | Phone |
|---|---|---|
| North | A. Weber | 030 901820 |
| South | Jan Novak | +41 44 668 18 00 |

## Upkeep

The filter of the Delvan P-20 pump must be rinsed every 40 hours because sand wears the seals.
"""
VALUES = ("anna.weber", "Anna Weber", "A. Weber", "Jan Novak", "901820", "668 18 00", "446681800")
FILES = {"handbook.md": CONTACTS, "glossary.md": GLOSSARY}


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    use_engine(monkeypatch, ScriptedEngine(writer))
    read_here(monkeypatch)


@pytest.fixture
def _no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)


def project(folder: Path, action: str, **given: Any) -> Project:
    """A project over the handbook, with a list of its two engineers."""
    out = folder / f"out-{action}"
    privacy = {"privacy__action": action, "privacy__names": "names.txt"}
    made = prepared([write(folder / "docs", FILES)], out, model__spec="scripted", **privacy, **given)
    (out / "names.txt").write_text("Anna Weber | A. Weber\nJan Novak\n", encoding="utf-8")
    return made


def rows(target: Project, name: str = "samples.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(target)[name].splitlines()]


def test_masked_exports_hold_no_value_in_any_file_and_the_project_holds_them_verbatim(tmp_path: Path) -> None:
    target = project(tmp_path, "mask", export__formats=tuple(name for name in FORMATS if name != "parquet"))
    manifest = run(target)
    texts = {name: content.decode("utf-8", "ignore") for name, content in exported(target).items()}
    texts["report.html"] = target.report.read_text(encoding="utf-8")
    assert len(texts) > 10
    for name, text in texts.items():
        assert [value for value in VALUES if value in text] == [], name
    assert "[PERSON-1]" in texts["samples.jsonl"]
    assert manifest["privacy"]["masked"] > 0
    assert manifest["counts"]["kept"] == len(rows(target))
    assert "recipe.params.masked" in texts["README.md"]
    with Store(target.database) as store:
        kept = [e.quote for j in store.samples.judged("accepted") for e in j.sample.evidence]
    assert any("Anna Weber" in quote for quote in kept)


@pytest.mark.usefixtures("_no_report")
def test_a_value_has_one_placeholder_in_question_answer_and_quote_however_it_is_written(tmp_path: Path) -> None:
    target = project(tmp_path, "mask")
    run(target)
    masked = [row for row in rows(target) if "masked" in row["recipe"]["params"]]
    assert masked
    text = json.dumps(masked)
    assert "[EMAIL-1]" in text
    assert "[PHONE-1]" in text
    north = [row for row in masked if "North" in json.dumps(row["evidence"])]
    assert north
    assert all("[PERSON-1]" in json.dumps(row["evidence"]) for row in north)
    assert all("[PHONE-1]" in json.dumps(row["evidence"]) for row in north)
    before = {name: content for name, content in exported(target).items() if name.endswith(".jsonl")}
    run(target)
    assert {name: content for name, content in exported(target).items() if name.endswith(".jsonl")} == before


@pytest.mark.usefixtures("_no_report")
def test_samples_that_hold_what_is_to_be_dropped_are_left_out_and_counted(tmp_path: Path) -> None:
    target = project(tmp_path, "drop")
    manifest = run(target)
    text = b"".join(exported(target).values()).decode("utf-8", "ignore")
    assert [value for value in VALUES if value in text] == []
    assert "[PERSON-1]" not in exported(target)["samples.jsonl"].decode()
    dropped = manifest["privacy"]["dropped"]
    assert dropped > 0
    assert len(rows(target)) == manifest["counts"]["kept"] - dropped > 0
    assert f"{dropped} accepted samples were left out" in exported(target)["README.md"].decode()


@pytest.mark.usefixtures("_no_report")
def test_each_kind_has_its_own_action_and_flagging_changes_no_byte(tmp_path: Path) -> None:
    flagged, off = project(tmp_path, "flag"), project(tmp_path, "off")
    told = run(flagged)["privacy"]
    assert told["flagged"] > 0
    assert told["masked"] == told["dropped"] == 0
    assert run(off)["privacy"]["flagged"] == 0
    for name in ("samples.jsonl", "rejected.jsonl", "alpaca/train.jsonl"):
        assert exported(flagged)[name] == exported(off)[name]
    flagged.write_settings(override(flagged.settings(), {"privacy.phone": "mask"}))
    run(flagged)
    text = exported(flagged)["samples.jsonl"].decode()
    assert "901820" not in text
    assert "[PHONE-1]" in text
    assert "Anna Weber" in text


@pytest.mark.usefixtures("_no_report")
def test_placeholders_keep_their_meaning_when_documents_come_and_go(tmp_path: Path) -> None:
    target = project(tmp_path, "mask")
    run(target)
    first = json.loads((target.folder / "privacy.json").read_text(encoding="utf-8"))["placeholders"]
    early = "# Abel notes\n\nThe Abel valve is tested by Jan Novak, reachable at jan@example.org, every 30 days.\n"
    write(tmp_path / "docs", {"abel.md": early})
    pipeline.add(target, [tmp_path / "docs" / "abel.md"])
    run(target)
    after = json.loads((target.folder / "privacy.json").read_text(encoding="utf-8"))["placeholders"]
    assert {kind: {v: after[kind][v] for v in values} for kind, values in first.items()} == first
    assert after["email"]["jan@example.org"] == 2


@pytest.mark.usefixtures("_no_report")
def test_the_ledger_is_its_owner_s_alone_and_in_no_export(tmp_path: Path) -> None:
    target = project(tmp_path, "flag")
    run(target)
    path = target.folder / "privacy.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any("privacy" in name for name in exported(target))
    assert "anna.weber@example.com" in path.read_text(encoding="utf-8")
    backup(target, tmp_path / "kept.zip")
    restored = restore(tmp_path / "kept.zip", tmp_path / "again").folder / "privacy.json"
    assert restored.read_bytes() == path.read_bytes()
    assert stat.S_IMODE(restored.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["{", '{"placeholders": [], "documents": {}, "samples": {}}', "[" * 100_000])
def test_a_damaged_ledger_is_told_and_never_numbered_anew(tmp_path: Path, damage: str) -> None:
    """Else a placeholder would mean one person in the last export and another in this."""
    target = project(tmp_path, "mask")
    (target.folder / "privacy.json").write_text(damage, encoding="utf-8")
    with pytest.raises(ProjectDamaged, match=r"privacy\.json"):
        run(target)
    assert (target.folder / "privacy.json").read_text(encoding="utf-8") == damage
    assert [finding.what for finding in verify(target) if not finding.works][-1] == "personal data"


@pytest.mark.usefixtures("_no_report")
def test_findings_are_listed_by_document_and_masked_on_the_way_to_a_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = project(tmp_path, "flag")
    run(target)
    assert command(["privacy", "--in", str(target.folder)]) == 0
    told = capsys.readouterr().out
    assert "handbook.md: 1 email, 4 name, 3 phone" in told
    assert "glossary.md" not in told
    assert "Anna Weber" not in told
    assert command(["privacy", "--in", str(target.folder), "--show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["placeholders"]["name"] == {"Anna Weber": "[PERSON-1]", "Jan Novak": "[PERSON-2]"}
    assert shown["samples"]
    assert command(["export", "-", "--format", "messages", "--pii", "mask", "--in", str(target.folder)]) == 0
    streamed = capsys.readouterr().out
    assert "[PERSON-1]" in streamed
    assert [value for value in VALUES if value in streamed] == []


@pytest.mark.usefixtures("_no_report")
def test_the_preview_shows_what_the_export_will_hold(tmp_path: Path) -> None:
    target = project(tmp_path, "mask")
    run(target)
    with Store(target.database) as store:
        for name in ("jsonl", "raft"):
            head = exporting.preview(target, store, name, target.settings()).head.decode()
            assert [value for value in VALUES if value in head] == []


@pytest.mark.usefixtures("_no_report")
def test_a_list_of_names_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", FILES)], tmp_path / "out", privacy__names="nobody.txt")
    with pytest.raises(SettingsError, match=r"nobody\.txt"):
        run(target)
