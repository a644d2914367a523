"""The ways to drive llama.cpp that are compared, each a function from requests to a measurement.

Every contender loads the same file with one thread and greedy prefix reuse as its library offers it; only the time
after loading counts, in CPU seconds of the process (the measure that other work on the machine disturbs least) and in
wall seconds.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models import EngineOptions, Reply, Request
from models.schema import validated

CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one contender took for the work."""

    cpu: float
    """CPU seconds."""
    wall: float
    """Seconds."""
    characters: int
    """Characters of all values."""
    tokens: int
    """Tokens that the contender says it generated."""
    malformed: int
    """Replies that do not satisfy their schema."""


def ours(model: Path, requests: list[Request], sequences: int = 16) -> Measurement:
    """The llama engine's service, in this process so that its CPU time can be read."""
    from models.gguf_header import read_header
    from models.llama.fit import planned
    from models.llama.service import Service
    from models.llama.wire import Answered, Complete, Load, receive

    options = EngineOptions(context=CONTEXT, threads=1, sequences=sequences)
    out = io.BytesIO()
    service = Service(Load(model, planned(read_header(model), options), options), out)

    def work() -> list[Reply]:
        for number, request in enumerate(requests):
            service.obey(Complete(number, request))
        while not service.scheduler.idle:
            service.work()
        out.seek(0)
        events = iter(lambda: receive(out), None)
        answers = {event.id: event.answer for event in events if isinstance(event, Answered)}
        return [answer for answer in answers.values() if isinstance(answer, Reply)]

    return _measured(work, requests)


def ours_by_eight(model: Path, requests: list[Request]) -> Measurement:
    """The same with eight sequences."""
    return ours(model, requests, sequences=8)


def plain(model: Path, requests: list[Request]) -> Measurement:
    """`Llama.create_chat_completion`, one request after another, with the JSON schema as a grammar."""
    llama = _loaded(model)
    return _measured(lambda: [_reply(llama, request) for request in requests], requests)


def server(model: Path, requests: list[Request]) -> Measurement:
    """`llama_cpp.server` with eight clients."""
    import uvicorn
    from llama_cpp.server.app import create_app
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    settings = ModelSettings(model=str(model), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)
    app = create_app(server_settings=ServerSettings(), model_settings=[settings])
    running = uvicorn.Server(uvicorn.Config(app, port=8017, log_level="error"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    measurement = _measured(lambda: _clients("http://127.0.0.1:8017/v1", requests), requests)
    running.should_exit = True
    thread.join()
    return measurement


CONTENDERS: dict[str, Callable[[Path, list[Request]], Measurement]] = {
    "ours": ours,
    "ours8": ours_by_eight,
    "plain": plain,
    "server": server,
}


def _loaded(model: Path) -> Any:
    from llama_cpp import Llama

    return Llama(str(model), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)


def _reply(llama: Any, request: Request) -> Reply:
    schema = json.loads(request.schema)
    answer = llama.create_chat_completion(
        [asdict(message) for message in request.messages],
        response_format={"type": "json_object", "schema": schema},
        max_tokens=request.sampling.max_tokens,
        seed=request.sampling.seed,
        temperature=request.sampling.temperature,
    )
    return Reply(answer["choices"][0]["message"]["content"], generated_tokens=answer["usage"]["completion_tokens"])


def _clients(address: str, requests: list[Request]) -> list[Reply]:
    from concurrent.futures import ThreadPoolExecutor

    import httpx

    def post(request: Request) -> Reply:
        content = {
            "messages": [asdict(message) for message in request.messages],
            "response_format": {"type": "json_object", "schema": json.loads(request.schema)},
            "max_tokens": request.sampling.max_tokens,
            "seed": request.sampling.seed,
            "temperature": request.sampling.temperature,
        }
        answer = httpx.post(f"{address}/chat/completions", json=content, timeout=None).json()
        return Reply(answer["choices"][0]["message"]["content"], generated_tokens=answer["usage"]["completion_tokens"])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(post, requests))


def _measured(work: Callable[[], list[Reply]], requests: list[Request]) -> Measurement:
    wall, cpu = time.perf_counter(), time.process_time()
    replies = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    good = [reply for reply in replies if _valid(reply, requests[0].schema)]
    return Measurement(
        cpu=cpu,
        wall=wall,
        characters=sum(_characters(reply.text) for reply in replies),
        tokens=sum(reply.generated_tokens for reply in replies),
        malformed=len(requests) - len(good),
    )


def _valid(reply: Reply, schema: str) -> bool:
    from models import ReplyInvalid

    try:
        return bool(validated(reply.text, schema))
    except ReplyInvalid:
        return False


def _characters(text: str) -> int:
    """Characters of all strings of a reply, valid or not; none where it was cut."""
    try:
        value = json.loads(text, strict=False)
    except ValueError:
        return 0
    values = value.values() if isinstance(value, dict) else [value]
    return sum(len(item) for item in values if isinstance(item, str))
