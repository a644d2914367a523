"""Buckets and rows that lie in files: the same as plain dictionaries and lists would give."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from doc2data.curate.buckets import LOOKED_AT, Buckets
from doc2data.curate.trigrams import TrigramTwins, keys_of, signatures
from doc2data.curate.vectors import VectorTwins
from doc2data.store.scratch import Scratch


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 4000), st.integers(2, 1 << 32))
def test_members_with_an_equal_key_are_candidates_and_no_others(seed: int, members: int, different: int) -> None:
    """Also when the slots were widened meanwhile, and where keys share a slot."""
    draw = np.random.default_rng(seed)
    keys = draw.integers(different, size=(members, 3), dtype=np.uint64).astype(np.uint32)
    buckets, plain = Buckets(3), [defaultdict[int, list[int]](list) for _ in range(3)]
    for member, row in enumerate(keys):
        buckets.add(row)
        for table, key in zip(plain, row.tolist(), strict=True):
            table[key].append(member)
    for row in keys[:: max(1, members // 20)]:
        groups = [table[key] for table, key in zip(plain, row.tolist(), strict=True)]
        found = buckets.candidates(row)
        assert found == sorted(found) and set(found) <= {member for group in groups for member in group}
        if max(map(len, groups)) < LOOKED_AT // 4:
            assert set(found) == {member for group in groups for member in group}
        assert all(group[-1] in found for group in groups)


def test_near_vectors_meet_and_far_ones_do_not() -> None:
    draw = np.random.default_rng(0)
    rows = draw.standard_normal((600, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near = rows + 0.25 * rows[::-1]
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    twins = VectorTwins(0.95, 384)
    for row, keys in zip(rows, twins.keys_of(rows), strict=True):
        twins.add(row, keys)
    found = [twins.find(row, keys) for row, keys in zip(near, twins.keys_of(near), strict=True)]
    assert sum(n == twin for n, twin in enumerate(found)) >= 0.97 * len(rows)
    assert {twin for n, twin in enumerate(found) if twin != n} == {None}
    assert twins.keys_of(rows[:1]).tolist() == twins.keys_of(rows)[:1].tolist()


def test_the_same_words_are_told_from_words_with_the_same_hash() -> None:
    scratch = Scratch()
    twins = TrigramTwins(0.8, scratch)
    for text in ("plumless", "buckeroo"):  # one CRC-32
        made = signatures([text])
        twins.add(text, made[0], keys_of(made)[0])
    assert [twins.same(text) for text in ("Plumless!", "BUCKEROO", "plum")] == [0, 1, None]
