"""The server engine against recorded shapes of real servers' answers, over a stand-in for the network."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from models import (
    EngineLost,
    EngineOptions,
    ModelError,
    ModelNotFound,
    ModelUnusable,
    Reply,
    ReplyIncomplete,
    ReplyInvalid,
    RequestTooLong,
    canonical,
)
from models.schema import validated
from models.server import ServerEngine
from tests.models.conftest import ask

SCHEMA = canonical({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})
REQUEST = ask("Count.", schema=SCHEMA)
Handler = Callable[[httpx.Request], httpx.Response]


def completion(content: str | None, *, finish: str = "stop", **message: Any) -> httpx.Response:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17}
    return httpx.Response(200, json={"object": "chat.completion", "choices": [choice], "usage": usage})


def refusal(status: int, text: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": text}}, headers=headers)


class Server:
    """Answers from a list, the last one again and again, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.running = self.most = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        self.asked.append(json.loads(request.content))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)


def engine(server: Server, address: str = "http://box:8080/v1#qwen", **options: Any) -> ServerEngine:
    return ServerEngine(address, EngineOptions(**options), httpx.MockTransport(server))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Back-off is recorded, not waited for."""
    pauses: list[float] = []
    wait = asyncio.sleep

    async def noted(seconds: float) -> None:
        if seconds:
            pauses.append(seconds)
        await wait(0)

    monkeypatch.setattr("models.server.asyncio.sleep", noted)
    return pauses


async def test_an_answer_and_what_was_asked_for() -> None:
    server = Server(completion('{"a": 3}'))
    reply = await engine(server).complete(replace(REQUEST, sampling=replace(REQUEST.sampling, seed=7)))
    assert (reply.text, reply.prompt_tokens, reply.generated_tokens) == ('{"a": 3}', 12, 5)
    asked = server.asked[0]
    assert (asked["model"], asked["seed"], asked["messages"]) == ("qwen", 7, [{"role": "user", "content": "Count."}])
    assert asked["response_format"]["json_schema"]["schema"] == json.loads(SCHEMA)


async def test_properties_are_asked_for_in_the_order_of_the_task() -> None:
    """A model writes them in the order in which they stand: the reason has to come before the finding."""

    class Part(BaseModel):
        reason: str
        better: bool

    class Whole(BaseModel):
        sentences: list[int]
        parts: list[Part]
        answer: str

    schema = canonical(Whole.model_json_schema())
    server = Server(completion('{"sentences": [], "parts": [], "answer": ""}'))
    await engine(server).complete(ask("Count.", schema=schema))
    asked = server.asked[0]["response_format"]["json_schema"]["schema"]
    assert asked == json.loads(schema)
    assert list(asked["properties"]) == ["sentences", "parts", "answer"]
    assert list(asked["$defs"]["Part"]["properties"]) == ["reason", "better"]


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, 'Sure! {"a": 3}', '```json\n{"a": 3}\n```', '{"a": "3"}', "", None, '{"a": NaN}', '{"a": 3} done'],
)
async def test_what_is_not_json_of_the_right_shape_is_a_failed_attempt(content: str | None) -> None:
    """Nothing is cut out of prose or fences: another attempt with another seed, and no more than asked for."""
    server = Server(completion(content))
    with pytest.raises(ReplyInvalid):
        await engine(server, attempts=3).complete(REQUEST)
    assert [asked["seed"] for asked in server.asked] == [0, 1, 2]


async def test_a_failed_attempt_is_made_again() -> None:
    server = Server(completion("no"), completion('{"a": 3}', finish="length"), completion('{"a": 4}'))
    assert (await engine(server).complete(REQUEST)).text == '{"a": 4}'


async def test_a_cut_reply_is_never_a_sample() -> None:
    with pytest.raises(ReplyIncomplete):
        await engine(Server(completion('{"a": 3}', finish="length"))).complete(REQUEST)


async def test_busy_servers_are_given_time(_no_pauses: list[float]) -> None:
    server = Server(
        refusal(503, "Loading model"), refusal(429, "slow down", **{"Retry-After": "7"}), completion('{"a":1}')
    )
    assert (await engine(server).complete(REQUEST)).text == '{"a":1}'
    assert 0 < _no_pauses[0] <= 0.5
    assert _no_pauses[1] == 7


async def test_the_form_of_the_schema_is_found_and_remembered() -> None:
    """llama-cpp-python's server takes a schema only within `json_object`, others only in words; no attempt is lost."""
    refused = refusal(500, "Input should be 'text' or 'json_object' in response_format.type")
    server = Server(refused, completion('{"a":1}'))
    one = engine(server, attempts=1)
    await one.complete(REQUEST)
    await one.complete(REQUEST)
    forms = [asked["response_format"] for asked in server.asked]
    assert [form["type"] for form in forms] == ["json_schema", "json_object", "json_object"]
    assert forms[1]["schema"] == json.loads(SCHEMA)


async def test_servers_that_refuse_every_form_get_the_schema_in_words() -> None:
    refused = refusal(400, "'response_format.type' must be 'text'")
    server = Server(refused, refused, completion('{"a":1}'))
    await engine(server, attempts=1).complete(REQUEST)
    assert "response_format" not in server.asked[2]
    assert SCHEMA in server.asked[2]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": '{"a":1}', "reasoning_content": "One."}, "One."),
        ({"content": '{"a":1}', "reasoning": "One."}, "One."),
        ({"content": '<think>\nOne.\n</think>\n\n{"a":1}'}, "One."),
        ({"content": '{"a":1}'}, None),
    ],
)
async def test_thoughts_are_kept_apart(message: dict[str, Any], text: str | None) -> None:
    """llama-server and vLLM, LM Studio and newer vLLM, servers without a parser, and no thoughts at all."""
    reply = await engine(Server(completion(**message))).complete(REQUEST)
    assert (reply.text, reply.thinking) == ('{"a":1}', text)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(401, "Invalid API Key"), ModelUnusable),
        (refusal(404, "model 'qwen' not found"), ModelNotFound),
        (refusal(400, "the request exceeds the available context size"), RequestTooLong),
        (refusal(400, "maximum context length is 2048 tokens"), RequestTooLong),
        (refusal(422, "bad"), ModelUnusable),
        (httpx.Response(200, text="<html>router</html>"), ModelUnusable),
        (httpx.Response(200, json={"error": "x"}), ModelUnusable),
        (httpx.Response(200, json=[1]), ModelUnusable),
        (httpx.Response(200, text='{"choices": [{"message": {}}], "usage": {"prompt_tokens": 1e999}}'), ModelUnusable),
        (httpx.ConnectError("refused"), ModelNotFound),
        (httpx.ReadTimeout("slow"), EngineLost),
        (httpx.RemoteProtocolError("gone half-way"), EngineLost),
    ],
)
async def test_each_trouble_has_its_error(answer: httpx.Response | Exception, error: type[Exception]) -> None:
    with pytest.raises(error) as trouble:
        await engine(Server(answer)).complete(REQUEST)
    assert trouble.value.hint  # type: ignore[attr-defined]


async def test_the_only_model_is_found_and_several_must_be_named() -> None:
    def models(*names: str) -> Handler:
        def handler(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/models"):
                return httpx.Response(200, json={"data": [{"id": name} for name in names]})
            return completion(json.dumps({"a": len(json.loads(request.content)["model"])}))

        return handler

    one = ServerEngine("http://box/v1/", EngineOptions(), httpx.MockTransport(models("gemma")))
    assert (await one.complete(REQUEST)).text == '{"a": 5}'
    assert one.info.name == "gemma"
    several = ServerEngine("http://box/v1", EngineOptions(), httpx.MockTransport(models("a", "b")))
    with pytest.raises(ModelNotFound, match="a, b"):
        await several.complete(REQUEST)


async def test_halves_of_letters_that_a_server_sends_reach_nobody() -> None:
    """They can be written in JSON and in nothing else: not in a request, a database or a file."""

    def handler(request: httpx.Request) -> httpx.Response:
        choice = {"message": {"content": '{"a": 1}', "reasoning": "\ud800"}}
        listed = request.url.path.endswith("/models")
        said = {"data": [{"id": "\ud800"}]} if listed else {"choices": [choice]}
        return httpx.Response(200, content=json.dumps(said))

    reply = await ServerEngine("http://box/v1", EngineOptions(), httpx.MockTransport(handler)).complete(REQUEST)
    assert reply.thinking == "?"
    choice = {"message": {"content": '{"a": 1}\ud800'}}
    with pytest.raises(ReplyInvalid):
        await engine(Server(httpx.Response(200, content=json.dumps({"choices": [choice]})))).complete(REQUEST)


async def test_requests_are_bounded_and_connections_closed() -> None:
    server = Server(completion('{"a":1}'))
    one = engine(server, concurrency=3)
    await asyncio.gather(*(one.complete(REQUEST) for _ in range(20)))
    assert server.most == 3
    await one.close()


async def test_a_key_is_sent_and_scores_are_not_offered() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization", ""))
        return completion('{"a":1}')

    one = ServerEngine("http://box/v1#m", EngineOptions(api_key="secret"), httpx.MockTransport(handler))
    await one.complete(REQUEST)
    assert seen == ["Bearer secret"]
    with pytest.raises(ModelUnusable):
        await one.score((), ["a"])


@pytest.fixture
def live(tiny: Path) -> Iterator[str]:
    """Address of llama-cpp-python's own server with the tiny model."""
    pytest.importorskip("fastapi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(tiny), "--port", str(port), "--n_ctx", "2048"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}/v1"
    process.terminate()
    process.wait()


@pytest.mark.heavy
async def test_a_live_server(live: str) -> None:
    """Its grammar keeps the shape, and a boolean leaves nothing else to get wrong."""
    one = ServerEngine(live, EngineOptions(attempts=5, timeout=20))
    schema = canonical({"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]})
    replies: list[Reply] = []
    while not replies:
        with contextlib.suppress(ModelNotFound):
            replies = await asyncio.gather(*(one.complete(ask(f"Task {n}.", schema=schema)) for n in range(4)))
    await one.close()
    assert all(validated(reply.text, schema) for reply in replies)
    assert one.info.name != live


async def test_log_probabilities_are_averaged() -> None:
    tokens = {"content": [{"token": "a", "logprob": -1.0}, {"token": "b", "logprob": -3.0}]}
    answer = {"choices": [{"message": {"content": '{"a":1}'}, "finish_reason": "stop", "logprobs": tokens}]}
    reply = await engine(Server(httpx.Response(200, json=answer))).complete(replace(REQUEST, logprobs=True))
    assert reply.logprob == -2.0


async def test_a_server_that_ignores_the_schema_is_told_it_in_words() -> None:
    """The form that it takes is kept, since some honour it for some models only."""
    server = Server(completion('```json\n{"a": 1}\n```'), completion('{"a":1}'))
    one = engine(server)
    await one.complete(REQUEST)
    await one.complete(REQUEST)
    told = [SCHEMA in asked["messages"][-1]["content"] for asked in server.asked]
    assert told == [False, True, True]
    assert all(asked["response_format"]["type"] == "json_schema" for asked in server.asked)


@pytest.mark.parametrize("trouble", [httpx.ConnectError("refused"), refusal(500, "out of memory")])
async def test_a_server_that_is_gone_after_it_has_answered_ends_the_run(trouble: httpx.Response | Exception) -> None:
    one = engine(Server(completion('{"a":1}'), trouble))
    await one.complete(REQUEST)
    with pytest.raises(EngineLost) as lost:
        await one.complete(REQUEST)
    assert "finished work is kept" in lost.value.hint


async def test_a_slow_server_is_waited_for_while_it_answers_others() -> None:
    """One request takes longer than the time-out, and the server answers another one meanwhile."""
    asked, answered = 0, asyncio.Event()

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked == 1:
            await answered.wait()
        return completion('{"a":1}')

    one = ServerEngine("http://box/v1#m", EngineOptions(timeout=0.05, attempts=1), httpx.MockTransport(handler))
    slow = asyncio.create_task(one.complete(REQUEST))
    for _ in range(3):
        await asyncio.wait({slow}, timeout=0.03)
        await one.complete(REQUEST)
    answered.set()
    assert (await slow).text == '{"a":1}'


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    one = ServerEngine("http://box/v1#m", EngineOptions(timeout=0.01, attempts=2), httpx.MockTransport(handler))
    with pytest.raises(EngineLost, match=r"within 0\.01 s"):
        await one.complete(REQUEST)


async def test_a_server_that_loads_its_model_is_waited_for(_no_pauses: list[float]) -> None:
    loading = refusal(503, "Loading model")
    answers = [loading] * 6 + [httpx.Response(200, json={"data": [{"id": "qwen"}, {"id": "text-embedding-x"}]})]
    one = ServerEngine("http://box/v1", EngineOptions(attempts=1), httpx.MockTransport(lambda _: answers.pop(0)))
    await one.ready()
    assert (one.info.name, len(_no_pauses)) == ("qwen", 6)


@pytest.mark.parametrize(
    ("answer", "said", "todo"),
    [
        (httpx.ConnectError("refused"), "No server answers", "Start the server"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "certificate", "SSL_CERT_FILE"),
        (refusal(401, "Invalid API Key"), "answered 401: Invalid API Key", "DOC2DATA_API_KEY"),
        (refusal(404, "page not found"), "answered 404", "/v1"),
        (
            httpx.Response(200, text="<html><head><title>My Router</title>", headers={"content-type": "text/html"}),
            r"web page \(My Router\)",
            "/v1",
        ),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), "answered 502: a web page", "finished work is kept"),
        (httpx.Response(200, text="OK", headers={"content-type": "text/plain"}), "answered with OK", "/v1"),
    ],
)
async def test_what_cannot_be_asked_says_so_before_the_first_request(
    answer: httpx.Response | Exception, said: str, todo: str
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ModelError, match=said) as trouble:
        await ServerEngine("http://box/v1#m", EngineOptions(), httpx.MockTransport(handler)).ready()
    assert todo in trouble.value.hint


async def test_the_key_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOC2DATA_API_KEY", "secret")
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization", ""))
        return completion('{"a":1}')

    await ServerEngine("http://box/v1#m", EngineOptions(), httpx.MockTransport(handler)).complete(REQUEST)
    assert seen == ["Bearer secret"]


async def test_a_time_to_come_back_may_be_a_date(_no_pauses: list[float]) -> None:
    busy = refusal(429, "slow down", **{"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"})
    assert (await engine(Server(busy, completion('{"a":1}'))).complete(REQUEST)).text == '{"a":1}'
    assert _no_pauses == []
