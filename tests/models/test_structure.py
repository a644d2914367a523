"""Whatever is written along a compiled schema is valid under it, and what cannot be guaranteed is refused."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date, datetime, time
from ipaddress import IPv4Address
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AnyUrl, Field, TypeAdapter

from models.errors import SchemaUnsupported
from models.schema import validated
from models.structure import cursor
from models.structure.formats import FORMATS
from models.structure.pattern import Automaton
from models.structure.schema import compiled

Schema = dict[str, Any]


def _bounded(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda pair: (min(pair), max(pair)))


PATTERNS = (
    "^[A-Z]{2}-\\d{3,5}$",
    "^$",
    "yes|no|^maybe$",
    "^(?:\\w+\\s?)+$",
    "(a*)*b",
    '^[^"x-z\\\\]{2,4}"\\\\$',
    "^.{1,6}$",
    "^[äß水-氷]\\D\\W\\S[^\\d\\w]$",
    "^(1|2(3|4)?)+?\\.[^5]$",
    "\\n\\t?",
)
_LEAVES: st.SearchStrategy[Schema] = st.one_of(
    _bounded(0, 20).map(lambda b: {"type": "string", "minLength": b[0], "maxLength": b[1]}),
    _bounded(-2000, 2000).map(lambda b: {"type": "integer", "minimum": b[0], "maximum": b[1]}),
    _bounded(-50, 50).map(lambda b: {"type": "number", "minimum": b[0] / 7, "maximum": b[1] / 7 + 1e-5}),
    st.just({"type": "integer", "exclusiveMinimum": 3}),
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"const": "Größe"}, {"type": ["integer", "null"]}]),
    st.lists(st.text(max_size=6), min_size=1, max_size=5, unique=True).map(lambda values: {"enum": values}),
    st.sampled_from([{"type": "string", "pattern": pattern} for pattern in PATTERNS]),
    st.sampled_from([{"type": "string", "format": name} for name in FORMATS]),
    st.just({"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}),
)


def _nested(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    names = st.text('abcäß水"\\', min_size=1, max_size=4)
    objects = st.dictionaries(names, inner, max_size=4).map(
        lambda fields: {"type": "object", "properties": fields, "required": list(fields)}
    )
    arrays = st.tuples(inner, _bounded(0, 4)).map(
        lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1][0], "maxItems": pair[1][1]}
    )
    unions = st.lists(inner, min_size=1, max_size=3).map(lambda options: {"anyOf": options})
    return st.one_of(objects, arrays, unions)


SCHEMAS = st.recursive(_LEAVES, _nested, max_leaves=8)


def written(schema: str, seed: int) -> str:
    """A walk through the program that takes any byte that may come, and stops when it may."""
    chance = random.Random(seed)
    place, text = cursor.start(compiled(schema)), bytearray()
    while True:
        forced, place = cursor.forced(place)
        text += forced
        if cursor.may_end(place) and (cursor.finished(place) or chance.random() < 0.3):
            return text.decode()
        ways = [byte for byte in cursor.symbols(place) if cursor.step(place, byte)]
        byte = 0x22 if 0x22 in ways and chance.random() < 0.2 else chance.choice(ways)
        text.append(byte)
        place = cursor.step(place, byte)


@settings(max_examples=80, deadline=None)
@given(SCHEMAS, st.integers(0, 2**32))
def test_every_walk_is_valid(schema: Schema, seed: int) -> None:
    text = json.dumps(schema)
    validated(written(text, seed), text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_written_matches_its_pattern_and_what_matches_can_be_written(pattern: str) -> None:
    schema = json.dumps({"type": "string", "pattern": pattern})
    texts = [json.loads(written(schema, seed)) for seed in range(40)]
    assert all(re.search(pattern, text, re.ASCII) for text in texts)
    assert len(set(texts)) > (30 if pattern.startswith("^[A-Z]") else 0)


@settings(max_examples=200, deadline=None)
@given(st.from_regex("[a-cx-z\\^$]{0,3}[0-9]?", fullmatch=True), st.text('abcxyz^$0"\\\\', max_size=5))
def test_an_automaton_takes_what_a_regular_expression_takes(end: str, text: str) -> None:
    """Against `re`, for patterns with classes, repeats and branches over letters that JSON quotes too."""
    pattern = f'^(?:[a-c]{{1,2}}|x*[^y0]|(?:"|\\\\)+){re.escape(end)}$'
    automaton = Automaton(pattern)
    states = automaton.start
    for byte in json.dumps(text)[1:-1].encode():
        states = automaton.step(states, byte)
    assert automaton.matches(states) == bool(re.fullmatch(pattern, text))


_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])


@settings(max_examples=200, deadline=None)
@given(_CHARACTERS, _CHARACTERS, _CHARACTERS)
def test_ranges_hold_their_characters_in_any_number_of_bytes(one: str, other: str, text: str) -> None:
    low, high = sorted((one, other))
    automaton = Automaton(f"[{re.escape(low)}-{re.escape(high)}]")
    states = automaton.start
    for byte in json.dumps(text, ensure_ascii=False)[1:-1].encode():
        states = automaton.step(states, byte)
    assert automaton.matches(states) == (low <= text <= high)


def test_formats_are_what_they_are_called() -> None:
    readers: dict[str, Callable[[str], object]] = {
        "date": date.fromisoformat,
        "date-time": datetime.fromisoformat,
        "time": time.fromisoformat,
        "uuid": UUID,
        "ipv4": IPv4Address,
        "email": TypeAdapter(Annotated[str, Field(pattern="^[^@ ]+@[^@ ]+[.][^@ ]+$")]).validate_python,
        "hostname": lambda host: "x".join(host.split(".")).encode("ascii"),
        "uri": TypeAdapter(AnyUrl).validate_python,
    }
    assert readers.keys() == FORMATS.keys()
    for name, read in readers.items():
        for seed in range(60):
            read(json.loads(written(json.dumps({"type": "string", "format": name}), seed)))
    assert written('{"type":"string","format":"our own"}', 0)


def test_an_object_may_have_keys_of_the_models_choice() -> None:
    schema = json.dumps({"type": "object", "additionalProperties": {"type": "integer", "minimum": 5, "maximum": 6}})
    found = [json.loads(written(schema, seed)) for seed in range(30)]
    assert any(found) and {value for one in found for value in one.values()} == {5, 6}


def test_properties_come_in_the_order_of_required() -> None:
    """A canonical schema has its properties sorted by name; reasons must still come before verdicts."""
    number = {"type": "integer", "minimum": 1, "maximum": 1}
    schema = {"type": "object", "properties": {"a": number, "b": number, "c": number}, "required": ["c", "a"]}
    assert written(json.dumps(schema), 0) == '{"c":1,"a":1,"b":1}'


def test_what_is_certain_is_not_asked() -> None:
    schema = {"type": "object", "properties": {"kind": {"enum": ["mild", "yes"]}}, "required": ["kind"]}
    opening, place = cursor.forced(cursor.start(compiled(json.dumps(schema))))
    assert opening == b'{"kind":"'
    rest, place = cursor.forced(cursor.step(place, ord("m")))
    assert rest == b'ild"}'
    assert cursor.finished(place)


def test_references_are_followed() -> None:
    schema = {"$defs": {"Few": {"type": "integer", "minimum": 7, "maximum": 7}}, "$ref": "#/$defs/Few"}
    assert written(json.dumps(schema), 0) == "7"


@pytest.mark.parametrize("escape", [b"\\u0000", b"\\ud800", b"\\b", b"\x01", b"\xff", b"\xc0\x80", b"\xed\xa0\x80"])
def test_text_that_cannot_be_stored_is_not_written(escape: bytes) -> None:
    place = cursor.start(compiled('{"type":"string"}'))
    for byte in b'"' + escape:
        place = cursor.step(place, byte)
    assert place == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "(a)\\1"},
        {"type": "string", "pattern": "(?=a)b"},
        {"type": "string", "pattern": "a^b"},
        {"type": "string", "pattern": "\\bword"},
        {"type": "string", "pattern": "(?i)a"},
        {"type": "string", "pattern": "(a"},
        {"type": "string", "pattern": "((a{1,999}){1,999}){1,999}"},
        {"type": "string", "pattern": "a", "maxLength": 3},
        {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
        {"type": "array"},
        {"type": "integer", "multipleOf": 3},
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"type": "number", "minimum": 1 / 7, "maximum": 1 / 7},
        {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "string"}},
        {"not": {"type": "string"}},
        {"allOf": [{"type": "string"}, {"type": "string"}]},
        {"enum": []},
        {},
        {"$ref": "#/$defs/Missing"},
        {"$defs": {"Tree": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}, "$ref": "#/$defs/Tree"},
    ],
)
def test_what_cannot_be_guaranteed_is_refused(schema: Schema) -> None:
    with pytest.raises(SchemaUnsupported) as refusal:
        compiled(json.dumps(schema))
    assert refusal.value.hint
