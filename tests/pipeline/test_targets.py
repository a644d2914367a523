"""Targets: a share of facts that samples stand on, and a number of samples for each page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from doc2data.records import Judged
from doc2data.store import Store
from tests.pipeline.corpus import ENGLISH, exported, prepared, run, write

CARE = """# Corvan care

## Storage

The pump is drained before it is stored. Its seals are greased with Lubran. Frost would burst the head.

## Cleaning

The housing is wiped with a damp cloth. Solvents make it dull. A dull housing is no defect.
"""


def accepted(out: Path) -> list[Judged]:
    with Store(out / "project.db") as store:
        return list(store.samples.judged("accepted"))


def part(counts: dict[str, dict[str, dict[str, int]]], what: str) -> float:
    share = counts["coverage"][what]
    return share["covered"] / share["total"]


def test_a_target_covers_what_no_question_of_its_own_does(tmp_path: Path) -> None:
    docs = write(tmp_path / "docs", {**ENGLISH, "care.md": CARE})
    free = run(prepared([docs], tmp_path / "free", generate__per_chunk=1))["counts"]
    aimed = run(prepared([docs], tmp_path / "aimed", generate__per_chunk=1, generate__coverage=1.0))["counts"]
    assert part(aimed, "sentences") > part(free, "sentences") and part(aimed, "rows") == 1.0
    texts = [j.sample for j in accepted(tmp_path / "aimed") if j.sample.recipe.name == "overview"]
    assert any("Solvents make it dull." in sample.answer for sample in texts)
    assert all(quote.quote.split(".")[0] in sample.answer for sample in texts for quote in sample.evidence)


def test_nothing_is_asked_twice_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    docs = write(tmp_path / "docs", {**ENGLISH, "care.md": CARE})
    target = prepared([docs], tmp_path / "out", generate__coverage=1.0)
    run(target)
    before = exported(target)
    questions = Counter(judged.sample.question for judged in accepted(tmp_path / "out"))
    assert max(questions.values()) == 1
    assert run(target)["counts"]["this_run"] == {} and exported(target) == before


def test_samples_per_page_are_a_bound_for_every_document(tmp_path: Path) -> None:
    run(prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", generate__per_page=2.0))
    kept = Counter(judged.sample.evidence[0].document for judged in accepted(tmp_path / "out"))
    assert kept == {"pump.md": 2, "glossary.md": 2}
