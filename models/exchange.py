"""The OpenAI chat interface in records: what is sent to a server, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any, Literal

from models.engine import Reply, Request
from models.errors import ModelUnusable

Form = Literal["json_schema", "json_object", "prompt"]
"""Where a server takes a schema: OpenAI's way, llama-cpp-python's way, or only in words."""
FORMS: tuple[Form, ...] = ("json_schema", "json_object", "prompt")
_NOT_OPENAI = "The server's answer is not that of an OpenAI-compatible server"


def body(request: Request, model: str, *, seed: int, form: Form, in_words: bool = False) -> dict[str, Any]:
    """JSON body of a chat completion.

    Args:
        request: what to ask.
        model: which model to ask.
        seed: of the sampling.
        form: where the server takes the schema.
        in_words: whether the prompt says the schema too.
    """
    sampling = request.sampling
    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    content: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "max_tokens": sampling.max_tokens,
        "seed": seed,
        "chat_template_kwargs": {"enable_thinking": request.thinking},
    }
    schema = _in_order(json.loads(request.schema))
    if form == "json_schema":
        shape = {"name": "reply", "strict": True, "schema": schema}
        content["response_format"] = {"type": "json_schema", "json_schema": shape}
    elif form == "json_object":
        content["response_format"] = {"type": "json_object", "schema": schema}
    if form == "prompt" or in_words:
        shown = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        rule = f"Answer with JSON alone, no fence and no other words, valid under this JSON schema: {shown}"
        messages[-1] = {**messages[-1], "content": f"{messages[-1]['content']}\n\n{rule}"}
    if request.logprobs:
        content["logprobs"] = True
    return content


def _in_order(schema: Any) -> Any:
    """A schema whose properties stand as `required` lists them.

    Servers let a model write the properties in the order in which they stand, and a canonical schema has them by name:
    a verdict before its reason, an answer before the sentences that it is taken from.
    """
    if isinstance(schema, list):
        return [_in_order(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    ordered = {key: _in_order(part) for key, part in schema.items()}
    properties, required = ordered.get("properties"), ordered.get("required")
    if isinstance(properties, dict) and isinstance(required, list):
        names = [*(name for name in required if name in properties), *(n for n in properties if n not in required)]
        ordered["properties"] = {name: properties[name] for name in names}
    return ordered


def answer_of(answer: Any) -> tuple[Reply, str]:
    """Reply and finish reason of a chat completion's answer.

    Raises:
        ModelUnusable: it is not such an answer.
    """
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        usage = answer.get("usage") or {}
        thinking = message.get("reasoning_content") or message.get("reasoning")
        text, before = _without_thoughts(message.get("content") or "")
        thinking = thinking or before
        reply = Reply(
            text=text.strip(),
            thinking=_whole(thinking) if isinstance(thinking, str) else None,
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            generated_tokens=int(usage.get("completion_tokens") or 0),
            logprob=_mean_logprob(choice.get("logprobs")),
        )
        return reply, str(choice.get("finish_reason") or "stop")
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise ModelUnusable(f"{_NOT_OPENAI}: {type(error).__name__} {error}.") from None


def model_names(answer: Any) -> list[str]:
    """Names of the models that a server offers; embedding models, which LM Studio lists as well, are left out.

    Raises:
        ModelUnusable: it is not such an answer.
    """
    try:
        names = [_whole(str(model["id"])) for model in answer["data"]]
        return [name for name in names if "embed" not in name.lower()]
    except (KeyError, TypeError) as error:
        raise ModelUnusable(f"{_NOT_OPENAI}: {type(error).__name__} {error}.") from None


def _whole(text: str) -> str:
    """Text without halves of letters, which JSON can name and nothing can hold."""
    return text.encode("utf-8", "replace").decode()


def _without_thoughts(text: str) -> tuple[str, str | None]:
    """A think block that the server left in the text is kept apart; nothing else of the text is touched."""
    if not text.lstrip().startswith("<think>") or "</think>" not in text:
        return text, None
    thoughts, _, rest = text.lstrip().removeprefix("<think>").partition("</think>")
    return rest, thoughts.strip()


def _mean_logprob(logprobs: Any) -> float | None:
    tokens = (logprobs or {}).get("content") or []
    return sum(float(token["logprob"]) for token in tokens) / len(tokens) if tokens else None
