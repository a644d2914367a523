"""Loads the model and answers orders, one at a time, over llama-cpp-python's own chat interface."""

from __future__ import annotations

import queue
from typing import BinaryIO

from models.engine import Reply
from models.errors import ModelError, ModelUnusable, ReplyIncomplete, RequestTooLong
from models.llama.wire import Answered, Cancel, Complete, Load, Loaded, LoadFailed, Order, Started, send
from models.schema import validated


def serve(inbox: queue.SimpleQueue[Order], out: BinaryIO) -> None:
    import llama_cpp

    load = inbox.get()
    assert isinstance(load, Load)
    try:
        model = llama_cpp.Llama(str(load.path), n_ctx=load.options.context or 2048, verbose=True)
    except (ValueError, RuntimeError) as error:
        send(out, LoadFailed(ModelUnusable(f"llama.cpp cannot load {str(load.path)!r}: {error}")))
        return
    send(out, Loaded(model.n_ctx(), 1))
    dropped = set()
    waiting = []
    while True:
        order = inbox.get() if not waiting else waiting.pop(0)
        while not inbox.empty():
            waiting.append(inbox.get())
        for late in waiting:
            if isinstance(late, Cancel):
                dropped.add(late.id)
        if isinstance(order, (Load, Cancel)) or order.id in dropped:
            continue
        send(out, Started(order.id))
        try:
            answer = _complete(model, order) if isinstance(order, Complete) else _score(model, order)
            if isinstance(order, Complete):
                validated(answer.text, order.request.schema)
        except ModelError as error:
            answer = error
        send(out, Answered(order.id, answer))


def _complete(model, order):
    import llama_cpp

    request = order.request
    grammar = llama_cpp.LlamaGrammar.from_json_schema(request.schema, verbose=False)
    try:
        made = model.create_chat_completion(
            [{"role": m.role, "content": m.content} for m in request.messages],
            grammar=grammar,
            temperature=request.sampling.temperature,
            top_k=request.sampling.top_k,
            top_p=request.sampling.top_p,
            min_p=request.sampling.min_p,
            max_tokens=request.sampling.max_tokens,
            seed=request.sampling.seed,
        )
    except ValueError as error:
        raise RequestTooLong(str(error)) from None
    if made["choices"][0]["finish_reason"] != "stop":
        raise ReplyIncomplete("The reply was cut before its end.")
    usage = made["usage"]
    return Reply(
        made["choices"][0]["message"]["content"].strip(),
        prompt_tokens=usage["prompt_tokens"],
        generated_tokens=usage["completion_tokens"],
    )


def _score(model, order):
    raise ModelError("Scoring is not built into this engine.")
