"""The llama engine over real llama.cpp and a tiny random model, in its own process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from models import (
    EngineLost,
    EngineOptions,
    Message,
    ModelError,
    ModelUnusable,
    Reply,
    ReplyIncomplete,
    Request,
    RequestTooLong,
    Sampling,
    SchemaUnsupported,
    canonical,
    open_engine,
)
from models.gguf_header import read_header
from models.llama.engine import LlamaEngine
from models.llama.fit import planned
from models.schema import validated
from tests import tiny_gguf
from tests.models.conftest import SCHEMA, ask

OPTIONS = EngineOptions(context=2048, sequences=4)
PASSAGE = " ".join(f"Screw {number} holds cover {number}." for number in range(40))


def opened(path: Path, options: EngineOptions = OPTIONS) -> LlamaEngine:
    engine = open_engine(str(path), options)
    assert isinstance(engine, LlamaEngine)
    return engine


async def test_many_at_once_are_all_valid(tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Replies satisfy their schema, and nothing of llama.cpp reaches the terminal."""
    engine = opened(tiny)
    requests = [ask(f"{PASSAGE} Task {number}.", seed=number) for number in range(24)]
    replies = await asyncio.gather(*map(engine.complete, requests))
    await engine.close()
    assert all(validated(reply.text, SCHEMA) for reply in replies)
    assert len({reply.text for reply in replies}) > 12
    assert all(reply.prompt_tokens > 100 and reply.generated_tokens > 0 for reply in replies)
    assert capfd.readouterr() == ("", "")


async def test_the_same_run_gives_the_same_replies(tiny: Path) -> None:
    runs = []
    for _ in range(2):
        engine = opened(tiny)
        runs.append(await asyncio.gather(*(engine.complete(ask(PASSAGE, seed=seed)) for seed in range(6))))
        await engine.close()
    assert runs[0] == runs[1]


async def test_seeds_matter_and_greedy_does_not_need_them(engine: LlamaEngine) -> None:
    drawn = [await engine.complete(ask("Go.", seed=seed)) for seed in range(4)]
    greedy = [await engine.complete(ask("Go.", seed=seed, temperature=0)) for seed in range(2)]
    assert len({reply.text for reply in drawn}) > 1
    assert greedy[0] == greedy[1]


async def test_scores_do_not_depend_on_what_shares_the_memory(engine: LlamaEngine) -> None:
    """Scores computed over shared prefixes in a crowd agree with those of a request alone."""
    prompts = [(Message("user", f"{PASSAGE} Task {number}?"),) for number in range(8)]
    endings = ["Yes, it is.", "No.", "The cover."]
    crowd = await asyncio.gather(*(engine.score(prompt, endings) for prompt in prompts))
    alone = [await engine.score(prompt, endings) for prompt in prompts]
    for together, single in zip(crowd, alone, strict=True):
        assert together == pytest.approx(single, abs=0.01)
    assert len({round(score, 3) for scores in alone for score in scores}) > 12


async def test_a_score_is_the_mean_of_its_tokens(engine: LlamaEngine) -> None:
    """What was noted while three signs were drawn is what scoring them, behind their quote, finds afterwards.

    No two of these signs are one token, so the reply is read in the tokens in which it was drawn.
    """
    signs = canonical({"type": "string", "pattern": "^[#$%&]{3}$"})
    prompt = (Message("user", "Go."),)
    reply = await engine.complete(replace(ask("Go.", schema=signs), logprobs=True))
    assert reply.logprob is not None and reply.generated_tokens == 3
    opened, drawn = await engine.score(prompt, ['"', reply.text.removesuffix('"')])
    assert drawn == pytest.approx((opened + 3 * reply.logprob) / 4, abs=0.02)
    assert opened < 0 and reply.logprob < 0


async def test_nothing_to_score(engine: LlamaEngine) -> None:
    assert await engine.score((Message("user", "Go."),), []) == []
    with pytest.raises(ModelError, match="empty"):
        await engine.score((Message("user", "Go."),), [""])


async def test_too_long_is_refused_before_it_runs(engine: LlamaEngine) -> None:
    with pytest.raises(RequestTooLong, match="2,048"):
        await engine.complete(ask("word " * 3000))
    assert isinstance(await engine.complete(ask("short")), Reply)


async def test_a_reply_that_never_ends_fails(engine: LlamaEngine) -> None:
    endless = canonical({"type": "object", "properties": {"text": {"type": "string", "minLength": 900}}})
    with pytest.raises(ReplyIncomplete):
        await engine.complete(ask("Go on.", schema=endless, max_tokens=30))


async def test_unknown_schema_words_are_refused(engine: LlamaEngine) -> None:
    with pytest.raises(SchemaUnsupported):
        await engine.complete(ask("Go.", schema='{"not":{"type":"string"}}'))


async def test_strings_follow_their_patterns(engine: LlamaEngine) -> None:
    fields = {"code": {"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"}, "day": {"type": "string", "format": "date"}}
    schema = canonical({"type": "object", "properties": fields, "required": list(fields)})
    replies = await asyncio.gather(*(engine.complete(ask("Go.", schema=schema, seed=seed)) for seed in range(12)))
    found = [json.loads(validated(reply.text, schema)) for reply in replies]
    assert all(date.fromisoformat(one["day"]) for one in found)
    assert len({one["code"] for one in found}) > 6


async def test_strings_end_at_a_word_or_sentence(engine: LlamaEngine) -> None:
    """A bound closes a string; it never cuts a character or an escape."""
    bound = canonical({"type": "object", "properties": {"t": {"type": "string", "minLength": 20, "maxLength": 30}}})
    replies = await asyncio.gather(*(engine.complete(ask("Go.", schema=bound, seed=seed)) for seed in range(20)))
    assert all(20 <= len(json.loads(reply.text)["t"]) <= 30 for reply in replies)


async def test_cancelled_requests_leave_no_trace(engine: LlamaEngine) -> None:
    tasks = [asyncio.create_task(engine.complete(ask(f"{PASSAGE} {number}"))) for number in range(12)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert all(isinstance(result, Reply) for result in results[1::2])


async def test_a_killed_process_is_replaced(tiny: Path) -> None:
    engine = opened(tiny)
    first = engine.pid
    await engine.complete(ask("Warm up."))
    tasks = [asyncio.create_task(engine.complete(ask(f"{PASSAGE} {number}"))) for number in range(12)]
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    replies = await asyncio.gather(*tasks)
    assert all(validated(reply.text, SCHEMA) for reply in replies)
    assert (engine.condition.restarts, engine.pid != first) == (1, True)
    await engine.close()


async def test_the_process_is_apart_from_the_terminal(engine: LlamaEngine) -> None:
    """Ctrl-C goes to the foreground group of the terminal: the model's process is not in it."""
    assert os.getsid(engine.pid) != os.getsid(0)


async def test_closing_fails_what_is_not_answered_and_ends_the_process(tiny: Path) -> None:
    engine = opened(tiny)
    task = asyncio.create_task(engine.complete(ask(PASSAGE)))
    await asyncio.sleep(0)
    await engine.close()
    with pytest.raises(EngineLost, match="closed"):
        await task
    with pytest.raises(EngineLost):
        await engine.complete(ask("Go."))
    with pytest.raises(ProcessLookupError):
        os.kill(engine.pid, 0)


async def test_an_engine_serves_one_event_loop_after_another(tiny: Path) -> None:
    engine = opened(tiny)
    assert isinstance(await engine.complete(ask("Go.")), Reply)
    replies = await asyncio.to_thread(lambda: asyncio.run(engine.complete(ask("Go."))))
    assert isinstance(replies, Reply)
    await engine.close()


async def test_special_tokens_in_documents_stay_text(engine: LlamaEngine) -> None:
    """A document cannot end its turn: its marker is read as many plain tokens, not as one special one."""
    schema = canonical({"type": "object", "properties": {"a": {"type": "boolean"}}})
    plain = await engine.complete(ask("A", schema=schema))
    marked = await engine.complete(ask("A<|im_end|>", schema=schema))
    assert marked.prompt_tokens >= plain.prompt_tokens + 5


async def test_thoughts_are_bounded_and_kept_apart(folder: Path) -> None:
    path = tiny_gguf.build(folder / "thinking.gguf", tiny_gguf.Shape(template=tiny_gguf.THINKING))
    engine = opened(path, replace(OPTIONS, thinking_tokens=20))
    request = replace(ask("Think."), thinking=True)
    thoughtful, plain = await asyncio.gather(engine.complete(request), engine.complete(ask("Think.")))
    await engine.close()
    assert thoughtful.thinking and "<think>" not in thoughtful.text
    assert validated(thoughtful.text, SCHEMA) and validated(plain.text, SCHEMA)
    assert plain.thinking is None


def reference(path: Path, prompt: str, endings: list[str]) -> list[float]:
    """Scores by llama-cpp-python's own interface, one sequence and no sharing."""
    from llama_cpp import Llama

    llama = Llama(str(path), n_ctx=1024, logits_all=True, n_threads=1)
    scores = []
    for ending in endings:
        before = llama.tokenize(prompt.encode(), add_bos=False, special=True)
        after = llama.tokenize(ending.encode(), add_bos=False)
        llama.reset()  # type: ignore[no-untyped-call]
        llama.eval(before + after)
        rows = np.asarray(llama.scores[len(before) - 1 : len(before) + len(after) - 1], np.float64)
        totals = np.log(np.exp(rows).sum(1))
        scores.append(float(np.mean(rows[np.arange(len(after)), after] - totals)))
    llama.close()
    return scores


@pytest.mark.parametrize(
    "shape",
    [
        tiny_gguf.Shape(),
        tiny_gguf.Shape(recurrent=True),
        tiny_gguf.Shape(hybrid=True, layers=4),
        tiny_gguf.Shape(sliding=64, layers=6),
    ],
    ids=["attention", "recurrent", "hybrid", "sliding"],
)
async def test_scores_are_those_of_llama_cpp_itself(folder: Path, shape: tiny_gguf.Shape) -> None:
    """For attention, a running state, both in turns, and a window shorter than the prompt: a crowd changes nothing."""
    path = tiny_gguf.build(folder / f"scored-{shape.recurrent}-{shape.hybrid}-{shape.sliding}.gguf", shape)
    engine = opened(path)
    texts = [f"{PASSAGE} Task {number}?" for number in range(6)]
    endings = ["Yes, it is.", "No."]
    crowd = await asyncio.gather(*(engine.score((Message("user", text),), endings) for text in texts))
    reply = await engine.complete(ask(PASSAGE))
    await engine.close()
    for text, scores in list(zip(texts, crowd, strict=True))[::2]:
        prompt = f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"
        assert scores == pytest.approx(reference(path, prompt, endings), abs=0.01)
    assert validated(reply.text, SCHEMA)


async def test_a_vocabulary_of_sentence_pieces(folder: Path) -> None:
    engine = opened(tiny_gguf.build(folder / "spm.gguf", tiny_gguf.Shape(sentencepiece=True)))
    replies = await asyncio.gather(*(engine.complete(ask(f"Task {seed}", seed=seed)) for seed in range(8)))
    await engine.close()
    assert all(validated(reply.text, SCHEMA) for reply in replies)


async def test_closing_while_the_model_loads(tiny: Path) -> None:
    engine = opened(tiny)
    await engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(engine.pid, 0)


async def test_a_template_without_system_role_gets_it_folded_in(folder: Path) -> None:
    path = tiny_gguf.build(folder / "no-system.gguf", tiny_gguf.Shape(template=tiny_gguf.NO_SYSTEM))
    engine = opened(path)
    messages = (Message("system", "Answer in short."), Message("user", "Go."))
    reply = await engine.complete(Request(messages, SCHEMA, Sampling(max_tokens=200)))
    await engine.close()
    assert validated(reply.text, SCHEMA)


async def test_a_template_that_refuses_everything(folder: Path) -> None:
    path = tiny_gguf.build(folder / "refusing.gguf", tiny_gguf.Shape(template="{{ raise_exception('never') }}"))
    engine = opened(path)
    with pytest.raises(ModelUnusable, match="never"):
        await engine.complete(ask("Go."))
    await engine.close()


async def test_an_unknown_architecture_says_so(tiny: Path, folder: Path) -> None:
    path = folder / "strange.gguf"
    path.write_bytes(tiny.read_bytes().replace(b"llama", b"lemma"))
    engine = opened(path)
    with pytest.raises(ModelUnusable, match=r"cannot load.*unknown model architecture: 'lemma'"):
        await engine.ready()
    with pytest.raises(ModelUnusable, match="cannot load"):
        await engine.complete(ask("Go."))
    await engine.close()


@pytest.mark.heavy
async def test_ten_thousand_requests_none_malformed(tiny: Path) -> None:
    """Mixed schemas, sampling and lengths: every reply is valid, by an independent validator."""
    engine = opened(tiny, EngineOptions(context=4096, sequences=32))
    verdict = canonical(
        {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "maxLength": 40},
                "score": {"type": "number", "minimum": 0, "maximum": 1},
                "verdict": {"enum": ["supported", "unsupported", "partly"]},
                "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}, "maxItems": 3},
                "other": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
            },
            "required": ["reason", "score", "verdict", "tags", "other"],
        }
    )
    schemas = [SCHEMA, verdict]
    heat = [0.0, 0.7, 1.5]
    requests = [
        ask(
            f"Task {number // 8}.",
            schema=schemas[number % 2],
            seed=number,
            temperature=heat[number % 3],
            max_tokens=400,
        )
        for number in range(10_000)
    ]
    replies = await asyncio.gather(*map(engine.complete, requests))
    await engine.close()
    for request, reply in zip(requests, replies, strict=True):
        validated(reply.text, request.schema)


async def test_what_was_chosen_is_told_once_the_model_is_loaded(tiny: Path) -> None:
    engine = opened(tiny, replace(OPTIONS, threads=1, keys="q8_0"))
    assert engine.condition.notes == ()
    await engine.ready()
    told = engine.condition
    assert (told.loaded, told.restarts) == (1.0, 0)
    assert "2,048 tokens" in told.notes[0] and "4 requests side by side on 1 thread" in told.notes[1]
    assert "q8_0" in told.notes[2]
    await engine.close()
    with pytest.raises(EngineLost):
        await engine.ready()


@pytest.mark.parametrize("choice", [{"keys": "f16"}, {"keys": "q8_0"}, {"keys": "q8_0", "flash": "on"}])
async def test_ways_to_store_the_memory_agree(tiny: Path, choice: dict[str, str]) -> None:
    prompt, endings = (Message("user", PASSAGE),), ["Yes, it is.", "No.", "The cover."]
    scores = []
    for options in (OPTIONS, replace(OPTIONS, **choice)):  # type: ignore[arg-type]
        engine = opened(tiny, options)
        scores.append(await engine.score(prompt, endings))
        await engine.close()
    assert scores[0] == pytest.approx(scores[1], abs=0.05)


async def test_short_of_memory_keys_are_stored_in_less(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = read_header(tiny)
    monkeypatch.setattr("models.llama.fit.available", lambda: header.size + (300 << 20) + 2000 * header.cell_bytes)
    assert planned(header, EngineOptions(context=1500)).keys == "auto"
    plan = planned(header, EngineOptions(context=2048))
    assert (plan.keys, plan.context) == ("q8_0", 2048)
