"""Pairs and text tasks through whole runs: proven, walkable to their clues, counted, the same again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from doc2data.checks import check_batch
from doc2data.checks.preference import chosen, worse
from doc2data.curate import length_bias
from doc2data.project import Project
from doc2data.recipes.corpus import Corpus
from doc2data.records import Judged
from doc2data.stages.checking import context
from doc2data.stages.workshop import Workshop
from doc2data.store import Store
from models import ScriptedEngine
from tests.pipeline.corpus import exported, prepared, run, use_engine, write


def accepted(target: Project) -> list[Judged]:
    with Store(target.database) as store:
        return list(store.samples.judged("accepted"))


@pytest.fixture
def target(tmp_path: Path) -> Project:
    return prepared(
        [write(tmp_path / "docs")],
        tmp_path / "out",
        generate__recipes=["qa", "summarise", "rewrite", "extract", "prefer"],
        export__formats=["jsonl", "trl-dpo"],
    )


def test_every_pair_of_a_run_proves_itself(target: Project) -> None:
    manifest = run(target)
    counts = manifest["counts"]
    assert counts["made"] == counts["kept"] + counts["rejected"] + counts["failed"]
    samples = {one.sample.id: one.sample for one in accepted(target)}
    pairs = [sample for sample in samples.values() if sample.rejected]
    assert len(pairs) > 5 and counts["kinds"]["preference"] == len(pairs)
    assert 0.9 <= length_bias(pairs).ratio <= 1.1
    with Store(target.database) as store:
        corpus = Corpus(store)
        checks = context(Workshop(target, target.settings(), store, engine=None), corpus)
        clues = {clue.id for clue in corpus.clues()}
        for pair in pairs:
            assert pair.rejected is not None and pair.parent is not None
            assert all(verdict.passed for verdict in check_batch([chosen(pair)], checks)[0])
            [[failing]] = check_batch([worse(pair, pair.rejected)], checks, [pair.rejected.check])
            assert not failing.passed
            parent = samples[pair.parent]
            assert parent.clues == pair.clues and set(parent.clues) <= clues


def test_running_again_makes_nothing_new_and_pairs_go_with_their_parents(target: Project) -> None:
    run(target)
    before = exported(target)
    assert run(target)["counts"]["this_run"] == {}
    assert exported(target) == before
    (target.folder / "doc2data.toml").write_text(
        '[generate]\nrecipes = ["summarise", "prefer"]\n[chunking]\ntokens = 100\n', encoding="utf-8"
    )
    run(target)
    found = {one.sample.id: one.sample for one in accepted(target)}
    assert all(sample.parent in found for sample in found.values() if sample.rejected)


def test_a_limit_leaves_room_for_pairs(tmp_path: Path) -> None:
    target = prepared(
        [write(tmp_path / "docs")], tmp_path / "out", generate__recipes=["qa", "prefer"], generate__limit=8
    )
    kinds: dict[str, Any] = run(target)["counts"]["kinds"]
    assert kinds == {"qa": 4, "preference": 4}


def test_a_run_tells_of_its_pairs(target: Project) -> None:
    """The archive keeps the rejected answer and its proof; run.json and the card tell of the lengths."""
    manifest = run(target)
    lines = (target.export / "samples.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    told = [row["rejected"] for row in rows if row["kind"] == "preference"]
    assert told and all({"answer", "operator", "before", "after", "check", "reason"} == set(one) for one in told)
    assert all(row["rejected"] is None for row in rows if row["kind"] != "preference")
    measured = manifest["measures"]["pairs"]
    assert measured["pairs"] == len(told) and 0.9 <= measured["ratio"] <= 1.1
    assert f"Of the {len(told)} preference pairs" in (target.export / "README.md").read_text(encoding="utf-8")


LABELS = ("maintenance", "safety", "poetry")


def test_labels_that_no_text_got_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "pump.md": "# Pump\n\n## Care\n\n"
        + " ".join(f"The P-2{n} pump is cleaned every {n} weeks with water." for n in range(2, 8))
    }
    (tmp_path / "labels.txt").write_text("\n".join(LABELS), encoding="utf-8")
    use_engine(monkeypatch, ScriptedEngine(lambda request: json.dumps({"sentences": [1], "label": "maintenance"})))
    target = prepared(
        [write(tmp_path / "docs", texts)],
        tmp_path / "out",
        generate__recipes=["classify"],
        model__spec="scripted",
        texts__labels=str(tmp_path / "labels.txt"),
    )
    manifest = run(target)
    assert manifest["counts"]["kinds"] == {"classify": 1}, manifest["rejected_by"]
    assert any("safety, poetry" in warning for warning in manifest["warnings"])


def test_a_schema_that_nothing_follows_is_told(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"wingspan": {"type": "number"}, "bird": {"type": "string"}}}
    (tmp_path / "facts.json").write_text(json.dumps(schema), encoding="utf-8")
    target = prepared(
        [write(tmp_path / "docs")],
        tmp_path / "out",
        generate__recipes=["extract"],
        texts__facts=str(tmp_path / "facts.json"),
    )
    manifest = run(target)
    assert manifest["counts"]["made"] == 0 and any("texts.facts" in warning for warning in manifest["warnings"])


def test_a_round_that_leaves_room_for_later_ones_says_so(tmp_path: Path) -> None:
    target = prepared(
        [write(tmp_path / "docs")], tmp_path / "out", generate__recipes=["qa", "prefer"], generate__limit=2
    )
    run(target)
    with Store(target.database) as store:
        quotas = {v.reason for one in store.samples.judged("rejected") for v in one.verdicts if v.check == "quota"}
    assert "As many samples as asked for were kept already (1 of 2, so that later rounds have room)." in quotas
