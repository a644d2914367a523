"""What stands around a clue, read document by document, is what stands around it in all of them in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from doc2data.recipes.base import Desk
from doc2data.recipes.surroundings import TEXTS, Surroundings
from doc2data.records import Clue


class _Corpus:
    """Documents of so many clues each."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.documents = {
            f"d{d}": [Clue(f"d{d} c{c}", f"d{d}", "", "sentence", c, c + 1, "x") for c in range(size)]
            for d, size in enumerate(sizes)
        }

    def clues_in(self, document: str) -> list[Clue]:
        return self.documents[document]


@given(st.lists(st.integers(0, 60), max_size=6), st.data())
def test_the_nearest_clues_come_first_across_documents(sizes: list[int], data: st.DataObject) -> None:
    corpus = _Corpus([*sizes, 1])
    desk = Desk(cast(Any, corpus), cast(Any, None), cast(Any, None), cast(Any, None), None)
    row = [clue for clues in corpus.documents.values() for clue in clues]
    own = data.draw(st.lists(st.sampled_from(row), min_size=1, max_size=3, unique_by=lambda clue: clue.id))
    at = row.index(own[0])
    around = sorted(range(max(0, at - TEXTS), min(len(row), at + TEXTS)), key=lambda i: (abs(i - at), i))
    assert Surroundings(desk)._near(own) == [row[i] for i in around if row[i] not in own][:TEXTS]
