"""What users give in files of their own: principles, labels, a schema of facts. Read before anything else is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doc2data.errors import UsageError
from doc2data.settings import Settings

LONGEST_LINE = 400
"""Characters of a principle."""
LONGEST_LABEL = 60
MOST_LABELS = 200
LONGEST_EXAMPLE = 600
_PAIRS = (("question", "answer"), ("instruction", "output"))
_SHAPE = 'One row a line: {"question": "...", "answer": "..."}'
RULES = ("", "rules")
_BY_RULE = "corruption"


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its answer as the user would have them."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was read; empty where no recipe of the run asks for it."""

    principles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    schema: Mapping[str, Any] = field(default_factory=dict)
    """A JSON schema of an object, or of an array of objects."""
    examples: tuple[Example, ...] = ()
    """Pairs that show the recipe qa what kind and tone are wanted."""


def read_given(settings: Settings, folder: Path) -> Given:
    """Read the files that the chosen recipes ask for.

    Args:
        settings: which recipes, and their files.
        folder: the project's; paths of files start there.

    Raises:
        UsageError: a file is missing, empty or broken, or a recipe needs a model where rules write.
    """
    chosen = settings.generate.recipes
    principles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    schema: Mapping[str, Any] = {}
    if "prefer" in chosen:
        _need_model([way for way in settings.prefer.by if way != _BY_RULE], settings)
        if "principles" in settings.prefer.by:
            principles = _lines("prefer.principles", settings.prefer.principles, folder, LONGEST_LINE)
    if "classify" in chosen:
        labels = _labels(settings.texts.labels, folder)
    if "extract" in chosen and settings.texts.facts:
        schema = _schema(settings.texts.facts, folder, settings.model.spec)
    examples = _examples(settings.qa.examples, folder) if settings.qa.examples and "qa" in chosen else ()
    return Given(principles, labels, schema, examples)


def _examples(path: str, folder: Path) -> tuple[Example, ...]:
    """The rows of a JSON Lines file with `question` and `answer`, or `instruction` and `output`."""
    found = []
    for number, line in enumerate(_text("qa.examples", path, folder).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UsageError(f"qa.examples: line {number} of {path!r} is not JSON: {error}.", _SHAPE) from error
        pair = next((p for p in _PAIRS if isinstance(row, dict) and all(isinstance(row.get(k), str) for k in p)), None)
        if pair is None or not all(row[key].strip() for key in pair):
            raise UsageError(f"qa.examples: line {number} of {path!r} has no question and answer.", _SHAPE)
        found.append(Example(*(" ".join(row[key].split())[:LONGEST_EXAMPLE] for key in pair)))
    if not found:
        raise UsageError(f"qa.examples: {path!r} is empty.", _SHAPE)
    return tuple(found)


def _need_model(ways: list[str], settings: Settings) -> None:
    if ways and settings.model.spec in RULES:
        raise UsageError(f"prefer.by = {ways[0]!r} needs a model.", "Name one with --model, or leave it out.")


def _labels(path: str, folder: Path) -> tuple[str, ...]:
    labels = _lines("texts.labels", path, folder, LONGEST_LABEL)
    if not 2 <= len(labels) <= MOST_LABELS:
        raise UsageError(
            f"texts.labels: {path!r} has {len(labels)} labels.", f"Give 2 to {MOST_LABELS} different ones, one a line."
        )
    return labels


def _lines(key: str, path: str, folder: Path, longest: int) -> tuple[str, ...]:
    """The lines of a file without blanks at their ends, each once; those that begin with # are comments."""
    lines = [" ".join(line.split()) for line in _text(key, path, folder).splitlines()]
    found = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not found:
        raise UsageError(f"{key}: {path!r} is empty.", "Write one a line.")
    long = next((line for line in found if len(line) > longest), None)
    if long is not None:
        raise UsageError(f"{key}: a line of {path!r} is longer than {longest} characters: {long[:40]!r}...", "Cut it.")
    return found


def _schema(path: str, folder: Path, spec: str) -> Mapping[str, Any]:
    from jsonschema import Draft202012Validator, SchemaError

    from models import SchemaUnsupported, canonical, check_schema

    try:
        schema = json.loads(_text("texts.facts", path, folder))
        Draft202012Validator.check_schema(schema)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"texts.facts: {path!r} is not JSON: {error}.", "Give a JSON schema.") from error
    except SchemaError as error:
        raise UsageError(f"texts.facts: {path!r} is no JSON schema: {error.message}.", "Correct it.") from error
    if "$ref" in json.dumps(schema):
        raise UsageError(f"texts.facts: {path!r} uses $ref.", "Write what it points at in its place.")
    if not isinstance(schema, dict) or not _properties(schema):
        raise UsageError(
            f"texts.facts: {path!r} names no properties.", "Give the schema of an object, or of an array of objects."
        )
    try:
        if spec not in RULES:
            check_schema(canonical(schema), spec)
    except SchemaUnsupported as error:
        raise UsageError(f"texts.facts: {path!r}: {error.message}", error.hint) from error
    return schema


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of the object that a schema describes, or of the objects in its array."""
    items = schema.get("items") if schema.get("type") == "array" else schema
    found = items.get("properties") if isinstance(items, dict) else None
    return found if isinstance(found, dict) else {}


def _text(key: str, path: str, folder: Path) -> str:
    if not path:
        raise UsageError(f"{key} names no file.", f"Set it: --set {key}=FILE, or in doc2data.toml.")
    try:
        return (folder / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{key}: cannot read {path!r}: {error}.", "Give a text file in UTF-8.") from error
