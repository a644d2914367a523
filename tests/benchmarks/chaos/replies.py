"""A model that fills any schema from the request alone: the same request, the same reply, in any process."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from models import ModelError, Request, ScriptedEngine
from models.cached import reply_key
from models.engine import ModelInfo, Reply
from models.schema import validated
from tests.pipeline.test_models import writer


class CountingEngine(ScriptedEngine):
    """Answers by `reply`, and notes every question that reaches it in a file that outlives the process."""

    def __init__(self, ledger: Path) -> None:
        super().__init__(reply, ModelInfo("scripted", "chaos", "0" * 64))
        self._ledger = ledger

    async def complete(self, request: Request) -> Reply:
        handle = os.open(self._ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{reply_key(self.info, request)}\n".encode())
        os.close(handle)
        return await super().complete(request)


def reply(request: Request) -> str:
    """A reply that satisfies the request's schema: a sensible one to the simple tasks, else sentences of the prompt."""
    with suppress(AssertionError, KeyError, StopIteration, ModelError):
        return validated(writer(request), request.schema)
    schema = json.loads(request.schema)
    chance = random.Random(hashlib.sha256(request.key.encode()).digest())
    lines = re.findall(r"^\[\d+\] (.+)$", request.messages[-1].content, re.MULTILINE) or ["The pump is described."]
    return json.dumps(_value(schema, schema, chance, lines), ensure_ascii=False)


def _value(schema: dict[str, Any], root: dict[str, Any], chance: random.Random, lines: list[str]) -> Any:
    if "$ref" in schema:
        return _value(root["$defs"][schema["$ref"].rpartition("/")[2]], root, chance, lines)
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], root, chance, lines)
    if "const" in schema or "enum" in schema:
        return schema.get("const", chance.choice(schema.get("enum", [None])))
    if schema["type"] == "object":
        return {name: _value(part, root, chance, lines) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return _list(schema, root, chance, lines)
    return _scalar(schema, chance, lines)


def _scalar(schema: dict[str, Any], chance: random.Random, lines: list[str]) -> Any:
    match schema["type"]:
        case "integer":
            return chance.randint(schema.get("minimum", 0), schema.get("maximum", schema.get("minimum", 0) + 3))
        case "number":
            return float(schema.get("minimum", 0))
        case "boolean":
            return chance.random() < 0.9
        case "string":
            return _text(schema, chance, lines)
        case _:
            return None


def _list(schema: dict[str, Any], root: dict[str, Any], chance: random.Random, lines: list[str]) -> list[Any]:
    least = schema.get("minItems", 0)
    count = max(least, min(schema.get("maxItems", least + 1), least + chance.randint(0, 1)))
    if "prefixItems" in schema:
        return [_value(part, root, chance, lines) for part in schema["prefixItems"]]
    return [_value(schema["items"], root, chance, lines) for _ in range(count)]


def _text(schema: dict[str, Any], chance: random.Random, lines: list[str]) -> str:
    text = chance.choice(lines)
    if chance.random() < 0.5:
        text = f"What does the Corvan manual say of “{' '.join(text.split()[:6])}”?"
    least, most = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    return (text + " and so on" * (least // 10 + 1 if len(text) < least else 0))[:most].strip() or "x" * least
