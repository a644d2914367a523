"""Datasets in: what was exported comes back, what others wrote is understood, what is broken is named."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc2data.errors import UsageError
from doc2data.export import FORMATS, export_to_stream, read_dataset, write_export
from doc2data.records import Evidence, Judged, RecipeRef, Sample, Step, Verdict, to_canonical
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, make

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
# A step is one line of reasoning, and a thought that holds the tag which would end it is refused, not written.
STEP = TEXT.filter(lambda text: len(text.split("\n")) == 1 and "</think>" not in text and text.strip())
ANSWER = TEXT.filter(lambda text: not text.lstrip().startswith("<think>"))


@st.composite
def judged_samples(draw: st.DrawFn) -> Judged:
    """A dialogue of any texts, with or without system message and reasoning."""
    pairs = draw(st.lists(st.tuples(TEXT, ANSWER), min_size=1, max_size=3))
    turns = [turn for user, answer in pairs for turn in (("user", user), ("assistant", answer))]
    if draw(st.booleans()):
        turns.insert(0, ("system", draw(TEXT)))
    steps = tuple(Step(text) for text in draw(st.lists(STEP, max_size=3)))
    return make("qa", turns, (), steps=steps)


def written(judged: Iterable[Judged], name: str, options: ExportSettings, folder: Path) -> Path:
    path = folder / "rows.jsonl"
    with path.open("wb") as stream:
        export_to_stream(judged, name, stream, options)
    return path


def samples_in(path: Path) -> dict[str, Judged]:
    return {row.judged.sample.id: row.judged for row in read_dataset(path) if row.judged}


def conversation(sample: Sample) -> tuple[object, ...]:
    return sample.messages, "\n".join(step.text for step in sample.reasoning)


CONVERSATIONS = [n for n, f in FORMATS.items() if f.keeps == "conversation" and f.layout == "rows"]


@pytest.mark.parametrize("think_tags", [True, False])
@pytest.mark.parametrize("name", CONVERSATIONS)
@settings(max_examples=30)
@given(samples=st.lists(judged_samples(), min_size=1, max_size=4))
def test_conversations_come_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, think_tags: bool, samples: list[Judged]
) -> None:
    path = written(samples, name, ExportSettings(think_tags=think_tags), tmp_path_factory.mktemp("rows"))
    back = [row.judged for row in read_dataset(path)]
    assert [conversation(item.sample) for item in back if item] == [conversation(item.sample) for item in samples]


@pytest.mark.parametrize("name", ["llama-factory", "axolotl"])
def test_trainer_folders_come_back(name: str, corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, [name], ExportSettings(train=1, validation=0))
    back = [row.judged.sample for row in read_dataset(tmp_path / name / "train.jsonl") if row.judged]
    accepted = [item.sample for item in corpus.judged if item.status == "accepted"]
    assert sorted(map(repr, map(conversation, back))) == sorted(map(repr, map(conversation, accepted)))


@st.composite
def whole_samples(draw: st.DrawFn) -> Judged:
    """A sample with everything that the canonical form can say."""
    judged = draw(judged_samples())
    places = st.builds(
        Evidence,
        document=TEXT,
        title=TEXT,
        page=st.none() | st.integers(1, 999),
        section=st.lists(TEXT, max_size=3).map(tuple),
        start=st.integers(0, 10**6),
        end=st.integers(0, 10**6),
        quote=TEXT,
    )
    indices = st.lists(st.integers(0, 3), max_size=3).map(tuple)
    params = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers(-9, 9) | TEXT | st.lists(TEXT, max_size=2))
    names = TEXT.filter(lambda name: name != "review")  # a person decides once: the verdict below
    verdicts = st.builds(Verdict, check=names, passed=st.booleans(), score=st.floats(0, 1), reason=TEXT)
    sample = replace(
        judged.sample,
        evidence=draw(st.lists(places, max_size=3).map(tuple)),
        reasoning=draw(st.lists(st.builds(Step, text=TEXT, clues=indices), max_size=3).map(tuple)),
        turns=draw(st.lists(indices, max_size=3).map(tuple)),
        recipe=RecipeRef(draw(TEXT), draw(st.integers(1, 9)), draw(params)),
        parent=draw(st.none() | TEXT),
        clues=draw(st.lists(TEXT, max_size=3).map(tuple)),
    )
    return Judged(sample, (*draw(st.lists(verdicts, max_size=3)), Verdict("review", passed=True, score=1.0, reason="")))


@settings(max_examples=60)
@given(samples=st.lists(whole_samples(), min_size=1, max_size=4))
def test_canonical_samples_come_back_whole(tmp_path_factory: pytest.TempPathFactory, samples: list[Judged]) -> None:
    path = written(samples, "jsonl", ExportSettings(), tmp_path_factory.mktemp("rows"))
    assert [row.judged for row in read_dataset(path)] == samples


def test_the_archive_comes_back_whole(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["jsonl"], ExportSettings(train=1, validation=0))
    for status, file in (("accepted", "samples.jsonl"), ("rejected", "rejected.jsonl")):
        back = [row.judged for row in read_dataset(tmp_path / file)]
        expected = [item for item in corpus.judged if item.status == status]
        assert len(back) == len(expected)
        assert {item.sample.id: item for item in back if item} == {item.sample.id: item for item in expected}
    assert samples_in(tmp_path / "jsonl" / "train.jsonl") == samples_in(tmp_path / "samples.jsonl")


FOREIGN = {
    "alpaca": {"instruction": "Translate.", "input": "Haus", "output": "house"},
    "sharegpt": {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]},
    "messages": {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]},
    "trl": {"prompt": "Hi", "completion": "Hello"},
}


@pytest.mark.parametrize("shape", FOREIGN)
def test_rows_of_others_are_told_by_their_keys(shape: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(FOREIGN[shape]) + "\n", encoding="utf-8")
    [row] = read_dataset(path)
    assert row.shape == shape
    assert row.judged is not None
    assert row.judged.sample.question in {"Hi", "Translate.\nHaus"}
    assert row.judged.sample.evidence == ()


EVIDENCE: dict[str, object] = {
    "document": "d",
    "title": "d",
    "page": None,
    "section": [],
    "start": 0,
    "end": 1,
    "quote": "x",
}


def canonical(**changed: object) -> str:
    """A row in our own form with some fields replaced."""
    return json.dumps(to_canonical(make("qa", [("user", "a"), ("assistant", "b")], ())) | changed)


BROKEN = {
    "{not json": "damaged",
    '"just text"': "not an object",
    '{"color": "red"}': "color",
    '{"messages": []}': "end with an answer",
    '{"messages": [{"role": "user"}]}': "no 'content'",
    '{"messages": [{"role": "wizard", "content": "x"}]}': "wizard",
    '{"messages": [{"role": "user", "content": ["a", "b"]}]}': "list",
    '{"messages": 7}': "damaged",
    '{"instruction": "x", "output": null}': "NoneType",
    '{"conversations": [7]}': "damaged",
    '{"messages": [], "made_by": {}, "evidence": []}': "no 'id'",
    "[" * 100_000: "damaged",
    '{"question": "a", "answer": "\\ud800"}': "half of a letter",
    '{"\\ud800": 1}': "half of a letter",
    canonical(verdicts=[{"check": "a", "passed": True, "score": float("nan"), "reason": ""}]): "damaged",
    '{"question": "a", "answer": "b", "score": 1e999}': "damaged",
    canonical(id=7): "id: Input should be a valid string",
    canonical(evidence=[{**EVIDENCE, "start": "0"}]): "evidence.0.start: Input should be a valid integer",
    canonical(evidence=[{**EVIDENCE, "quote": None}]): "evidence.0.quote: Input should be a valid string",
    canonical(recipe={"name": "x", "version": 1, "params": 7}): "recipe.params",
    canonical(messages="Hi"): "damaged",
    canonical(verdicts=[{"check": "a", "passed": "yes", "score": 1, "reason": ""}]): "0.passed",
    canonical(made_by={"engine": "x"}): "damaged",
}


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_row_is_named_and_the_rest_is_read(line: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([json.dumps(FOREIGN["trl"]), line, "", json.dumps(FOREIGN["alpaca"])]), encoding="utf-8")
    first, broken, last = read_dataset(path)
    assert (first.problem, last.problem) == ("", "")
    assert (broken.number, broken.judged) == (2, None)
    assert BROKEN[line] in broken.problem


def test_arrays_and_packed_files_are_read(tmp_path: Path) -> None:
    array, packed = tmp_path / "rows.json", tmp_path / "rows.jsonl.gz"
    array.write_text(json.dumps([FOREIGN["trl"], FOREIGN["alpaca"]], indent=1), encoding="utf-8-sig")
    packed.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in FOREIGN.values()).encode()))
    assert [row.shape for row in read_dataset(array)] == ["trl", "alpaca"]
    assert [row.shape for row in read_dataset(packed)] == list(FOREIGN)


@given(samples=st.lists(judged_samples(), min_size=1, max_size=4, unique_by=lambda made: made.sample.id))
@settings(max_examples=30)
def test_a_table_for_people_gives_its_questions_and_answers_back(
    tmp_path_factory: pytest.TempPathFactory, samples: list[Judged]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    write_export(lambda: iter(samples), folder, ["csv"], ExportSettings(train=1, validation=0))
    back = [row.judged.sample for row in read_dataset(folder / "csv" / "train.csv") if row.judged]
    expected = [(item.sample.question, item.sample.answer) for item in samples]
    assert sorted((sample.question, sample.answer) for sample in back) == sorted(expected)


def test_an_export_as_parquet_and_csv_comes_back_as_conversations(corpus: Corpus, tmp_path: Path) -> None:
    write_export(corpus.samples, tmp_path, ["parquet", "csv"], ExportSettings(train=1, validation=0))
    accepted = [item.sample for item in corpus.judged if item.status == "accepted" and item.sample.rejected is None]
    files = [*(tmp_path / "parquet").glob("*/*.parquet")]
    for paths in (files, [tmp_path / "csv" / "train.csv"]):
        back = [row.judged.sample for path in paths for row in read_dataset(path) if row.judged]
        assert sorted(map(repr, map(conversation, back))) == sorted(map(repr, map(conversation, accepted)))


def test_a_row_of_a_table_with_a_cell_too_many_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("question;answer\nWhat is it?;A pump.\na;b;c\n\nd\n", encoding="utf-8")
    good, long, short = read_dataset(path)
    assert good.judged is not None and good.judged.sample.answer == "A pump."
    assert "3 cells" in long.problem
    assert "no 'answer'" in short.problem or "keys" in short.problem
    assert [good.number, long.number, short.number] == [1, 2, 3]


def test_half_a_letter_in_an_array_costs_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([FOREIGN["trl"], {"question": "a", "answer": "\ud800"}]), encoding="utf-8")
    assert ["half of a letter" in row.problem for row in read_dataset(path)] == [False, True]


@pytest.mark.parametrize(
    "content",
    [b"[1, 2", b"[" * 100_000, b"\x1f\x8b nonsense", b"\x28\xb5\x2f\xfd nonsense", b"PAR1 nonsense", b"\xff,\xfe\n"],
)
def test_a_file_that_cannot_be_read_is_an_error_with_a_hint(content: bytes, tmp_path: Path) -> None:
    names = {91: "rows.json", 31: "rows.jsonl.gz", 40: "rows.jsonl.zst", 80: "rows.parquet", 255: "rows.csv"}
    path = tmp_path / names[content[0]]
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        list(read_dataset(path))
    assert path.name in caught.value.message
    assert caught.value.hint


def test_a_dialogue_goes_out_again_in_another_shape(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(FOREIGN["sharegpt"]), encoding="utf-8")
    stream = io.BytesIO()
    judged = [row.judged for row in read_dataset(path) if row.judged]
    export_to_stream(judged, "messages", stream, ExportSettings())
    assert json.loads(stream.getvalue()) == FOREIGN["messages"]
