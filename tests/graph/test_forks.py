"""Forks: what can be set side by side, the same for the same seed in any order of claims."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doc2data.graph import Claim, apart, comparisons, intersections
from tests.graph.clues import clue

MASS, KIT, BLUE = "mass g", "belongs to the kit", "is blue"
CLAIMS = [
    Claim(clue("The A-1 has a mass of 3 g.", chunk="c1", document="d1"), "a", MASS),
    Claim(clue("The B-2 has a mass of 4 g.", chunk="c1", document="d1"), "b", MASS),
    Claim(clue("The C-3 has a mass of 5 g.", chunk="c2", document="d2"), "c", MASS),
    Claim(clue("The kit holds A-1 and B-2.", chunk="c3", document="d1"), "a", KIT),
    Claim(clue("The kit holds A-1 and B-2.", chunk="c3", document="d1"), "b", KIT),
    Claim(clue("The A-1 and the C-3 are blue.", chunk="c4", document="d2"), "a", BLUE),
    Claim(clue("The A-1 and the C-3 are blue.", chunk="c4", document="d2"), "c", BLUE),
]


@given(st.permutations(CLAIMS), st.integers(0, 3))
def test_the_same_seed_gives_the_same_forks_in_any_order(order: list[Claim], seed: int) -> None:
    assert comparisons(order, seed) == comparisons(CLAIMS, seed)
    assert intersections(order, seed) == intersections(CLAIMS, seed)


def test_every_two_things_with_one_attribute_are_compared_those_of_two_documents_first() -> None:
    found = comparisons(CLAIMS[:3], 0)
    assert {fork.entities for fork in found} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert [fork.is_apart for fork in found] == [True, True, False]


def test_only_a_thing_that_alone_has_both_properties_is_asked_for() -> None:
    [found] = intersections(CLAIMS, 0)
    assert found.entities == ("a",) and {claim.topic for claim in found.claims} == {KIT, BLUE}
    shared = [*CLAIMS, Claim(clue("The B-2 is blue.", chunk="c5"), "b", BLUE)]
    assert intersections(shared, 0) == []


def test_a_property_that_one_thing_alone_has_needs_no_second() -> None:
    assert intersections([claim for claim in CLAIMS if claim.entity != "b"], 0) == []


def test_no_thing_is_asked_about_again_and_again() -> None:
    assert [fork.entities for fork in apart(comparisons(CLAIMS[:3], 0), 1)] == [comparisons(CLAIMS[:3], 0)[0].entities]


def test_a_topic_of_many_things_is_compared_in_part_and_the_same_part_each_time() -> None:
    many = [Claim(clue(f"Part {n} weighs {n} g.", chunk=f"k{n}"), f"e{n:03}", MASS) for n in range(300)]
    found = comparisons(many, 0)
    assert 0 < len(found) < 1000 and found == comparisons(many[::-1], 0)
