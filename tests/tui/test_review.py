"""Decisions of a person: they outweigh checks, can be taken back, and make an audit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data import review
from doc2data.errors import UsageError
from doc2data.project import Project
from doc2data.records import REVIEW, Message, Sample, Verdict
from doc2data.store import Query, Store


@pytest.fixture
def store(project: Project) -> Store:
    return Store(project.database)


def _passed(samples: list[Sample]) -> list[tuple[Verdict, ...]]:
    return [(Verdict("support", passed=True, score=1.0, reason="fine"),) for _ in samples]


def test_a_person_outweighs_the_checks(store: Store) -> None:
    [rejected, *_] = store.samples.select(Query(status="rejected"))
    assert review.accept(store, rejected, "It is right.").status == "accepted"
    assert review.reject(store, rejected, "").status == "rejected"
    judged = store.samples.get(rejected)
    assert judged is not None and len([v for v in judged.verdicts if v.check == REVIEW]) == 1


def test_decisions_are_taken_back_last_first_also_by_another_process(store: Store, project: Project) -> None:
    first, second, *_ = store.samples.select(Query(status="accepted"))
    before = [store.samples.get(first), store.samples.get(second)]
    review.reject(store, first, "no")
    review.reject(store, second, "no")
    with Store(project.database) as other:
        assert review.undo(other) == before[1]
        assert review.undo(other) == before[0]
        assert review.undo(other) is None


def test_an_edit_is_checked_again_and_names_its_parent(store: Store) -> None:
    [rejected, *_] = store.samples.select(Query(status="rejected", kind="qa"))
    before = store.samples.get(rejected)
    words = (Message("user", "At what pressure is the BP-7 tested?"), Message("assistant", "9.5 bar."))
    after = review.edit(store, rejected, words, lambda samples: _passed(list(samples)))
    assert (after.status, after.sample.parent, after.sample.messages) == ("accepted", rejected, words)
    assert store.samples.get(rejected) is None
    assert store.samples.get(after.sample.id) == after
    assert review.undo(store) == before
    assert store.samples.get(rejected) == before
    assert store.samples.get(after.sample.id) is None


def test_an_empty_turn_is_no_edit(store: Store) -> None:
    [id, *_] = store.samples.select(Query())
    with pytest.raises(UsageError, match="words in every turn"):
        review.edit(store, id, [Message("user", " ")], lambda samples: [])


def test_unknown_samples_and_queues_are_named(store: Store) -> None:
    with pytest.raises(UsageError, match="no sample 'nothing'"):
        review.accept(store, "nothing")
    with pytest.raises(UsageError, match="no review queue 'sometime'"):
        review.queued(store, "sometime")


def test_queues_leave_out_what_is_decided(store: Store) -> None:
    for name in ("undecided", "lowest", "audit", "rejected", "kind:qa", "document:手册.md"):
        waiting = review.queued(store, name)
        assert waiting, name
        review.accept(store, waiting[0])
        assert waiting[0] not in review.queued(store, name), name


def test_lowest_scores_come_first(store: Store) -> None:
    ids = store.samples.select(Query(order="score"))
    scores = [brief.score for brief in store.samples.briefs(ids)]
    assert scores == sorted(scores)


def test_the_audit_counts_only_what_the_checks_passed(store: Store) -> None:
    for id in review.queued(store, "rejected"):
        review.accept(store, id)
    assert review.audit(store).reviewed == 0
    first, second, *_ = review.queued(store, "audit")
    review.accept(store, first)
    review.reject(store, second, "no")
    audit = review.audit(store)
    assert (audit.population, audit.reviewed, audit.confirmed) == (6, 2, 1)
    assert audit.interval[0] < 0.5 < audit.interval[1]


def test_audit_size_is_that_of_the_textbook() -> None:
    assert review.audit_size(0) == 0
    assert review.audit_size(100_000) == 383
    assert review.audit_size(500) == 218


@given(trials=st.integers(0, 400), data=st.data())
def test_the_interval_holds_the_share_and_narrows(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = review.wilson(successes, trials)
    assert 0.0 <= low <= high <= 1.0
    if trials:
        assert low - 1e-9 <= successes / trials <= high + 1e-9
        narrower = review.wilson(successes * 4, trials * 4)
        assert narrower[1] - narrower[0] <= high - low + 1e-9
