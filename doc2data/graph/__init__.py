"""The clue graph: which clues speak of the same things, and the paths that lead from one clue to another.

Entities carry every spelling the documents use; clues are the edges. Everything here follows from the clues alone,
whatever order they come in.
"""

from doc2data.graph.clue_graph import ClueGraph, Edge, build
from doc2data.graph.contradictions import Contradiction, contradictions
from doc2data.graph.entities import Entity
from doc2data.graph.forks import Claim, Fork, apart, comparisons, intersections
from doc2data.graph.graphml import to_graphml
from doc2data.graph.names import CODE, Finder, key, same
from doc2data.graph.paths import Chain, Roles, chains, spread
from doc2data.graph.quantities import Quantity, written
from doc2data.graph.tables import EMPTY, Fact, TableView, caption_of, numeric_columns, tables

__all__ = [
    "CODE",
    "EMPTY",
    "Chain",
    "Claim",
    "ClueGraph",
    "Contradiction",
    "Edge",
    "Entity",
    "Fact",
    "Finder",
    "Fork",
    "Quantity",
    "Roles",
    "TableView",
    "apart",
    "build",
    "caption_of",
    "chains",
    "comparisons",
    "contradictions",
    "intersections",
    "key",
    "numeric_columns",
    "same",
    "spread",
    "tables",
    "to_graphml",
    "written",
]
