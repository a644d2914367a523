"""Files of the user's own: what is wrong with one is said, with what to do, before anything is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from doc2data.errors import UsageError
from doc2data.recipes.given import read_given
from doc2data.settings import Settings

MODEL = {"spec": "some.gguf"}


def settings(recipe: str, **sections: Any) -> Settings:
    return Settings.model_validate({"generate": {"recipes": [recipe]}, "model": MODEL, **sections})


PRINCIPLES = settings("prefer", prefer={"by": ["principles"], "principles": "own.txt"})
LABELS = settings("classify", texts={"labels": "own.txt"})
FACTS = settings("extract", texts={"facts": "own.txt"})
SCHEMA = {"type": "array", "items": {"type": "object", "properties": {"part": {"type": "string"}}}}


@pytest.mark.parametrize(
    ("chosen", "text", "said"),
    [
        (PRINCIPLES, "", "is empty"),
        (PRINCIPLES, "# a comment\n\n", "is empty"),
        (PRINCIPLES, "x" * 500, "longer than"),
        (LABELS, "one\none\n", "has 1 labels"),
        (LABELS, "\n".join(map(str, range(300))), "has 300 labels"),
        (FACTS, "{", "is not JSON"),
        (FACTS, '{"type": "nothing"}', "is no JSON schema"),
        (FACTS, '{"type": "string"}', "names no properties"),
        (FACTS, "[]", "is no JSON schema"),
        (FACTS, json.dumps({"$ref": "#/$defs/x", "$defs": {}, **SCHEMA}), "$ref"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    chosen: Settings, text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_given(chosen, tmp_path)
    assert said in caught.value.message and "own.txt" in caught.value.message and caught.value.hint


@pytest.mark.parametrize("chosen", [PRINCIPLES, LABELS, FACTS])
def test_a_file_that_is_not_there_or_no_text(chosen: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"own\.txt"):
        read_given(chosen, tmp_path)
    (tmp_path / "own.txt").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UsageError, match="cannot read"):
        read_given(chosen, tmp_path)


@pytest.mark.parametrize(
    ("chosen", "key"),
    [(settings("prefer", prefer={"by": ["principles"]}), "prefer.principles"), (settings("classify"), "texts.labels")],
)
def test_a_file_that_is_needed_and_not_named(chosen: Settings, key: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=key):
        read_given(chosen, tmp_path)


def test_a_way_that_needs_a_model_says_so(tmp_path: Path) -> None:
    chosen = settings("prefer", prefer={"by": ["judge"]})
    read_given(chosen, tmp_path)
    by_rule = chosen.model_copy(update={"model": Settings().model})
    with pytest.raises(UsageError, match="needs a model"):
        read_given(by_rule, tmp_path)


def test_lines_are_read_once_each_without_comments(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("\ufeff# ours\n  safety  first \nsafety first\n\ncost\n", encoding="utf-8")
    assert read_given(LABELS, tmp_path).labels == ("safety first", "cost")


def test_files_of_recipes_that_are_not_chosen_are_not_read(tmp_path: Path) -> None:
    read_given(settings("qa", texts={"labels": "missing.txt", "facts": "missing.json"}), tmp_path)


def test_a_schema_that_the_model_cannot_be_held_to_is_refused_before_the_run(tmp_path: Path) -> None:
    """A server's replies are compared with it afterwards, and cells are taken as they are."""
    fact = {"type": "object", "properties": {"code": {"type": "string", "pattern": "(?=E)E-[0-9]{3}"}}}
    (tmp_path / "own.txt").write_text(json.dumps(fact), encoding="utf-8")
    facts = {"facts": "own.txt"}
    with pytest.raises(UsageError, match=r"texts\.facts.*cannot be guaranteed") as refusal:
        read_given(settings("extract", texts=facts, model={"spec": "tiny.gguf"}), tmp_path)
    assert "pattern" in refusal.value.hint
    for spec in ("rules", "http://localhost:8080/v1"):
        assert read_given(settings("extract", texts=facts, model={"spec": spec}), tmp_path).schema == fact
