"""Chains: distinct chunks, rare bridges first, the same for the same seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.graph import Chain, Roles, build, chains, spread
from doc2data.records import Clue
from tests.graph.clues import clue

ANY = Roles(opens=lambda c, e: True, links=lambda c, a, b: True, closes=lambda c, e: True)
CLUES = [
    clue("Alarm E-07 comes from the FS-11.", ("E-07", "FS-11"), "c1", "d1"),
    clue("The FS-11 sits in the HC-12.", ("FS-11", "HC-12"), "c2", "d1"),
    clue("The HC-12 holds 85 mL.", ("HC-12",), "c3", "d2"),
    clue("The HC-12 is cleaned with PC-5.", ("HC-12", "PC-5"), "c4", "d2"),
    clue("PC-5 is sour.", ("PC-5",), "c5", "d3"),
    clue("E-07 and FS-11 again.", ("E-07", "FS-11"), "c1", "d1"),
]


@pytest.mark.parametrize("hops", [2, 3, 4])
def test_no_two_clues_of_a_chain_share_a_chunk_and_neighbours_share_their_bridge(hops: int) -> None:
    graph = build(CLUES)
    found = list(chains(graph, ANY, hops, 0))
    assert found
    for chain in found:
        assert len({graph.clues[c].chunk for c in chain.clues}) == chain.hops == hops
        assert len(set(chain.bridges)) == hops - 1
        for bridge, one, other in zip(chain.bridges, chain.clues, chain.clues[1:], strict=False):
            assert bridge in graph.named[one] and bridge in graph.named[other]


@given(st.permutations(CLUES), st.integers(0, 3))
def test_the_same_seed_gives_the_same_chains_in_any_order_of_clues(order: list[Clue], seed: int) -> None:
    assert list(chains(build(order), ANY, 2, seed)) == list(chains(build(CLUES), ANY, 2, seed))


def test_chains_over_more_documents_come_first() -> None:
    graph = build(CLUES)
    spans = [len({graph.clues[c].document for c in chain.clues}) for chain in chains(graph, ANY, 3, 0)]
    assert spans == sorted(spans, reverse=True) and spans[0] > spans[-1]


def test_barred_clues_carry_no_hop() -> None:
    barred = {CLUES[1].id, CLUES[2].id}
    assert all(not barred & set(chain.clues) for chain in chains(build(CLUES), ANY, 2, 0, barred))


def test_roles_decide_who_opens_and_who_closes() -> None:
    roles = Roles(
        opens=lambda c, e: c.quote.startswith("Alarm"),
        links=lambda c, a, b: True,
        closes=lambda c, e: "sits" in c.quote,
    )
    graph = build(CLUES)
    assert [tuple(graph.clues[c].quote for c in chain.clues) for chain in chains(graph, roles, 2, 0)] == [
        ("Alarm E-07 comes from the FS-11.", "The FS-11 sits in the HC-12.")
    ]


def test_no_bridge_crowds_out_the_others() -> None:
    found = [Chain((str(n), "z"), ("often",)) for n in range(9)] + [Chain(("a", "b"), ("seldom",))]
    kept = spread(found, 2)
    assert [chain.bridges[0] for chain in kept] == ["often", "seldom", "often"]


@pytest.mark.parametrize("hops", [1, 5])
def test_chains_have_two_to_four_hops(hops: int) -> None:
    with pytest.raises(ValueError, match="2 to 4"):
        list(chains(build(CLUES), ANY, hops, 0))
