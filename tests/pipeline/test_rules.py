"""Runs without a model: what comes out stands on the documents, adds up, and comes out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc2data.errors import RunFailed, UsageError
from doc2data.events import DocumentSeen, SampleJudged, Warned
from doc2data.project import Project
from doc2data.records import Judged, from_canonical
from doc2data.settings import override
from doc2data.store import Store
from tests.pipeline.corpus import FILES, GLOSSARY, PUMP, events_of, exported, prepared, run, write


def accepted(target: Project) -> list[Judged]:
    with Store(target.database) as store:
        return list(store.samples.judged("accepted"))


def test_every_quote_is_its_slice_and_every_count_adds_up(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out")
    counts = run(target)["counts"]
    assert counts["documents"] == {"found": 3, "read": 3, "failed": 0}
    assert counts["made"] == counts["kept"] + counts["rejected"] + counts["failed"]
    lines = (target.export / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == counts["kept"] >= 10
    with Store(target.database) as store:
        texts = {row.name: store.documents.document(row.id).text for row in store.documents.rows()}
    for line in lines:
        judged = from_canonical(json.loads(line))
        assert judged.status == "accepted"
        assert judged.sample.evidence
        for evidence in judged.sample.evidence:
            assert texts[evidence.document][evidence.start : evidence.end] == evidence.quote


def test_samples_are_in_the_language_of_their_source(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out")
    run(target)
    with Store(target.database) as store:
        languages = {(j.sample.evidence[0].document, j.sample.language) for j in store.samples.judged("accepted")}
    assert languages == {("pump.md", "en"), ("glossary.md", "en"), ("install-zh.md", "zh")}


def test_a_second_run_does_nothing_and_writes_the_same_bytes(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out")
    run(target)
    before = exported(target)
    manifest = run(target)
    assert manifest["counts"]["this_run"] == {}
    assert exported(target) == before


async def test_the_order_of_adding_documents_changes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    names = list(FILES)
    first = prepared([folder / name for name in names], tmp_path / "a")
    second = prepared([folder / name for name in reversed(names)], tmp_path / "b")
    await events_of(first)
    await events_of(second)
    assert exported(first)["samples.jsonl"] == exported(second)["samples.jsonl"]


async def test_a_bad_file_costs_only_itself(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "empty.md").write_bytes(b"")
    target = prepared([folder], tmp_path / "out")
    events = await events_of(target)
    failed = {e.name: e for e in events if isinstance(e, DocumentSeen) and e.state == "failed"}
    assert set(failed) == {"broken.pdf", "empty.md"}
    assert all(event.reason and event.hint for event in failed.values())
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    assert manifest["counts"]["documents"] == {"found": 5, "read": 3, "failed": 2}
    assert {s["name"]: s["state"] for s in manifest["sources"]}["broken.pdf"] == "failed"
    assert manifest["counts"]["kept"] > 0


def test_nothing_readable_is_a_failure_that_is_still_written_down(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", {"empty.md": ""})], tmp_path / "out")
    with pytest.raises(RunFailed):
        run(target)
    assert json.loads(target.manifest.read_text(encoding="utf-8"))["counts"]["documents"]["failed"] == 1


def test_the_limit_is_kept_and_what_is_kept_is_spread_over_the_documents(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out", generate__limit=3)
    assert run(target)["counts"]["kept"] == 3
    assert run(target)["counts"]["kept"] == 3


def test_no_chunk_gives_more_than_asked_for_and_the_rest_is_counted(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out", generate__per_chunk=1)
    manifest = run(target)
    assert manifest["counts"]["kept"] <= manifest["counts"]["chunks"]
    assert manifest["rejected_by"]["quota"] > 0


def test_only_documents_of_the_chosen_language_are_used(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out", generate__language="zh")
    run(target)
    with Store(target.database) as store:
        assert {j.sample.language for j in store.samples.judged()} == {"zh"}


async def test_a_changed_document_is_read_again_and_its_old_samples_go(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    target = prepared([folder], tmp_path / "out")
    await events_of(target)
    (folder / "glossary.md").write_text(GLOSSARY.replace("40 °C", "35 °C"), encoding="utf-8")
    events = await events_of(target)
    assert {e.name: e.state for e in events if isinstance(e, DocumentSeen)} == {
        "pump.md": "unchanged",
        "install-zh.md": "unchanged",
        "glossary.md": "read",
    }
    samples = (target.export / "samples.jsonl").read_text(encoding="utf-8")
    assert "40 °C" not in samples


async def test_a_run_stopped_in_the_middle_goes_on_to_the_same_end(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    whole = prepared([folder], tmp_path / "whole")
    await events_of(whole)
    broken = prepared([folder], tmp_path / "broken")
    from contextlib import aclosing

    from doc2data import pipeline

    for stop_at in (1, 4, 9):
        seen = 0
        async with aclosing(pipeline.build(broken, broken.settings())) as events:
            async for event in events:
                seen += isinstance(event, SampleJudged)
                if seen == stop_at:
                    break
    await events_of(broken)
    assert exported(broken)["samples.jsonl"] == exported(whole)["samples.jsonl"]
    assert exported(broken)["rejected.jsonl"] == exported(whole)["rejected.jsonl"]


def test_a_table_header_in_several_chunks_is_one_passage(tmp_path: Path) -> None:
    """Header cells as long as a passage stand alone in one, in each chunk of the table."""
    header = "| " + " | ".join(f"column {n} of the long table of pumps" for n in range(12)) + " |"
    rows = ["| " + " | ".join(f"value {r} {c}" for c in range(12)) + " |" for r in range(60)]
    table = "\n".join(["# Pumps", "", header, "|" + "---|" * 12, *rows])
    target = prepared([write(tmp_path / "docs", {"pumps.md": table})], tmp_path / "out", chunking__tokens=300)
    run(target)
    with Store(target.database) as store:
        assert len(list(store.documents.chunks())) > 2


async def test_documents_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    other = "# Corvan data\n\n" + PUMP[PUMP.index("| Property") : PUMP.index("## Maintenance")].replace("12", "14")
    target = prepared([write(tmp_path / "docs", {"pump.md": PUMP, "data.md": other})], tmp_path / "out")
    warned = [event.message for event in await events_of(target) if isinstance(event, Warned)]
    (found,) = (message for message in warned if "contradict" in message)
    assert "12" in found
    assert "14" in found
    assert "data.md" in found


def test_what_repeats_on_the_pages_of_a_site_is_in_no_chunk_but_stays_in_the_text(tmp_path: Path) -> None:
    notice = "<p>The vendor of the Corvan pumps gives no warranty of fitness for any purpose.</p>"
    pages = {
        f"p{n}.html": f"<html><body><h1>Pump P-{n}</h1><p>The Corvan P-{n} delivers {n} litres per hour.</p>{notice}"
        "</body></html>"
        for n in range(20, 25)
    }
    target = prepared([write(tmp_path / "docs", pages)], tmp_path / "out")
    run(target)
    with Store(target.database) as store:
        texts = {row.id: store.documents.document(row.id).text for row in store.documents.rows()}
        held = [chunk.text(texts[chunk.document]) for chunk in store.documents.chunks()]
    assert all("warranty" in text for text in texts.values())
    assert not any("warranty" in text for text in held)
    assert all(any(f"delivers {n} litres" in text for text in held) for n in range(20, 25))


async def test_a_run_is_measured_and_advice_is_told(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out", generate__limit=8)
    warned = [event.message for event in await events_of(target) if isinstance(event, Warned)]
    measures = json.loads(target.manifest.read_text(encoding="utf-8"))["measures"]
    assert measures["samples"] == 8
    assert 0 < measures["sections"] <= 1
    assert measures["by_recipe"]["qa"]["kept"] == 8
    assert "quota" not in measures["by_check"]
    assert [advice for advice in measures["advice"] if "8 samples" in advice]
    assert set(measures["advice"]) <= set(warned)
    await events_of(target)
    assert json.loads(target.manifest.read_text(encoding="utf-8"))["measures"] == measures


def test_what_an_evaluation_file_holds_is_turned_down_with_its_place(tmp_path: Path) -> None:
    docs = write(tmp_path / "docs")
    plain = prepared([docs], tmp_path / "plain")
    run(plain)
    held = accepted(plain)[0].sample
    tests = tmp_path / "eval.jsonl"
    tests.write_text(json.dumps({"id": 1}) + "\n" + json.dumps({"q": held.question}) + "\n", encoding="utf-8")
    target = prepared([docs], tmp_path / "out", checks__evaluation=(str(tests),))
    assert run(target)["rejected_by"]["contamination"] >= 1
    assert held.question not in {judged.sample.question for judged in accepted(target)}
    with Store(target.database) as store:
        judged = store.samples.get(held.id)
    assert judged is not None
    reasons = [v.reason for v in judged.verdicts if v.check == "contamination" and not v.passed]
    assert len(reasons) == 1
    assert "eval.jsonl, row 2" in reasons[0]


def test_an_evaluation_file_that_comes_later_turns_down_what_was_accepted_before(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs")], tmp_path / "out")
    kept = run(target)["counts"]["kept"]
    held = accepted(target)[0].sample
    (target.folder / "eval.txt").write_text(held.question, encoding="utf-8")
    target.write_settings(override(target.settings(), {"checks.evaluation": ("eval.txt",)}))
    manifest = run(target)
    assert manifest["counts"]["kept"] == kept - manifest["rejected_by"]["contamination"] < kept
    assert held.id not in {judged.sample.id for judged in accepted(target)}
    assert held.id not in (target.export / "samples.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "{"])
def test_an_evaluation_file_that_cannot_be_read_stops_before_any_work(tmp_path: Path, content: str | None) -> None:
    tests = tmp_path / "eval.jsonl"
    if content is not None:
        tests.write_text(content, encoding="utf-8")
    target = prepared([write(tmp_path / "docs")], tmp_path / "out", checks__evaluation=(str(tests),))
    with pytest.raises(UsageError, match=r"eval\.jsonl"):
        run(target)
    assert not target.manifest.exists()


def test_an_unknown_recipe_or_format_stops_before_any_work(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    for given in ({"generate__recipes": ("nope",)}, {"export__formats": ("nope",)}):
        target = prepared([folder], tmp_path / f"out-{next(iter(given))}", **given)
        with pytest.raises(UsageError, match="nope"):
            run(target)
        assert not target.manifest.exists()
