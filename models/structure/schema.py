"""JSON schema to program. What cannot be guaranteed is refused: a constraint that is quietly dropped is none.

Objects are written without spaces, every property once, in the order of `required` (a canonical schema has lost the
order of `properties`), optional ones after. Minified JSON costs the fewest tokens and leaves no space between a key
and its number for tokenisers to disagree about.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from models.errors import SchemaUnsupported
from models.structure.formats import FORMATS
from models.structure.nodes import Choice, Items, Literal, Node, Number, Pattern, Program, Text
from models.structure.pattern import Automaton

_UNBOUNDED_TEXT = 100_000
_UNBOUNDED_ITEMS = 64
_KEY = 64
"""Characters of a key that the model chooses."""
_DECIMALS = 6
_LARGEST = 10**15 - 1
# Words that describe and do not constrain.
_REMARKS = frozenset(
    {"title", "description", "default", "examples", "$defs", "$schema", "$id", "$comment", "deprecated"}
)
_Schema = Mapping[str, Any]


@lru_cache(maxsize=512)
def compiled(schema: str) -> Program:
    """Compile a JSON schema, given as JSON text.

    Raises:
        SchemaUnsupported: it says something that cannot be guaranteed here.
    """
    root = json.loads(schema)
    return _merged(_Compiler(root.get("$defs", {})).program(root))


class _Compiler:
    """Turns schemas into programs; knows the definitions, and which of them is being compiled."""

    def __init__(self, definitions: _Schema) -> None:
        self._definitions = definitions
        self._open: list[str] = []
        self._kinds: dict[str, Callable[[_Schema], Program]] = {
            "object": self._object,
            "array": self._array,
            "string": _text,
            "integer": lambda schema: _number(schema, 0),
            "number": lambda schema: _number(schema, _DECIMALS),
            "boolean": lambda schema: _options(schema, [True, False]),
            "null": lambda schema: _options(schema, [None]),
        }

    def program(self, schema: _Schema) -> Program:
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        if "const" in schema:
            return _options(schema, [schema["const"]])
        if "enum" in schema:
            return _options(schema, schema["enum"])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return self._any(word, schema)
        kind = schema.get("type")
        if isinstance(kind, list):
            return (Choice(tuple(self.program({**schema, "type": one}) for one in kind)),)
        if kind not in self._kinds:
            raise SchemaUnsupported(f"The schema has a part without a known type: {json.dumps(schema)[:120]}")
        return self._kinds[kind](schema)

    def _reference(self, reference: str) -> Program:
        name = reference.removeprefix("#/$defs/")
        if name not in self._definitions:
            raise SchemaUnsupported(f"The schema refers to {reference!r}, which it does not define.")
        if name in self._open:
            raise SchemaUnsupported(f"The schema refers to itself through {name!r}.")
        self._open.append(name)
        program = self.program(self._definitions[name])
        self._open.pop()
        return program

    def _any(self, word: str, schema: _Schema) -> Program:
        _only(schema, word)
        options = schema[word]
        if word == "allOf" and len(options) > 1:
            raise SchemaUnsupported("The schema has an `allOf` of several parts.")
        return (Choice(tuple(self.program(option) for option in options)),)

    def _object(self, schema: _Schema) -> Program:
        _only(schema, "type", "properties", "required", "additionalProperties")
        properties = schema.get("properties", {})
        if isinstance(schema.get("additionalProperties"), dict):
            return self._map(schema, properties)
        required = [name for name in schema.get("required", []) if name in properties]
        parts: list[Node] = [Literal(b"{")]
        for index, name in enumerate([*required, *(name for name in properties if name not in required)]):
            comma = "," if index else ""
            parts.append(Literal(f"{comma}{_json(name)}:".encode()))
            parts.extend(self.program(properties[name]))
        return (*parts, Literal(b"}"))

    def _map(self, schema: _Schema, properties: _Schema) -> Program:
        """An object whose keys the model chooses."""
        if properties:
            raise SchemaUnsupported("The schema has an object with some keys given and others of the model's choice.")
        item = (Literal(b'"'), Text(1, _KEY), Literal(b":"), *self.program(schema["additionalProperties"]))
        return (Literal(b"{"), Items(item, 0, _UNBOUNDED_ITEMS, b"}"))

    def _array(self, schema: _Schema) -> Program:
        _only(schema, "type", "items", "prefixItems", "minItems", "maxItems")
        if "prefixItems" in schema:
            return self._tuple(schema)
        if not isinstance(schema.get("items"), dict):
            raise SchemaUnsupported("The schema has an array that does not say what is in it.")
        least = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", max(least, _UNBOUNDED_ITEMS)))
        _ordered(least, most, "items")
        if most == 0:
            return (Literal(b"[]"),)
        return (Literal(b"["), Items(self.program(schema["items"]), least, most))

    def _tuple(self, schema: _Schema) -> Program:
        parts: list[Node] = []
        for index, item in enumerate(schema["prefixItems"]):
            parts.append(Literal(b"," if index else b"["))
            parts.extend(self.program(item))
        return (*parts, Literal(b"]"))


def _text(schema: _Schema) -> Program:
    if "pattern" in schema:
        _only(schema, "type", "pattern")
        return (Literal(b'"'), Pattern(Automaton(schema["pattern"])))
    if schema.get("format") in FORMATS:
        _only(schema, "type", "format")
        return (Literal(b'"'), Pattern(Automaton(FORMATS[schema["format"]])))
    _only(schema, "type", "minLength", "maxLength", "format")
    least = int(schema.get("minLength", 0))
    most = int(schema.get("maxLength", max(least, _UNBOUNDED_TEXT)))
    _ordered(least, most, "characters")
    return (Literal(b'"'), Text(least, most))


def _number(schema: _Schema, decimals: int) -> Program:
    """A number whose bounds are rounded inwards to its last decimal."""
    _only(schema, "type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    unit = 10**decimals
    low = math.ceil(_exact(schema.get("minimum", -_LARGEST)) * unit)
    high = math.floor(_exact(schema.get("maximum", _LARGEST)) * unit)
    if "exclusiveMinimum" in schema:
        low = max(low, math.floor(_exact(schema["exclusiveMinimum"]) * unit) + 1)
    if "exclusiveMaximum" in schema:
        high = min(high, math.ceil(_exact(schema["exclusiveMaximum"]) * unit) - 1)
    _ordered(low / unit, high / unit, "in value")
    return (Number(low, high, decimals),)


def _exact(bound: float) -> Fraction:
    # By its digits: 0.7 is meant, not the nearest binary number.
    return min(max(Fraction(str(bound)), Fraction(-_LARGEST)), Fraction(_LARGEST))


def _options(schema: _Schema, values: list[Any]) -> Program:
    _only(schema, "type", "const", "enum")
    if not values:
        raise SchemaUnsupported("The schema has an empty `enum`.")
    literals = [Literal(_json(value).encode()) for value in values]
    return (literals[0],) if len(literals) == 1 else (Choice(tuple((literal,) for literal in literals)),)


def _only(schema: _Schema, *known: str) -> None:
    """Refuse words that would have to be ignored."""
    unknown = sorted(set(schema) - _REMARKS - set(known))
    if unknown:
        raise SchemaUnsupported(f"The schema says {unknown[0]!r}, which cannot be guaranteed while writing.")


def _ordered(low: float, high: float, what: str) -> None:
    if low > high:
        raise SchemaUnsupported(f"The schema asks for at least {low} and at most {high} {what}.")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _merged(program: Program) -> Program:
    """Neighbouring literals as one."""
    merged: list[Node] = []
    for node in program:
        last = merged[-1] if merged else None
        if isinstance(node, Literal) and isinstance(last, Literal):
            merged[-1] = Literal(last.text + node.text)
        elif isinstance(node, Choice):
            merged.append(Choice(tuple(_merged(option) for option in node.options)))
        elif isinstance(node, Items):
            merged.append(Items(_merged(node.item), node.least, node.most, node.close))
        else:
            merged.append(node)
    return tuple(merged)
