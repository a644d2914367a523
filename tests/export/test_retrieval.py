"""Sets for retrieval: positives hold the evidence, negatives cannot answer, every id resolves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doc2data.export import ExportSources, write_export
from doc2data.export.corpus import PassageCorpus, may_answer
from doc2data.records import Evidence, Passage, Sample
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, make

ALL_TRAIN = ExportSettings(train=1, validation=0, negatives=2, distractors=3)


def passage(text: str, start: int = 1000, document: str = "other.pdf") -> Passage:
    return Passage(f"{document}{start}", document, "c", (), None, start, start + len(text), text)


def asked(question: str, answer: str, quote: str = "The evidence, word for word.") -> Sample:
    found = Evidence("manual.pdf", "Manual", 1, (), 100, 100 + len(quote), quote)
    return make("qa", [("user", question), ("assistant", answer)], (found,)).sample


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        ("How hot may it get?", "At most 85 °C.", "Never let it exceed 85 °C in use."),
        ("Which code does the pump have?", "PMP-117.", "Order the pump as pmp-117 from stock."),
        ("What does it do?", "It filters sediment.", "A part that filters coarse sediment and sand."),
        ("额定压力是多少？", "额定压力为12巴。", "该阀的压力不得超过12巴。"),
        ("What is said?", "Something else.", "Before. The evidence, WORD for word. After."),
        ("Is it safe?", "Yes", "Yes, according to the notes."),
    ],
)
def test_a_passage_that_could_answer_is_no_negative(question: str, answer: str, text: str) -> None:
    assert may_answer(passage(text), asked(question, answer))


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        ("How hot may it get?", "At most 85 °C.", "Keep it at 40 °C or 90 °F."),
        ("Which code does the pump have?", "PMP-117.", "The valve is VLV-204."),
        ("What does it do?", "It filters sediment.", "The display shows the date."),
        ("额定压力是多少？", "额定压力为12巴。", "该阀的额定压力为16巴。"),
    ],
)
def test_a_passage_about_something_else_is_a_negative(question: str, answer: str, text: str) -> None:
    assert not may_answer(passage(text), asked(question, answer))


def test_a_passage_that_overlaps_the_evidence_is_no_negative() -> None:
    sample = asked("Why?", "Because.")
    assert may_answer(passage("anything", 110, "manual.pdf"), sample)
    assert not may_answer(passage("anything", 500, "manual.pdf"), sample)


def test_evidence_is_found_in_the_passage_that_holds_it_whole() -> None:
    text = "x" * 40
    passages = [passage(text, start, "manual.pdf") for start in (80, 100, 120, 160)]
    corpus = PassageCorpus(ExportSources(passages=lambda: iter(passages)))
    whole = asked("?", "!", "x" * 20)
    assert [p.start for p in corpus.positives(whole)] == [80]
    across = replace(whole, evidence=(replace(whole.evidence[0], start=110, end=170),))
    assert [p.start for p in corpus.positives(across)] == [80, 100, 120, 160]


def test_a_quote_outside_every_passage_stands_for_itself() -> None:
    sample = asked("?", "!")
    [alone] = PassageCorpus(ExportSources()).positives(sample)
    assert alone.text == sample.evidence[0].quote
    assert alone.id == PassageCorpus(ExportSources()).positives(sample)[0].id


def test_no_negative_of_the_export_holds_its_answer(corpus: Corpus, sources: ExportSources, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["retriever-triplets"], ALL_TRAIN, sources)
    by_question = {item.sample.question: item.sample for item in corpus.judged}
    passages = {p.text: p for p in corpus.passages()}
    found = rows(tmp_path / "retriever-triplets" / "train.jsonl")
    assert len(found) > 20
    for row in found:
        assert list(row) == ["anchor", "positive", "negative_1", "negative_2"]
        sample = by_question[row["anchor"]]
        assert any(e.quote in row["positive"] for e in sample.evidence)
        assert not any(may_answer(passages[row[name]], sample) for name in ("negative_1", "negative_2"))


def test_raft_withholds_the_right_passage_in_the_share_asked_for(
    corpus: Corpus, sources: ExportSources, tmp_path: Path
) -> None:
    shown = {}
    for share in (0.0, 0.5, 1.0):
        folder = tmp_path / str(share)
        write_export(corpus.samples, folder, ["raft"], ALL_TRAIN.model_copy(update={"oracle_share": share}), sources)
        found = rows(folder / "raft" / "train.jsonl")
        shown[share] = sum(row["oracle_context"].split("\n")[0] in row["context"]["sentences"][0] for row in found)
        assert all(text in row["instruction"] for row in found for text in row["context"]["sentences"][0])
    assert shown[0.0] == 0
    assert 0.2 * shown[1.0] < shown[0.5] < 0.8 * shown[1.0]
    assert shown[1.0] == len(found)


@pytest.mark.parametrize("indexed", [True, False])
def test_every_id_of_beir_resolves(indexed: bool, corpus: Corpus, sources: ExportSources, tmp_path: Path) -> None:
    settings = ExportSettings(split_by="clue", train=0.6, validation=0.2)
    write_export(corpus.samples, tmp_path, ["beir"], settings, sources if indexed else None)
    texts = {row["_id"]: row["text"] for row in rows(tmp_path / "beir" / "corpus.jsonl")}
    queries = {row["_id"] for row in rows(tmp_path / "beir" / "queries.jsonl")}
    by_id = {item.sample.id: item.sample for item in corpus.judged}
    judged = set()
    for split in ("train", "dev", "test"):
        header, *lines = (tmp_path / "beir" / "qrels" / f"{split}.tsv").read_text().splitlines()
        assert header == "query-id\tcorpus-id\tscore"
        for query, document, score in (line.split("\t") for line in lines):
            assert score == "1"
            assert any(e.quote in texts[document] for e in by_id[query].evidence)
            judged.add(query)
    assert judged == queries


@pytest.mark.parametrize("name", ["retriever-triplets", "raft"])
def test_without_an_index_the_result_says_why_nothing_came(name: str, corpus: Corpus, tmp_path: Path) -> None:
    result = write_export(corpus.samples, tmp_path, [name], ALL_TRAIN)
    assert sum(result.formats[name].rows.values()) == 0
    assert any("index, which is not at hand" in warning for warning in result.warnings)
