"""llama.cpp's own server with eight slots, as xllamacpp packs it: run by the interpreter that has xllamacpp.

An order in JSON on stdin, what it took and the replies in JSON on stdout. Nothing but the standard library and
xllamacpp is imported, since it lives in an environment of its own:

    python -m venv /tmp/xllamacpp && /tmp/xllamacpp/bin/pip install xllamacpp
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

SLOTS = 8
_SLOT_CONTEXT = 1536


def main() -> None:
    """Serve, ask everything with as many clients as slots, and say what it took."""
    xllamacpp = importlib.import_module("xllamacpp")
    order = json.load(sys.stdin)
    # llama.cpp talks on stdout; the answer goes to what was stdout.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.n_ctx = SLOTS * _SLOT_CONTEXT
    params.n_parallel = SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.port = 0
    server = xllamacpp.Server(params)
    address = server.listening_address + "/v1/chat/completions"
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(SLOTS) as pool:
        replies = list(pool.map(lambda content: _post(address, content), order["requests"]))
    result = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "replies": replies,
        "processor": xllamacpp.get_system_info(),
    }
    answer.write(json.dumps(result) + "\n")
    answer.flush()
    os._exit(0)


def _post(address: str, content: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(address, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    return {"text": answer["choices"][0]["message"]["content"], "tokens": answer["usage"]["completion_tokens"]}


if __name__ == "__main__":
    main()
