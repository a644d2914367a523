"""Length bias: measured as it is, and kept near one whatever comes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.curate import LengthBalance, length_bias
from doc2data.records import Message, Rejected, Sample
from tests.checks.samples import GOOD


def pair(chosen: int, rejected: int) -> Sample:
    worse = Rejected("r" * rejected, "number", "", "", "support", "")
    return replace(GOOD, messages=(Message("user", "?"), Message("assistant", "c" * chosen)), rejected=worse)


def test_the_bias_is_the_mean_of_the_ratios() -> None:
    found = length_bias([pair(30, 20), pair(10, 20), pair(5, 5), GOOD])
    assert found.pairs == 3 and found.ratio == pytest.approx(1.0)
    assert found.longer == found.shorter == pytest.approx(1 / 3)
    assert length_bias([GOOD]).ratio == 1.0


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), max_size=80), st.floats(0.01, 0.5))
def test_whatever_comes_the_mean_stays_near_one(lengths: list[tuple[int, int]], tolerance: float) -> None:
    balance, kept = LengthBalance(tolerance), []
    for chosen, rejected in lengths:
        one = pair(chosen, rejected)
        if balance.admits(one):
            balance.add(one)
            kept.append(one)
    assert abs(length_bias(kept).ratio - 1) <= tolerance + 1e-9


def test_what_leads_back_to_one_is_let_in() -> None:
    balance = LengthBalance(0.1)
    for _ in range(3):
        balance.add(pair(20, 10))  # kept by an earlier run with another tolerance
    assert not balance.admits(pair(30, 10))
    assert balance.admits(pair(10, 20))
