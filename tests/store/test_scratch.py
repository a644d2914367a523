"""What a process remembers on disk comes back as it was put there."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doc2data.curate.rows import TOUCHED, Rows
from doc2data.store.scratch import LOOKED_AT, Scratch, Shelf

KEYS = st.integers(-3, 3)


@given(st.lists(st.tuples(KEYS, KEYS), max_size=30), st.tuples(KEYS, KEYS))
def test_members_that_share_a_key_are_candidates(members: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    buckets = Scratch().buckets()
    for keys in members:
        buckets.add(keys)
    shared = [n for n, keys in enumerate(members) if keys[0] == asked[0] or keys[1] == asked[1]]
    assert buckets.candidates(asked) == shared


def test_of_a_crowd_the_newest_are_looked_at() -> None:
    buckets = Scratch().buckets()
    for _ in range(LOOKED_AT + 5):
        buckets.add([-(2**63)])
    assert buckets.candidates([-(2**63)]) == list(range(5, LOOKED_AT + 5))


def test_a_shelf_gives_back_what_was_put_there() -> None:
    scratch = Scratch()
    first: Shelf[object] = scratch.shelf()
    second: Shelf[object] = scratch.shelf()
    for thing in ("a", ("b", frozenset({1}))):
        first.append(thing)
    second.append(None)
    assert (len(first), first[0], first[1], second[0]) == (2, "a", ("b", frozenset({1})), None)


def test_rows_stay_while_their_pages_are_given_back() -> None:
    rows = Rows(1024, np.float32)
    for number in range(300):
        rows.append(np.full(1024, number, np.float32))
    for _ in range(3 * TOUCHED // 300):
        assert (rows.at(range(300))[:, 7] == np.arange(300)).all()
    assert len(rows) == 300
