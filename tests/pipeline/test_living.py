"""Documents that change: only what a change touches is done again, and nothing that a person said is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doc2data import library, pipeline, review
from doc2data.cli import run as command
from doc2data.errors import ProjectError, UsageError
from doc2data.project import Project
from doc2data.records import REVIEW, Judged, Message
from doc2data.stages.anchoring import anchor
from doc2data.stages.reading import find_sources, read
from doc2data.stages.workshop import Workshop
from doc2data.store import RetiredSample, Store
from models import Request, ScriptedEngine
from tests.pipeline.corpus import (
    ENGLISH,
    GLOSSARY,
    PUMP,
    exported,
    prepared,
    read_here,
    run,
    use_engine,
    without_report,
    write,
)
from tests.pipeline.test_models import writer

BEFORE = "The Corvan P-20 delivers 12 litres per hour at a pressure of 4 bar."
AFTER = "At a back pressure of 4 bar the Corvan P-20 delivers 14 litres per hour to the tank."
KIT = "The Corvan K-4 kit contains a diaphragm, two seals and a foot valve."


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)
    without_report(monkeypatch)


class Living:
    """A project over a folder of documents, with a model whose calls are counted."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], **given: Any) -> None:
        self.docs = write(folder / "docs", files)
        self.engine = ScriptedEngine(writer)
        use_engine(monkeypatch, self.engine)
        self.project: Project = prepared([self.docs], folder / "out", **{"model__spec": "scripted", **given})

    def run(self) -> list[Request]:
        """One run; what the model was asked."""
        before = len(self.engine.history)
        self.manifest = run(self.project)
        return list(self.engine.history[before:])

    def change(self, name: str, old: str, new: str) -> None:
        """Replace words in a document."""
        path = self.docs / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def samples(self) -> dict[str, Judged]:
        """All samples by id."""
        with Store(self.project.database) as store:
            return {judged.sample.id: judged for judged in store.samples.judged()}

    def retired(self) -> list[RetiredSample]:
        """What the documents no longer bear out."""
        with Store(self.project.database) as store:
            return list(store.retired.all())

    def named(self, words: str) -> Judged:
        """The accepted sample whose answer holds some words."""
        return next(j for j in self.samples().values() if words in j.sample.answer and j.status == "accepted")

    def assert_grounded(self) -> None:
        """Every exported quote is the slice of its document that it says it is."""
        with Store(self.project.database) as store:
            rows = [json.loads(line) for line in exported(self.project)["samples.jsonl"].splitlines()]
            for evidence in (evidence for row in rows for evidence in row["evidence"]):
                found = store.documents.named(evidence["document"])
                assert found is not None
                assert found[1].text[evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.fixture
def living(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Living:
    return Living(tmp_path, monkeypatch, dict(ENGLISH))


def test_after_a_changed_paragraph_only_its_chunk_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(tmp_path, monkeypatch, dict(ENGLISH), chunking__tokens=96)
    first = living.run()
    kept = living.samples()
    living.change("pump.md", BEFORE, AFTER)
    asked = living.run()
    assert 0 < len(asked) <= sum(BEFORE in request.messages[-1].content for request in first) < len(first)
    assert all("back pressure" in request.messages[-1].content for request in asked)
    assert living.named("14 litres")
    living.assert_grounded()
    moved = living.samples()
    elsewhere = [id for id, judged in kept.items() if judged.sample.evidence[0].section[-1] != "Technical data"]
    assert elsewhere
    assert set(elsewhere) <= moved.keys()
    offsets = {id: moved[id].sample.evidence[0].start - kept[id].sample.evidence[0].start for id in elsewhere}
    assert len(AFTER) - len(BEFORE) in offsets.values()


def test_a_run_after_a_change_leaves_what_a_fresh_one_makes(living: Living, tmp_path: Path) -> None:
    living.run()
    living.change("pump.md", BEFORE, AFTER)
    living.change("glossary.md", "two seals", "three seals")
    living.run()
    fresh = prepared([living.docs], tmp_path / "fresh", model__spec="scripted")
    run(fresh)
    for name in ("samples.jsonl", "rejected.jsonl"):
        assert exported(living.project)[name] == exported(fresh)[name]


def test_what_a_document_no_longer_says_is_stale_listed_and_in_no_export(living: Living) -> None:
    living.run()
    gone = living.named("12 litres").sample
    living.change("pump.md", BEFORE, AFTER)
    living.run()
    (told,) = [retired for retired in living.retired() if retired.judged.sample.id == gone.id]
    assert (told.state, told.document) == ("stale", "pump.md")
    assert "no longer says" in told.reason
    assert all(gone.id.encode() not in content for content in exported(living.project).values())
    assert living.manifest["counts"]["retired"]["pump.md"]["stale"] >= 1
    counts = living.manifest["counts"]
    assert counts["made"] == counts["kept"] + counts["rejected"] + counts["failed"]
    living.change("pump.md", AFTER, BEFORE)
    assert living.run() == []
    assert gone.id in living.samples()
    assert gone.id not in {retired.judged.sample.id for retired in living.retired()}


def test_a_removed_document_takes_its_samples_along_and_they_come_back_unasked(living: Living) -> None:
    living.run()
    before = exported(living.project)["samples.jsonl"]
    ours = {j.sample.id for j in living.samples().values() if j.sample.evidence[0].document == "glossary.md"}
    library.remove(living.project, ["glossary.md"])
    assert {retired.state for retired in living.retired()} == {"removed"}
    assert living.run() == []
    assert not ours & living.samples().keys()
    assert b"glossary.md" not in exported(living.project)["samples.jsonl"]
    assert [source["name"] for source in living.manifest["sources"]] == ["pump.md"]
    pipeline.add(living.project, [living.docs / "glossary.md"])
    assert living.run() == []
    assert exported(living.project)["samples.jsonl"] == before
    assert living.retired() == []


def test_only_a_document_of_the_project_can_be_removed(living: Living) -> None:
    with pytest.raises(UsageError, match="glosary") as raised:
        library.remove(living.project, ["pump.md", "glosary.md"])
    assert "glossary.md" in raised.value.hint
    assert living.run()


@pytest.mark.parametrize("way", ["add", "build"])
def test_a_renamed_document_keeps_its_samples_unasked(living: Living, way: str) -> None:
    living.run()
    before = living.samples()
    (living.docs / "glossary.md").rename(living.docs / "words.md")
    if way == "add":
        pipeline.add(living.project, [living.docs])
    else:
        pipeline.set_sources(living.project, find_sources([living.docs]))
    assert living.run() == []
    after = living.samples()
    assert after.keys() == before.keys()
    assert {e.document for j in after.values() for e in j.sample.evidence} == {"pump.md", "words.md"}
    assert b"glossary.md" not in exported(living.project)["samples.jsonl"]
    assert living.retired() == []
    living.assert_grounded()


@pytest.mark.parametrize("way", ["add", "build", "removed before"])
def test_a_renamed_document_keeps_the_licence_that_was_stated(living: Living, way: str) -> None:
    pipeline.add(living.project, [living.docs / "glossary.md"], "cc-by-4.0")
    living.run()
    (living.docs / "glossary.md").rename(living.docs / "words.md")
    if way == "removed before":
        library.remove(living.project, ["glossary.md"])
    if way == "build":
        pipeline.set_sources(living.project, find_sources([living.docs]))
    else:
        pipeline.add(living.project, [living.docs])
    living.run()
    with Store(living.project.database) as store:
        licences = store.documents.licences()
    assert licences["words.md"] == "cc-by-4.0"
    assert "pump.md" not in licences
    card = exported(living.project)["README.md"].decode()
    assert "cc-by-4.0" in card


def test_a_licence_stated_for_a_new_name_stands(living: Living) -> None:
    pipeline.add(living.project, [living.docs / "glossary.md"], "cc-by-4.0")
    living.run()
    (living.docs / "glossary.md").rename(living.docs / "words.md")
    pipeline.add(living.project, [living.docs / "words.md"], "mit")
    with Store(living.project.database) as store:
        assert store.documents.licences()["words.md"] == "mit"


def test_a_copy_is_no_renaming_and_a_new_file_of_an_old_name_is_new(living: Living) -> None:
    living.run()
    (living.docs / "glossary.md").rename(living.docs / "words.md")
    write(living.docs, {"glossary.md": PUMP.replace("P-20", "P-50").replace("Corvan", "Delvan")})
    pipeline.set_sources(living.project, find_sources([living.docs]))
    assert living.run()
    documents = {e.document for j in living.samples().values() for e in j.sample.evidence}
    assert documents == {"pump.md", "words.md", "glossary.md"}
    living.assert_grounded()


def test_documents_that_are_still_there_are_not_dropped_by_a_build_over_others(living: Living, tmp_path: Path) -> None:
    living.run()
    other = write(tmp_path / "other", {"else.md": GLOSSARY})
    with pytest.raises(ProjectError, match="other documents"):
        pipeline.set_sources(living.project, find_sources([other]))


def test_an_added_document_asks_only_about_itself(living: Living) -> None:
    living.run()
    before = living.samples()
    added = "# Delvan filter\n\nThe Delvan F-9 filter is rinsed with clean water every 30 days by the operator.\n"
    write(living.docs, {"filter.md": added})
    pipeline.add(living.project, [living.docs / "filter.md"])
    asked = living.run()
    assert asked
    assert all("Delvan F-9" in request.messages[-1].content for request in asked)
    assert before.keys() <= living.samples().keys()


def test_what_a_person_said_outlives_changes_beside_it(living: Living) -> None:
    living.run()
    with Store(living.project.database) as store:
        kept = review.accept(store, living.named("contains a diaphragm").sample.id).sample
        turned = review.reject(store, living.named("brittle").sample.id, "too easy").sample
        words = (Message("user", "What does a foot valve do in the line?"), Message("assistant", "A check valve."))
        verdicts = living.named("foot valve is").verdicts
        edited = review.edit(store, living.named("foot valve is").sample.id, words, lambda _: [verdicts]).sample
    living.change("glossary.md", "The priming volume is", "By priming volume we mean")
    assert living.run()
    after = living.samples()
    assert after[kept.id].status == "accepted"
    assert after[kept.id].verdicts[-1].check == REVIEW
    assert after[turned.id].status == "rejected"
    assert after[edited.id].sample.messages == words
    same = [j for j in after.values() if j.sample.messages == turned.messages and j.sample.id != turned.id]
    assert same
    assert all(judged.status == "rejected" for judged in same)
    living.assert_grounded()


def test_a_decision_on_what_is_gone_waits_until_it_is_said_again(living: Living) -> None:
    living.run()
    with Store(living.project.database) as store:
        turned = review.reject(store, living.named("contains a diaphragm").sample.id, "not asked by anybody").sample
    living.change("glossary.md", KIT, "The Corvan K-4 kit is no longer made.")
    living.run()
    assert [r.decided for r in living.retired() if r.judged.sample.id == turned.id] == [True]
    living.change("glossary.md", "The Corvan K-4 kit is no longer made.", f"Since 2020: {BEFORE} {KIT}")
    living.run()
    assert living.samples()[turned.id].status == "rejected"
    assert living.samples()[turned.id].reason.startswith(REVIEW)


def test_a_question_of_two_documents_goes_when_one_of_them_no_longer_says_its_part(tmp_path: Path) -> None:
    from parsers import to_markdown
    from tests.recipes.desks import PINNED, document

    files = {name: to_markdown(document(name, sections)) for name, sections in PINNED.items()}
    docs = write(tmp_path / "docs", files)
    target = prepared([docs], tmp_path / "out", generate__recipes=("multihop",))
    run(target)
    with Store(target.database) as store:
        made = list(store.samples.judged("accepted"))
    joined = [j.sample for j in made if any("Alarm A-12" in e.quote for e in j.sample.evidence)]
    assert joined
    assert all({e.document for e in sample.evidence} == {"manual.md", "parts.md"} for sample in joined)
    others = {j.sample.id for j in made} - {sample.id for sample in joined}
    text = (docs / "manual.md").read_text(encoding="utf-8")
    (docs / "manual.md").write_text(text.replace("Alarm A-12 is triggered by", "Nothing is triggered by"))
    run(target)
    with Store(target.database) as store:
        assert others <= {judged.sample.id for judged in store.samples.judged()}
        retired = {r.judged.sample.id: r for r in store.retired.all()}
    assert {sample.id for sample in joined} <= retired.keys()
    assert {retired[sample.id].document for sample in joined} == {"manual.md"}


def test_what_was_turned_down_as_a_double_takes_the_place_of_the_one_that_went(tmp_path: Path) -> None:
    docs = write(tmp_path / "docs", {"a.md": GLOSSARY, "b.md": GLOSSARY})
    target = prepared([docs], tmp_path / "out")
    counts = run(target)["counts"]
    with Store(target.database) as store:
        first = next(store.samples.judged("accepted")).sample.evidence[0].document
    library.remove(target, [first])
    assert run(target)["counts"]["kept"] == counts["kept"]


def test_status_and_review_tell_what_is_stale_and_why(
    living: Living, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    living.run()
    gone = living.named("12 litres").sample
    living.change("pump.md", BEFORE, AFTER)
    living.run()
    monkeypatch.chdir(living.project.folder)
    assert command(["remove", "glossary.md"]) == 0
    assert command(["status"]) == 0
    told = capsys.readouterr().out
    assert "stale   pump.md" in told
    assert "removed  glossary.md" in told
    assert command(["status", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["counts"]["retired"]
    assert counts["glossary.md"].keys() == {"removed"}
    assert command(["review", "--status", "stale"]) == 0
    assert "pump.md no longer says 'The Corvan P-20 delivers 12 litres" in capsys.readouterr().out
    assert command(["review", "--status", "stale", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["id"]: row["retired"]["state"] for row in rows}[gone.id] == "stale"
    assert command(["remove", "nothing.md"]) == 2


def test_words_that_no_clue_holds_are_found_in_the_text(tmp_path: Path) -> None:
    docs = write(tmp_path / "docs", {"pump.md": PUMP})
    target = prepared([docs], tmp_path / "out")
    run(target)
    with Store(target.database) as store:
        judged = next(store.samples.judged("accepted"))
        named = store.documents.named("pump.md")
        assert named is not None
        text, words = named[1].text, "suction\nline" if "suction\nline" in named[1].text else "suction line"
        odd = replace(judged.sample.evidence[0], quote=words, start=text.index(words), end=text.index(words) + 12)
        sample = replace(judged.sample, evidence=(odd,), clues=("gone",))
        with store.transaction():
            store.samples.replace(sample.id, Judged(sample, judged.verdicts))
    (docs / "pump.md").write_text("# New\n\nAn opening paragraph that stood nowhere before.\n\n" + PUMP)
    with Store(target.database) as store:
        for _ in read(find_sources([docs]), Workshop(target, target.settings(), store, engine=None)):
            pass
        anchor(store)
        moved = store.samples.get(sample.id)
        named = store.documents.named("pump.md")
    assert moved is not None
    assert named is not None
    evidence = moved.sample.evidence[0]
    assert evidence.start > odd.start
    assert named[1].text[evidence.start : evidence.end] == words
    assert evidence.section
