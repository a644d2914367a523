"""The graph is the same for the same clues, and its export is read by anyone."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from doc2data.graph import build, to_graphml
from doc2data.records import Clue
from tests.graph.clues import clue

CLUES = [
    clue("The FS-11 sits behind the HC-12.", ("FS-11", "HC-12"), "c1", "d1"),
    clue("The FS-11 is tightened to 1.2 N·m.", ("FS-11",), "c2", "d2"),
    clue("Fill the HC-12 with Purelin C.", ("HC-12", "Purelin C"), "c3", "d1"),
    clue("Purelin C keeps for 36 months & more <sealed>.", ("Purelin C",), "c4", "d2"),
]


@given(st.permutations(CLUES))
def test_the_order_of_clues_does_not_matter(order: list[Clue]) -> None:
    one, other = build(order), build(CLUES)
    assert (one.entities, one.named, list(one.naming.items())) == (
        other.entities,
        other.named,
        list(other.naming.items()),
    )
    assert to_graphml(one) == to_graphml(other)


def test_clues_that_leave_take_their_edges_along() -> None:
    graph = build(CLUES[1:])
    assert all(CLUES[0].id != edge.clue for edge in graph.edges())
    assert graph.naming != build(CLUES).naming


def test_a_name_in_every_chunk_is_no_bridge() -> None:
    everywhere = [clue(f"The RM-400 does thing {n}.", ("RM-400",), f"c{n}") for n in range(40)]
    graph = build([*everywhere, *CLUES])
    names = {graph.entities[entity].name for entity in graph.naming if graph.is_bridge(entity)}
    assert names == {"FS-11", "HC-12", "Purelin C"}


def test_initials_join_unrelated_documents_only_by_digits() -> None:
    clues = [clue("PER reads.", ("PER",), "c8", "d8"), clue("PER writes.", ("PER",), "c9", "d9"), *CLUES]
    graph = build(clues)
    by_name = {graph.entities[entity].name: entity for entity in graph.naming}
    assert not graph.joins(by_name["PER"], clues[0], clues[1])
    assert graph.joins(by_name["FS-11"], CLUES[0], CLUES[1])


def test_graphml_holds_every_entity_and_every_tie() -> None:
    root = ElementTree.fromstring(to_graphml(build(CLUES)))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f".//{space}node")) == 3
    assert len(root.findall(f".//{space}edge")) == 2
    quotes = {data.text for data in root.iter(f"{space}data") if data.get("key") == "edge_quote"}
    assert "The FS-11 sits behind the HC-12." in quotes
