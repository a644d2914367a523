"""A subset by size, balance and quota: deterministic, even, and of samples that differ."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.curate import KEYS, choose, read_quota
from doc2data.curate.selection import difficulty
from doc2data.errors import UsageError
from doc2data.records import Evidence, Judged, MadeBy, Message, RecipeRef, Sample, Step, Verdict
from models import Vectors


def row(
    number: int, kind: str = "qa", document: str = "a.pdf", *, at: float | None = None, score: float = 1.0
) -> Judged:
    """A sample whose question says where its vector lies on the circle."""
    place = number * 0.05 if at is None else at
    messages = (Message("user", f"{place}"), Message("assistant", "Yes."))
    evidence = (Evidence(document, "A", 1, ("S",), 0, 1, "x"),)
    made = MadeBy("rules", "rules", "", "", 0)
    made_sample = Sample(f"{number:04}", kind, "en", messages, evidence, RecipeRef("qa", 1), made)
    return Judged(made_sample, (Verdict("support", passed=True, score=score, reason=""),))


def circle(texts: Sequence[str]) -> Vectors:
    angles = np.array([float(text) for text in texts])
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def ids(chosen: Sequence[Judged]) -> list[str]:
    return [one.sample.id for one in chosen]


def test_what_differs_most_is_chosen() -> None:
    near = [row(n, at=0.01 * n) for n in range(20)]
    far = [row(20, at=2.0), row(21, at=4.0)]
    chosen = choose([*near, *far], circle, 3)
    assert {"0020", "0021"} < set(ids(chosen))
    assert ids(chosen) == sorted(ids(chosen))


def test_of_two_that_are_alike_the_better_one_is_chosen() -> None:
    rows = [row(0, at=0.0, score=0.5), row(1, at=0.0, score=0.9), row(2, at=3.0)]
    assert ids(choose(rows, circle, 2)) == ["0001", "0002"]


@given(st.integers(1, 30), st.randoms())
def test_the_order_of_the_samples_changes_nothing(size: int, shuffle: random.Random) -> None:
    rows = [row(n, at=(n * 37 % 29) / 5) for n in range(30)]
    mixed = shuffle.sample(rows, len(rows))
    chosen = choose(mixed, circle, size)
    assert len(chosen) == size
    assert set(ids(chosen)) == set(ids(choose(rows, circle, size)))


def test_groups_get_as_many_as_each_other_while_they_last() -> None:
    rows = [row(n, "qa") for n in range(30)] + [row(n, "cot") for n in range(30, 34)]
    rows += [row(n, "dialogue") for n in range(40, 60)]
    counts = Counter(one.sample.kind for one in choose(rows, circle, 20, ["kind"]))
    assert counts == {"qa": 8, "dialogue": 8, "cot": 4}


def test_two_keys_are_balanced_together() -> None:
    rows = [row(n, "qa" if n % 4 else "cot", "a.pdf" if n % 3 else "b.pdf") for n in range(120)]
    chosen = choose(rows, circle, 24, ["kind", "document"])
    for key in ("kind", "document"):
        counts = Counter(KEYS[key](one.sample) for one in chosen)
        assert max(counts.values()) - min(counts.values()) <= 2


def test_without_a_size_no_group_keeps_more_than_the_median_one() -> None:
    rows = [row(n, "qa") for n in range(30)] + [row(n, "cot") for n in range(30, 34)]
    rows += [row(n, "dialogue") for n in range(40, 46)]
    assert Counter(one.sample.kind for one in choose(rows, circle, 0, ["kind"])) == {"qa": 6, "dialogue": 6, "cot": 4}


def test_quotas_bound_a_group_by_number_or_by_share() -> None:
    rows = [row(n, "qa", "a.pdf" if n < 40 else "b.pdf") for n in range(50)]
    chosen = choose(rows, circle, 20, quotas=[read_quota("document=a.pdf:25%")])
    assert Counter(one.sample.evidence[0].document for one in chosen) == {"b.pdf": 10, "a.pdf": 5}
    assert len(choose(rows, circle, quotas=[read_quota("kind=qa:7")])) == 7


@pytest.mark.parametrize("text", ["dialogue:100", "kind=dialogue", "kind=dialogue:some", "colour=red:3", "kind=:3", ""])
def test_a_quota_that_is_written_wrong_is_explained(text: str) -> None:
    with pytest.raises(UsageError, match="KEY=VALUE"):
        read_quota(text)


def test_a_quota_may_name_a_value_with_a_colon() -> None:
    quota = read_quota("section=a.pdf > Care: pumps:10%")
    assert (quota.key, quota.value, quota.of(50)) == ("section", "a.pdf > Care: pumps", 5)


def test_difficulty_follows_hops_and_steps() -> None:
    one = row(1).sample
    hops = Sample(**{**{f: getattr(one, f) for f in one.__slots__}, "evidence": one.evidence * 2})
    steps = Sample(**{**{f: getattr(one, f) for f in one.__slots__}, "reasoning": (Step("a"), Step("b"), Step("c"))})
    assert [difficulty(s) for s in (one, hops, steps)] == ["easy", "medium", "hard"]


def test_of_a_set_too_large_to_compare_each_group_is_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doc2data.curate.selection.POOL", 20)
    rows = [row(n, "qa") for n in range(200)] + [row(n, "cot") for n in range(200, 210)]
    counts = Counter(one.sample.kind for one in choose(rows, circle, 10, ["kind"]))
    assert counts == {"qa": 5, "cot": 5}


def test_a_set_too_large_to_compare_loses_nothing_that_no_quota_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doc2data.curate.selection.POOL", 20)
    rows = [row(n, "qa", "a.pdf" if n % 3 else "b.pdf") for n in range(300)]
    assert ids(choose(rows, circle)) == ids(rows)
    chosen = choose(rows, circle, quotas=[read_quota("document=b.pdf:31")])
    assert Counter(KEYS["document"](one.sample) for one in chosen) == {"a.pdf": 200, "b.pdf": 31}
    assert len(choose(rows, circle, 120)) == 120


def test_parts_fill_up_what_the_quota_of_others_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doc2data.curate.selection.POOL", 20)
    rows = [row(n, "qa", "a.pdf" if n % 10 else "b.pdf") for n in range(100)]
    chosen = choose(rows, circle, 50, quotas=[read_quota("document=a.pdf:41")])
    assert Counter(KEYS["document"](one.sample) for one in chosen) == {"a.pdf": 41, "b.pdf": 9}
