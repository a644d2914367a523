from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from doc2data.records import Passage
from doc2data.store.lexical import Lexical, terms


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    yield made
    made.close()


def filled(connection: sqlite3.Connection, *texts: str, document: str = "d") -> Lexical:
    lexical = Lexical(connection)
    passages = [Passage(f"{document}{i}", document, "c", (), None, 0, len(text), text) for i, text in enumerate(texts)]
    lexical.add(passages, texts)
    return lexical


SEALS = "The seals of the pump are replaced by the service team every year."
GERMAN = [
    "Die Wellendichtung der Pumpe wird alle viertausend Betriebsstunden gewechselt.",
    "Der Schaltschrank ist mit einem Schlüsselschalter versehen, der das Einschalten sperrt.",
]


def test_words_are_folded_and_stemmed_by_their_language() -> None:
    assert terms("Replacing the Pumps", "en") == ["replac", "the", "pump"]
    assert terms("Schlüssel", "de") == terms("SCHLUSSEL", "de")


def test_ideographs_become_pairs() -> None:
    assert terms("更换轴封O形圈", "zh") == ["更换", "换轴", "轴封", "o", "形圈"]


def test_each_language_is_searched_with_its_own_stems(connection: sqlite3.Connection) -> None:
    lexical = filled(connection, *GERMAN, document="de")
    filled(connection, "The seals of the feed pump are replaced every year by the service team.", document="en")
    assert lexical.search("gewechselte Wellendichtungen", 1)[0][0] == "de0"
    assert lexical.search("replacing a seal", 1)[0][0] == "en0"


def test_scores_fall_and_are_positive(connection: sqlite3.Connection) -> None:
    lexical = filled(connection, "pump seal", "pump", "valve", "drain")
    scores = [score for _, score in lexical.search("pump seal", 5)]
    assert len(scores) == 2
    assert scores[0] > scores[1] > 0


def test_adding_a_passage_again_replaces_it(connection: sqlite3.Connection) -> None:
    lexical = filled(connection, "the old words", "something else")
    filled(connection, "the new words", "something else")
    assert lexical.search("old", 5) == []
    assert lexical.search("new", 5)[0][0] == "d0"
    assert len(list(lexical.ids())) == 2


def test_writes_join_the_transaction_that_is_open(connection: sqlite3.Connection) -> None:
    lexical = filled(connection, "kept")
    connection.execute("BEGIN")
    filled(connection, "undone", document="other")
    connection.execute("ROLLBACK")
    assert list(lexical.ids()) == ["d0"]


def test_very_common_words_do_not_crowd_out_rare_ones(connection: sqlite3.Connection) -> None:
    texts = [f"the pump of unit number {i}" for i in range(2100)]
    lexical = filled(connection, *texts, "the relief valve")
    assert lexical.search("where is the relief valve of the pump", 1)[0][0] == "d2100"
    assert len(lexical.search("the pump", 3)) == 3


def test_a_query_of_a_large_corpus_looks_at_no_more_places_than_it_may(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"unit {i} has a {'relief ' if i < 30 else ''}{'check ' if i % 10 == 0 else ''}valve" for i in range(2100)]
    lexical = filled(connection, *texts)
    asked = "the relief or the check of unit 7"
    assert "d20" in dict(lexical.search(asked, 300)) and len(lexical.search(asked, 300)) > 200
    monkeypatch.setattr("doc2data.store.lexical.MOST_PLACES", 100)
    found = dict(lexical.search(asked, 300))
    assert "d7" in found and len(found) == 30  # the rarest words still count: 7 and relief, but not check
    assert lexical.search("check", 300)  # alone, a common word is all there is


def test_the_counts_follow_what_is_added_and_removed(connection: sqlite3.Connection) -> None:
    lexical = filled(connection, *GERMAN, document="de")
    assert lexical.languages() == {"de": 2}
    filled_too = [Passage("en0", "en", "c", (), None, 0, 9, SEALS)]
    lexical.add(filled_too, [SEALS])
    assert lexical.languages() == {"de": 2, "en": 1}
    assert lexical.first("de", 1) == ["de0"]
    lexical.remove(["de0"])
    assert lexical.languages() == {"de": 1, "en": 1} and lexical.held(["de0", "de1"]) == {"de1"}
