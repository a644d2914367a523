"""The store: what goes in comes out, together or not at all."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doc2data.errors import ProjectDamaged, StorageError
from doc2data.records import (
    REVIEW,
    Chunk,
    Clue,
    Evidence,
    Judged,
    MadeBy,
    Message,
    Passage,
    RecipeRef,
    Sample,
    Span,
    Step,
    Verdict,
)
from doc2data.store import DocumentRow, JobRow, PlannedRow, Store, documents
from models import Reply
from parsers import DocumentBuilder, Table


def sample(id: str = "s1") -> Sample:
    return Sample(
        id=id,
        kind="qa",
        language="en",
        messages=(Message("user", "What is 水?"), Message("assistant", "Water.\n“Quoted”")),
        evidence=(Evidence("d.pdf", "D", 3, ("A", "B"), 0, 5, "Water"),),
        recipe=RecipeRef("qa", 1, {"confidence": 0.9}),
        made_by=MadeBy("rules", "rules", "", "", 0),
        reasoning=(Step("Because.", (0,)),),
        turns=((0,),),
        clues=("c1",),
    )


def judged(id: str = "s1", *, passed: bool = True) -> Judged:
    return Judged(sample(id), (Verdict("support", passed, 0.75, "3 of 4 words"),))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "project.db")


def job(id: str, position: str = "0") -> JobRow:
    return JobRow(id, position, "qa", "chunk", "done")


def test_a_document_and_its_parts_come_back_as_they_were(store: Store) -> None:
    builder = DocumentBuilder()
    builder.add("heading", "A", level=1, page=1, box=(0, 0, 1, 1))
    builder.add("table", "", table=Table((("h", "h"),), (("x", "y"),), frozenset({(0, 1)})), page=2)
    document = builder.build(source="d", sha256="0", type="pdf", title="", language="en", pages=2)
    row = DocumentRow("d1", "d.pdf", "/tmp/d.pdf", "0", "read", title="A", pages=2, warnings=("page 2 is blank",))
    chunk = Chunk("k1", "d1", 0, ("A",), (Span(0, 1), Span(3, 9)), 4)
    clue = Clue(
        "c1", "d1", "k1", "table_row", 3, 9, "x | y", ("A",), 2, ("x",), "x", "h", "y", (("h", "x"), ("h", "y"))
    )
    passage = Passage("p1", "d.pdf", "k1", ("A",), 2, 3, 9, "x | y")
    with store.transaction():
        store.documents.put(row, document)
        store.documents.put_parts([chunk], [clue], [passage], "d1")
    assert store.documents.rows() == [row]
    assert store.documents.document("d1") == document
    assert list(store.documents.chunks()) == [chunk]
    assert list(store.documents.clues()) == [clue]
    assert list(store.documents.passages()) == [passage]


def test_a_document_put_again_takes_its_old_parts_along(store: Store) -> None:
    row = DocumentRow("d1", "d.pdf", "", "0", "read")
    with store.transaction():
        store.documents.put(row, None)
        store.documents.put_parts([Chunk("k1", "d1", 0, (), (Span(0, 1),), 1)], [], [], "d1")
        store.documents.put(replace(row, id="d2", sha256="1"), None)
    assert [r.id for r in store.documents.rows()] == ["d2"]
    assert list(store.documents.chunks()) == []


def test_a_sample_with_its_verdicts_comes_back_as_it_was(store: Store) -> None:
    with store.transaction():
        store.samples.put_job(job("j1"), [judged()])
    assert list(store.samples.judged()) == [judged()]
    assert store.samples.counts() == {"accepted": 1, "rejected": 0, "done": 1, "failed": 0}


def test_a_job_recorded_twice_counts_once(store: Store) -> None:
    for _ in range(2):
        with store.transaction():
            store.samples.put_job(job("j1"), [judged("s1"), judged("s2", passed=False)])
    assert store.samples.counts() == {"accepted": 1, "rejected": 1, "done": 1, "failed": 0}
    assert store.samples.reasons() == {"support": 1}


def test_nothing_of_a_broken_transaction_stays(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.samples.put_job(job("j1"), [judged()])
        raise RuntimeError
    assert store.samples.counts()["accepted"] == 0
    assert store.samples.counts()["done"] == 0


def test_samples_come_in_plan_order_whatever_order_they_were_made_in(store: Store) -> None:
    for position in ("b", "a", "c"):
        with store.transaction():
            store.samples.put_job(job(f"j{position}", position), [judged(f"s{position}")])
    assert [item.sample.id for item in store.samples.judged()] == ["sa", "sb", "sc"]


def test_work_no_longer_planned_is_forgotten_unless_a_person_reviewed_it(store: Store) -> None:
    reviewed = Judged(sample("s2"), (Verdict(REVIEW, True, 1.0, "good"),))
    with store.transaction():
        store.samples.put_job(job("gone"), [judged("s1")])
        store.samples.put_job(job("seen"), [reviewed])
        store.samples.put_job(job("planned"), [judged("s3")])
    store.plan.put([PlannedRow("p1", "planned", "qa", "c2", ("any", 1))])
    with store.transaction():
        assert store.plan.tidy(["qa"]) == 1
    assert {item.sample.id for item in store.samples.judged()} == {"s2", "s3"}
    assert (store.samples.job_of("s3").position, store.samples.job_of("s3").chunk) == ("p1", "c2")


def test_what_a_plan_holds_is_done_once_and_in_its_order(store: Store) -> None:
    rows = [PlannedRow(f"p{n}", f"j{n}", "qa", "c", ("job", n)) for n in (2, 0, 1)]
    store.plan.put(rows)
    with store.transaction():
        store.samples.put_job(job("j1"), [judged("s1")])
        store.samples.put_job(replace(job("j0"), state="failed"), [])
    assert (store.plan.count(), store.plan.done(), store.plan.recipes()) == (3, 1, {"qa"})
    assert list(store.plan.open()) == [rows[1], rows[0]]
    store.plan.put(rows[:1])
    assert store.plan.count() == 1


def test_a_reply_survives_the_process(tmp_path: Path) -> None:
    with Store(tmp_path / "project.db") as first:
        first.replies.put("k", Reply('{"a":1}', thinking="hm", prompt_tokens=3))
    with Store(tmp_path / "project.db") as second:
        assert second.replies.get("k") == Reply('{"a":1}', thinking="hm", prompt_tokens=3)
        assert second.replies.get("other") is None


def test_a_file_that_is_no_database_is_damaged_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    path.write_text("not a database, but precious " * 100)
    with pytest.raises(ProjectDamaged):
        Store(path)
    assert path.read_text().startswith("not a database")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ProjectDamaged, match="another version"):
        Store(path)


TAMPERED = {
    "UPDATE jobs SET recipe = x'00ff'": "jobs.recipe that are no TEXT",
    "UPDATE documents SET path = 'a' || char(0)": "documents.path that are no TEXT",
    "UPDATE samples SET body = substr(body, 1, 40)": "a row of samples cannot be read",
    "UPDATE samples SET body = '{}'": "a row of samples cannot be read",
    "UPDATE replies SET body = '[]'": "a row of replies cannot be read",
    "UPDATE documents SET body = zeroblob(9)": "a row of documents cannot be read",
    "INSERT INTO chunks VALUES ('c', 'd1', 0, '[]', '[[0, [1]]]', 1)": "a row of chunks cannot be read",
    "UPDATE documents SET warnings = '7'": "a row of documents cannot be read",
    "CREATE TRIGGER t AFTER INSERT ON jobs BEGIN DELETE FROM samples; END": "a trigger that doc2data did not make",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_rows_that_cannot_be_read_are_damage(store: Store, statement: str) -> None:
    document = DocumentBuilder().build(source="d", sha256="0", type="pdf", title="", language="en", pages=2)
    with store.transaction():
        store.documents.put(DocumentRow("d1", "d.pdf", "", "0", "read"), document)
        store.samples.put_job(job("j1"), [judged()])
    store.replies.put("k", Reply("{}"))
    store.check()
    store.connection.execute(statement)
    with pytest.raises(ProjectDamaged, match=TAMPERED[statement]):
        store.check()


def test_an_error_over_damaged_rows_is_told_as_the_damage_and_any_other_as_itself(store: Store) -> None:
    with store.transaction():
        store.samples.put_job(job("j1"), [judged()])
    path = store.path
    with pytest.raises(ZeroDivisionError), Store(path):
        _ = 1 // 0
    store.connection.execute("UPDATE samples SET body = '{}'")
    with pytest.raises(ProjectDamaged, match="samples"), Store(path) as broken:
        list(broken.samples.judged())


def test_a_document_that_unpacks_without_end_is_damaged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST", 10_000)
    with store.transaction():
        store.documents.put(DocumentRow("d1", "d.pdf", "", "0", "read"), None)
        bomb = zlib.compress(b" " * 20_000)
        store.connection.execute("UPDATE documents SET body = ?", (bomb,))
    with pytest.raises(ProjectDamaged, match="documents"):
        store.check()


def test_a_full_disk_is_said_in_our_words(tmp_path: Path) -> None:
    store = Store(tmp_path / "project.db")
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="full"), store.transaction():
        store.samples.put_job(job("j1"), [judged(f"s{n}") for n in range(500)])
    assert store.samples.counts()["accepted"] == 0


def test_a_full_folder_of_temporary_files_is_told_in_words(store: Store) -> None:
    def broken() -> Iterator[PlannedRow]:
        yield PlannedRow("p", "j", "qa", "c", None)
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(StorageError, match="temporary files") as error:
        store.plan.put(broken())
    assert "TMPDIR" in error.value.hint
    store.plan.put([PlannedRow("p", "j", "qa", "c", None)])
    assert store.plan.count() == 1
