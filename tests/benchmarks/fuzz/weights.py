"""Doors of models: the header of a GGUF, its chat template, and what a server answers."""

from __future__ import annotations

import asyncio
import json
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx

from models import EngineOptions, Message, Request
from models.gguf_header import read_header
from models.llama.template import ChatTemplate
from models.llama.vocabulary import Vocabulary
from models.schema import validated
from models.server import ServerEngine
from tests import tiny_gguf
from tests.benchmarks.fuzz.doors import Room, put
from tests.benchmarks.fuzz.mutations import spoilt
from tests.benchmarks.fuzz.structures import hurtful, spoilt_value

EXTREMES = (0, 1, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1, 65, 1 << 25, 10**6)
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"answer": {"type": "string", "maxLength": 40}},
        "required": ["answer"],
        "additionalProperties": False,
    }
)


def doors(folder: Path) -> dict[str, Room]:
    """Every door by name, with what it needs made in `folder`."""
    tiny = tiny_gguf.build(folder / "tiny.gguf").read_bytes()
    fields = _fields(tiny)

    def header(place: Path, chance: random.Random) -> object:
        head, rest = bytearray(tiny[:14_000]), tiny[14_000:]
        kind = chance.random()
        if kind < 0.3:
            data = spoilt(bytes(head), bytes(head), chance) + rest
        elif kind < 0.6:
            data = tiny[: chance.choice(fields) + chance.choice((0, 1, 4, 7, 8))]
        else:
            for at in chance.sample(fields, chance.choice((1, 1, 3))):
                form = chance.choice(("<I", "<Q"))
                value = chance.choice(EXTREMES) & (2**32 - 1 if form == "<I" else 2**64 - 1)
                struct.pack_into(form, head, at, value)
            data = bytes(head) + rest
        read = read_header(put(place / "model.gguf", data))
        return (
            read.cell_bytes,
            read.attention,
            read.name,
            read.licence,
            read.template,
            read.quantisation,
            read.context,
        )

    return {"header": header, "template": _template, "server": _server}


def _fields(data: bytes) -> list[int]:
    """Where the fields of a header begin: counts, lengths, types and numbers, those of the first entries at least."""
    found, at = [0, 4, 8, 16], 24
    for _ in range(struct.unpack_from("<Q", data, 16)[0]):
        length = struct.unpack_from("<Q", data, at)[0]
        kind_at = at + 8 + length
        kind = struct.unpack_from("<I", data, kind_at)[0]
        found += [at, at + 8, kind_at, kind_at + 4]
        at = kind_at + 4
        if kind == 9:
            found += [at, at + 4, at + 12]
            break  # the first list is the vocabulary, which is most of the header
        at += (
            8 + struct.unpack_from("<Q", data, at)[0]
            if kind == 8
            else {10: 8, 11: 8, 12: 8, 7: 1, 0: 1, 1: 1}.get(kind, 4)
        )
    return [place for place in found if place < 13_900]


LOOPS = (
    "{% for i in range(100000) %}", "{% for m in messages %}", "{% for c in messages[0].content %}",
    "{% for i in range(10) recursive %}", "{% for k, v in messages[0].items() %}",
)  # fmt: skip
STEPS = (
    "{% set ns = namespace(x='a', n=7) %}", "{% set ns.x = ns.x ~ ns.x %}", "{% set ns.x = ns.x * 1000 %}",
    "{% set ns.n = ns.n * ns.n %}", "{% set ns.x = [ns.x, ns.x] %}", "{{ ns.x|length }}", "{% set ns.x = ns.x|upper %}",
    "{{ messages[0].content }}", "{{ m.content }}", "{{ loop(messages) }}",
    "{{ messages|map(attribute='content')|join }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ messages.__init__.__globals__ }}", "{{ cycler.__init__ }}",
    "{{ self._TemplateReference__context }}", "{{ lipsum(n=5000) }}", "{{ range(10**18)|list }}", "{{ 9**9**9 }}",
    "{{ 'a'.ljust(10000000000) }}", "{{ '%99999999999d' % 1 }}", "{{ '{:>9999999999}'.format(1) }}",
    "{{ 'x'|center(1000000000) }}", "{{ ('a' * 3000000)|urlize }}", "{{ ('<' * 300000)|striptags }}",
    "{{ ('a ' * 300000)|wordwrap(1) }}", "{{ ('&' * 3000000)|escape|escape|escape }}", "{{ (1,) * 100000000 }}",
    "{{ raise_exception('no') }}", "{{ 1 // 0 }}", "{{ messages[99].content }}", "{{ strftime_now('%Y') }}",
    "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}", "{% include 'x' %}", "{% import 'os' as os %}", "{% break %}",
    "{% set messages = 1 %}", "{{ messages.append(1) }}", "{{ 'a'.join(messages) }}", "{{ none.x.y }}",
    "{{ '\\ue0f00\\ue0f1' }}",
    "{{ ('ab' * 100000).split('b')|sort|join('b' * 1000) }}", "{{ ('a' * 2000000).replace('a', 'b' * 100) }}",
    "{{ dict(a=1)|tojson }}", "{{ [1.5, 'a']|sort }}", "{% if messages %}", "{% endif %}", "{% endfor %}", "{# x",
)  # fmt: skip


class _Words(Vocabulary):
    """Letters for tokens."""

    def __init__(self) -> None:
        """Nothing to load."""

    def encode_parts(self, parts: list[tuple[str, bool]]) -> list[int]:
        return [ord(letter) for text, _ in parts for letter in text[:1000]]


def _template(place: Path, chance: random.Random) -> object:
    pieces = [tiny_gguf.CHATML] if chance.random() < 0.5 else []
    depth = 0
    for _ in range(chance.randrange(1, 9)):
        if chance.random() < 0.3 and depth < 4:
            pieces.append(chance.choice(LOOPS))
            depth += 1
        pieces.append(chance.choice(STEPS))
    source = "{% set ns = namespace(x='a', n=7) %}" + "".join(pieces) + "{% endfor %}" * depth
    if chance.random() < 0.2:
        source = spoilt(source.encode(), b"", chance).decode("utf-8", "replace")
    chat = ChatTemplate(source, _Words(), bos="<s>", eos="</s>", begin=None)
    said = (Message("system", hurtful(chance).encode("utf-8", "replace").decode()), Message("user", "Hello"))
    return chat.prompt(said, thinking=chance.random() < 0.5), chat.transcript(said), chat.user_turn("Be brief.")


ANSWER: dict[str, Any] = {
    "choices": [{"message": {"content": '{"answer": "So."}', "reasoning_content": "x"}, "finish_reason": "stop",
                 "logprobs": {"content": [{"token": "So", "logprob": -0.5}]}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4},
}  # fmt: skip
CONTENTS = (
    '{"answer": "So."}', "<think>x</think>{}", "```json\n{}\n```", '{"answer": 1}', "[" * 5000, "1" * 5000, "", "null",
    '{"answer": "\\ud800"}', '{"answer": NaN}', '{"answer": "a", "answer": "b"}',
)  # fmt: skip


def _server(place: Path, chance: random.Random) -> object:
    def handle(request: httpx.Request) -> httpx.Response:
        answer = json.loads(json.dumps(ANSWER))
        answer["choices"][0]["message"]["content"] = chance.choice(CONTENTS)
        if request.url.path.endswith("/models"):
            answer = {"data": [{"id": "one"}]}
        data = json.dumps(spoilt_value(answer, chance) if chance.random() < 0.6 else answer).encode()
        data = spoilt(data, data, chance) if chance.random() < 0.3 else data
        status = chance.choice((200, 200, 200, 200, 400, 401, 404, 413, 422, 301))
        headers = {"retry-after": chance.choice(("0", "-1", "x", "9" * 400))} if chance.random() < 0.2 else {}
        return httpx.Response(status, content=data, headers=headers)

    async def ask() -> object:
        engine = ServerEngine("http://127.0.0.1:9/v1", EngineOptions(attempts=2), httpx.MockTransport(handle))
        try:
            reply = await engine.complete(Request((Message("user", "How?"),), SCHEMA))
            return validated(reply.text, SCHEMA)
        finally:
            await engine.close()

    return cast("Callable[..., object]", asyncio.run)(ask())
