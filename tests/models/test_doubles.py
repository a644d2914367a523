"""Scripted and replayed engines, and the cache between an engine and its callers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from models import (
    CachedEngine,
    EngineLost,
    Message,
    ModelInfo,
    ReplayEngine,
    Reply,
    ReplyFile,
    ReplyInvalid,
    ReplyMissing,
    Request,
    ScriptedEngine,
    canonical,
)
from tests.models.conftest import ask

SCHEMA = canonical({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})
ONE, TWO = ask("One.", schema=SCHEMA), ask("Two.", schema=SCHEMA)
INFO = ModelInfo("llama", "m", "ab" * 32)


async def test_a_function_answers_and_requests_are_remembered() -> None:
    engine = ScriptedEngine(lambda request: canonical({"a": len(request.messages[0].content)}))
    assert (await engine.complete(ONE)).text == '{"a":4}'
    assert engine.history == [ONE]
    await engine.close()
    assert engine.closed


async def test_a_queue_answers_in_turn_and_runs_out() -> None:
    engine = ScriptedEngine(['{"a":1}', EngineLost("gone"), Reply('{"a":2}', thinking="Hm.")])
    assert (await engine.complete(ONE)).text == '{"a":1}'
    with pytest.raises(EngineLost):
        await engine.complete(ONE)
    assert (await engine.complete(ONE)).thinking == "Hm."
    with pytest.raises(ReplyMissing):
        await engine.complete(ONE)


async def test_a_script_is_held_to_the_schema() -> None:
    with pytest.raises(ReplyInvalid, match=r"\$\.a"):
        await ScriptedEngine(['{"a":"1"}']).complete(ONE)


async def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    """In this process and in the next one, until the model changes."""
    path = tmp_path / "replies.jsonl"
    script = ScriptedEngine(['{"a":1}', '{"a":2}', '{"a":3}'], INFO)
    engine = CachedEngine(script, ReplyFile(path))
    first = [await engine.complete(ONE), await engine.complete(TWO), await engine.complete(ONE)]
    assert [reply.text for reply in first] == ['{"a":1}', '{"a":2}', '{"a":1}']
    again = CachedEngine(script, ReplyFile(path))
    assert (await again.complete(TWO)).text == '{"a":2}'
    assert len(script.history) == 2
    other = CachedEngine(ScriptedEngine(['{"a":9}'], replace(INFO, sha256="cd" * 32)), ReplyFile(path))
    assert (await other.complete(ONE)).text == '{"a":9}'


async def test_scores_are_kept_too(tmp_path: Path) -> None:
    prompt = (Message("user", "Go."),)
    file = ReplyFile(tmp_path / "replies.jsonl")
    scores = await CachedEngine(ScriptedEngine([], INFO), file).score(prompt, ["a b", "c"])
    assert scores == [-2.0, -1.0]
    replay = ReplayEngine(file, INFO)
    assert await replay.score(prompt, ["a b", "c"]) == scores
    with pytest.raises(ReplyMissing):
        await replay.score(prompt, ["d"])


async def test_a_recording_replays_and_a_miss_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    await CachedEngine(ScriptedEngine(['{"a":1}'], INFO), ReplyFile(path)).complete(ONE)
    replay = ReplayEngine(ReplyFile(path), INFO)
    assert (await replay.complete(ONE)).text == '{"a":1}'
    assert replay.info.engine == "replay"
    with pytest.raises(ReplyMissing, match="'m'"):
        await replay.complete(TWO)


async def test_a_recording_that_was_cut_while_written_loses_only_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    engine = CachedEngine(ScriptedEngine(['{"a":1}', '{"a":2}'], INFO), ReplyFile(path))
    await engine.complete(ONE)
    await engine.complete(TWO)
    path.write_bytes(path.read_bytes()[:-20])
    replay = ReplayEngine(ReplyFile(path), INFO)
    assert (await replay.complete(ONE)).text == '{"a":1}'
    with pytest.raises(ReplyMissing):
        await replay.complete(TWO)


async def test_who_asks_the_same_meanwhile_waits_for_the_answer(tmp_path: Path) -> None:
    """Also when the first to ask fails: the next one asks, and the others wait for it."""

    class Slow(ScriptedEngine):
        async def complete(self, request: Request) -> Reply:
            await asyncio.sleep(0)
            return await super().complete(request)

    script = Slow([EngineLost("gone"), '{"a":1}', '{"a":2}'])
    cached = CachedEngine(script, ReplyFile(tmp_path / "replies.jsonl"))
    found = await asyncio.gather(*(cached.complete(ONE) for _ in range(4)), return_exceptions=True)
    assert [isinstance(reply, EngineLost) for reply in found] == [True, False, False, False]
    assert {reply.text for reply in found if isinstance(reply, Reply)} == {'{"a":1}'}
    assert len(script.history) == 2
