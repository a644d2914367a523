from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from doc2data.index import Index, apart, batches
from doc2data.records import Passage, content_id
from doc2data.store.lexical import Lexical
from tests.index.doubles import HashEmbedder

ENGLISH = [
    "The feed pump must be primed with clean water before the first start of the season.",
    "Replace the shaft seal every 4000 operating hours, or when it leaks more than three drops a minute.",
    "Error E-417 means that the inlet pressure has fallen below the limit set by the operator.",
    "Store the spare filters in a dry room away from direct sunlight and ozone.",
    "The control cabinet is delivered with a key switch that locks the start button.",
    "Noise measured at one metre stays under seventy decibels at rated flow.",
]
CHINESE = [
    "首次启动之前必须向泵内注满清水，并排出全部空气。",
    "轴封每运行四千小时更换一次，泄漏加大时应提前更换。",
    "报警代码表示进口压力低于操作员设定的下限。",
    "备用滤芯应存放在干燥且避免阳光直射的房间里。",
    "控制柜配有钥匙开关，用来锁定启动按钮。",
]


MADE: dict[str, Passage] = {}
"""Every passage of these tests by its id."""


def passages(texts: list[str], document: str) -> list[Passage]:
    made = [
        Passage(content_id(document, i, text), document, "c", ("Care",), i + 1, 100 * i, 100 * i + len(text), text)
        for i, text in enumerate(texts)
    ]
    MADE.update((passage.id, passage) for passage in made)
    return made


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    yield made
    made.close()


def open_index(folder: Path, connection: sqlite3.Connection, embedder: HashEmbedder | None = None) -> Index:
    return Index(folder, embedder or HashEmbedder(), Lexical(connection), lambda ids: [MADE[id] for id in ids])


def test_a_question_brings_back_its_passage_with_both_ranks(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection)
    index.add(passages(ENGLISH, "pump.pdf"))
    hit = index.search("How often is the shaft seal replaced?", 3)[0]
    assert hit.passage == passages(ENGLISH, "pump.pdf")[1]
    assert (hit.dense_rank, hit.lexical_rank) == (1, 1)


def test_words_are_found_in_another_form(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection)
    index.add(passages(ENGLISH, "pump.pdf"))
    assert index.search("leaking seals", 1)[0].passage.text.startswith("Replace the shaft seal")
    assert index.search("leaking seals", 1)[0].lexical_rank == 1


def test_chinese_is_found_though_the_embedder_is_blind_to_it(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection, HashEmbedder(blind_to_ideographs=True))
    index.add(passages(CHINESE, "泵.pdf"))
    for i, question in enumerate(["首次启动前要注什么？", "轴封多久更换？", "进口压力低于下限怎么报警？"]):
        assert index.search(question, 1)[0].passage.text == CHINESE[i]


def test_the_corpus_teaches_how_much_the_vectors_are_worth(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection, HashEmbedder(blind_to_ideographs=True))
    index.add(passages(CHINESE, "泵.pdf") + passages(ENGLISH, "pump.pdf"))
    weights = index.learn()
    assert list(weights.languages) == ["en", "zh"]
    assert weights.of("zh").dense < weights.of("en").dense
    assert weights.of("zh").dense_skill < weights.of("zh").lexical_skill


def test_adding_again_encodes_nothing(tmp_path: Path, connection: sqlite3.Connection) -> None:
    embedder = HashEmbedder()
    index = open_index(tmp_path, connection, embedder)
    index.add(passages(ENGLISH, "pump.pdf"))
    before = embedder.encoded
    index.add(passages(ENGLISH, "pump.pdf"))
    assert embedder.encoded == before
    assert set(index.ids()) == {p.id for p in passages(ENGLISH, "pump.pdf")}


def test_what_is_removed_is_not_found(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection)
    index.add(passages(ENGLISH, "pump.pdf") + passages(ENGLISH[:2], "copy.pdf"))
    index.remove([p.id for p in passages(ENGLISH, "pump.pdf")])
    assert {hit.passage.document for hit in index.search("shaft seal", 10)} == {"copy.pdf"}


def test_a_reopened_index_answers_the_same_without_learning_again(
    tmp_path: Path, connection: sqlite3.Connection
) -> None:
    first = open_index(tmp_path, connection)
    first.add(passages(ENGLISH, "pump.pdf"))
    queries = ["inlet pressure error", "where are filters stored", "start button lock"]
    expected = first.search_many(queries, 4)
    embedder = HashEmbedder()
    second = open_index(tmp_path, connection, embedder)
    assert second.search_many(queries, 4) == expected
    assert embedder.encoded == len(queries)


def test_search_many_is_search_for_each(tmp_path: Path, connection: sqlite3.Connection) -> None:
    index = open_index(tmp_path, connection)
    index.add(passages(ENGLISH, "pump.pdf"))
    queries = ["noise level", "key switch"]
    assert index.search_many(queries, 3) == [index.search(query, 3) for query in queries]


def test_a_damaged_store_is_emptied_so_that_adding_mends_it(tmp_path: Path, connection: sqlite3.Connection) -> None:
    open_index(tmp_path, connection).add(passages(ENGLISH, "pump.pdf"))
    damaged = tmp_path / "copy"
    (damaged / "vectors").mkdir(parents=True)
    (damaged / "vectors" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    index = open_index(damaged, connection)
    assert list(index.ids()) == []
    index.add(passages(ENGLISH, "pump.pdf"))
    assert index.search("shaft seal", 1)[0].passage.text == ENGLISH[1]


def test_vectors_of_another_embedder_are_not_used(tmp_path: Path, connection: sqlite3.Connection) -> None:
    open_index(tmp_path, connection).add(passages(ENGLISH, "pump.pdf"))
    other = HashEmbedder()
    other.fingerprint = "hash-2"
    assert list(open_index(tmp_path, connection, other).ids()) == []


@pytest.mark.parametrize("query", ["", "   ", "???", '"', "AND OR NOT", "zzzz"])
def test_odd_queries_are_answered_without_an_error(tmp_path: Path, connection: sqlite3.Connection, query: str) -> None:
    index = open_index(tmp_path, connection)
    assert index.search(query, 3) == []
    index.add(passages(ENGLISH, "pump.pdf"))
    assert len(index.search(query, 3)) == 3


def test_sides_that_a_kill_left_apart_agree_again(tmp_path: Path, connection: sqlite3.Connection) -> None:
    wanted = passages(ENGLISH, "pump.pdf")
    index = open_index(tmp_path, connection)
    index.add(wanted[:3])
    ids = sorted(p.id for p in wanted)
    index._store.upsert([wanted[3].id], HashEmbedder().encode([wanted[3].text]))  # killed before the words
    assert set(open_index(tmp_path, connection).ids()) == {p.id for p in wanted[:3]}
    Lexical(connection).remove([wanted[0].id])  # killed before the vectors
    again = open_index(tmp_path, connection)
    again.add(wanted)
    assert list(again.ids()) == ids
    assert again._store.count() == len(ids)


def test_ids_in_order_are_told_apart() -> None:
    assert list(apart(["a", "b", "d", "e"], ["b", "c", "e"])) == ["a", "d"]
    assert list(apart([], ["a"])) == []
    assert list(apart(["a", "b"], [])) == ["a", "b"]
    assert list(batches("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
