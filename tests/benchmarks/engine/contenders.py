"""The ways to drive llama.cpp that are compared, each a function from requests to a measurement.

Every contender loads the same file with one thread and greedy prefix reuse as its library offers it; only the time
after loading counts, in CPU seconds of the process (the measure that other work on the machine disturbs least) and in
wall seconds.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import EngineOptions, Reply, Request
from models.schema import validated

if TYPE_CHECKING:
    from models.llama.service import Service

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
    service, out = serving(model, sequences)
    return _measured(lambda: answers(service, out, requests), requests)


def serving(model: Path, sequences: int = 16) -> tuple[Service, io.BytesIO]:
    """The llama engine's service with one thread, and where its answers go."""
    from models.gguf_header import read_header
    from models.llama.fit import planned
    from models.llama.service import Service
    from models.llama.wire import Load

    options = EngineOptions(context=CONTEXT, threads=1, sequences=sequences)
    out = io.BytesIO()
    return Service(Load(model, planned(read_header(model), options), options), out), out


def answers(service: Service, out: io.BytesIO, requests: list[Request]) -> list[Reply]:
    """Ask everything at once; the replies in the order of the requests."""
    from models.llama.wire import Answered, Complete, receive

    begin = out.tell()
    for number, request in enumerate(requests):
        service.obey(Complete(number, request))
    while not service.scheduler.idle:
        service.work()
    out.seek(begin)
    replies = {event.id: event.answer for event in iter(lambda: receive(out), None) if isinstance(event, Answered)}
    return [reply for _, reply in sorted(replies.items()) if isinstance(reply, Reply)]


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


def native(model: Path, requests: list[Request]) -> Measurement:
    """llama.cpp's own server with eight slots, in the interpreter that `XLLAMACPP` names."""
    python = os.environ.get("XLLAMACPP", "")
    if not Path(python).is_file():
        raise SystemExit("`native` needs --native PYTHON, an interpreter with xllamacpp: see native_server.py.")
    order = json.dumps({"model": str(model), "requests": [_content(request) for request in requests]})
    script = str(Path(__file__).with_name("native_server.py"))
    done = subprocess.run([python, script], input=order, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    result = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(result["processor"] + "\n")
    replies = [Reply(reply["text"], generated_tokens=reply["tokens"]) for reply in result["replies"]]
    return _measurement(result["cpu"], result["wall"], replies, requests)


CONTENDERS: dict[str, Callable[[Path, list[Request]], Measurement]] = {
    "ours": ours,
    "ours8": ours_by_eight,
    "plain": plain,
    "server": server,
    "native": native,
}


def _loaded(model: Path) -> Any:
    from llama_cpp import Llama

    return Llama(str(model), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)


def _reply(llama: Any, request: Request) -> Reply:
    answer = llama.create_chat_completion(**_content(request))
    return Reply(answer["choices"][0]["message"]["content"], generated_tokens=answer["usage"]["completion_tokens"])


def _content(request: Request) -> dict[str, Any]:
    """A request as OpenAI's interface has it; free text has no format."""
    schema = json.loads(request.schema)
    structured = {"response_format": {"type": "json_object", "schema": schema}} if schema["type"] == "object" else {}
    return {
        **structured,
        "messages": [asdict(message) for message in request.messages],
        "max_tokens": request.sampling.max_tokens,
        "seed": request.sampling.seed,
        "temperature": request.sampling.temperature,
    }


def _clients(address: str, requests: list[Request]) -> list[Reply]:
    from concurrent.futures import ThreadPoolExecutor

    import httpx

    def post(request: Request) -> Reply:
        answer = httpx.post(f"{address}/chat/completions", json=_content(request), timeout=None).json()
        return Reply(answer["choices"][0]["message"]["content"], generated_tokens=answer["usage"]["completion_tokens"])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(post, requests))


def _measured(work: Callable[[], list[Reply]], requests: list[Request]) -> Measurement:
    wall, cpu = time.perf_counter(), time.process_time()
    replies = work()
    return _measurement(time.process_time() - cpu, time.perf_counter() - wall, replies, requests)


def _measurement(cpu: float, wall: float, replies: list[Reply], requests: list[Request]) -> Measurement:
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

    if json.loads(schema)["type"] == "string":
        return bool(reply.text)

    try:
        return bool(validated(reply.text, schema))
    except ReplyInvalid:
        return False


def _characters(text: str) -> int:
    """Characters of all strings of a reply, valid or not; none where JSON was cut."""
    try:
        value = json.loads(text, strict=False)
    except ValueError:
        return 0 if text.lstrip().startswith("{") else len(text)
    values = value.values() if isinstance(value, dict) else [value]
    return sum(len(item) for item in values if isinstance(item, str))
