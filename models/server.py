"""Models behind an OpenAI-compatible server on the user's own network: llama-server, vLLM, Ollama, LM Studio.

A reply counts when it is JSON of the right shape, and only then: whether a server honours `response_format` or not,
prose around JSON and Markdown fences are failed attempts, never repaired. A server that refuses one form of the schema
is asked in the next, at last with the schema written into the prompt.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.engine import Message, ModelInfo, Reply, Request, Sampling
from models.errors import EngineLost, ModelError, ModelNotFound, ModelUnusable, ReplyIncomplete, ReplyInvalid
from models.errors import RequestTooLong as TooLong
from models.exchange import FORMS, answer_of, body, model_names
from models.options import EngineOptions
from models.schema import validated

if TYPE_CHECKING:
    import httpx

_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE = 30.0


class _TryAgain(Exception):
    """An attempt failed in a way that may pass; carries the error to raise if it does not."""

    def __init__(self, error: ModelError, pause: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.pause = pause


class ServerEngine:
    """Completes through a chat-completions endpoint, with bounded concurrency and retries."""

    def __init__(self, address: str, options: EngineOptions, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Remember the address; nothing is sent before the first request.

        Args:
            address: `http(s)://host:port/v1`, with `#model` where the server has several.
            options: concurrency, time-out, attempts, key.
            transport: stands in for the network, in tests.
        """
        self._address, _, self._model = address.partition("#")
        self._address = self._address.rstrip("/")
        self._options = options
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._slots = asyncio.Semaphore(options.concurrency)
        self._naming = asyncio.Lock()
        self._form = 0

    @property
    def info(self) -> ModelInfo:
        """Which server and model; the file cannot be seen, so the address is hashed."""
        shown = f"{self._address}#{self._model}" if self._model else self._address
        digest = hashlib.sha256(shown.encode()).hexdigest()
        return ModelInfo("server", self._model or self._address, digest, self._options.context)

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Raises:
            ModelNotFound: no server there, or no such model.
            RequestTooLong: the server says that the prompt does not fit.
            ReplyIncomplete, ReplyInvalid: every attempt was cut, or was not JSON of the right shape.
            EngineLost: the server went away and did not come back.
        """
        async with self._slots:
            return await self._attempts(request)

    async def user_turn(self, system: str, sampling: Sampling) -> Reply:
        """Not possible: a server keeps its chat template to itself.

        Raises:
            ModelUnusable: always.
        """
        raise ModelUnusable(
            "A server does not let a user's turn be left open: its chat template is out of sight.",
            "Use a GGUF file with the built-in engine for this recipe.",
        )

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Not offered: the chat interface gives no probabilities of a given text.

        Raises:
            ModelUnusable: always.
        """
        raise ModelUnusable("A server cannot score a given text.", "Use a GGUF file for checks that need scores.")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _attempts(self, request: Request) -> Reply:
        for attempt in range(self._options.attempts):
            try:
                return await self._attempt(request, attempt)
            except _TryAgain as failure:
                last = failure
            if attempt + 1 < self._options.attempts:
                await asyncio.sleep(_pause(attempt, last))
        raise last.error

    async def _attempt(self, request: Request, attempt: int) -> Reply:
        """One exchange; a failed attempt is made again with another seed, or a poor reply would only be repeated."""
        reply, finish = answer_of(await self._answer(request, request.sampling.seed + attempt))
        if finish == "length":
            raise _TryAgain(ReplyIncomplete(f"The reply was cut after {request.sampling.max_tokens} tokens."), 0.0)
        try:
            validated(reply.text, request.schema)
        except ReplyInvalid as error:
            raise _TryAgain(error, 0.0) from None
        return reply

    async def _name(self) -> str:
        """The model to ask for: the one named by the user, or the only one there."""
        async with self._naming:
            if not self._model:
                names = model_names(await self._exchange("GET", "/models", None))
                if len(names) != 1:
                    offered = ", ".join(names) or "none"
                    raise ModelNotFound(
                        f"{self._address} offers several models or none: {offered}.", f"Name one: {self._address}#NAME"
                    )
                self._model = names[0]
        return self._model

    async def _answer(self, request: Request, seed: int) -> Any:
        """The server's answer, with the schema in the first form that it takes; which one is remembered."""
        model = await self._name()
        for form in range(self._form, len(FORMS)):
            try:
                content = body(request, model, seed=seed, form=FORMS[form])
                return await self._exchange("POST", "/chat/completions", content)
            except _SchemaRefused as refusal:
                self._form = max(self._form, form + 1)
                said = refusal.args[0]
        raise ModelUnusable(said)

    async def _exchange(self, method: str, path: str, content: dict[str, Any] | None) -> Any:
        import httpx

        try:
            response = await self._connected().request(method, self._address + path, json=content)
        except httpx.TimeoutException:
            raise _TryAgain(EngineLost(f"{self._address} did not answer within {self._options.timeout:g} s.")) from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise _TryAgain(ModelNotFound(f"No server answers at {self._address}: {error}")) from None
        except httpx.HTTPError as error:
            raise _TryAgain(EngineLost(f"{self._address} broke off: {error or type(error).__name__}")) from None
        if response.status_code >= 400:
            raise self._refusal(response, schema=content is not None and "response_format" in content)
        try:
            return response.json()
        except ValueError:
            raise _TryAgain(ModelUnusable(f"{self._address} does not speak the OpenAI interface.")) from None

    def _refusal(self, response: httpx.Response, *, schema: bool) -> Exception:
        status, text = response.status_code, response.text[:300]
        said = f"{self._address} answered {status}: {text}"
        lowered = text.lower()
        # Before anything else: llama-cpp-python calls a form that it does not know a fault of its own (500).
        if schema and any(word in lowered for word in ("response_format", "json_schema", "json_object", "grammar")):
            return _SchemaRefused(said)
        if status in _BUSY:
            return _TryAgain(EngineLost(said), _retry_after(response))
        if status in (401, 403):
            return ModelUnusable(said, "Set the server's key in `model.api_key`.")
        if status == 404:
            return ModelNotFound(said, "Check the address (it usually ends in /v1) and the model's name.")
        if status == 413 or ("context" in lowered and any(word in lowered for word in ("exceed", "length", "size"))):
            return TooLong(said)
        return ModelUnusable(said)

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            headers = {"Authorization": f"Bearer {self._options.api_key}"} if self._options.api_key else {}
            # trust_env off: a proxy of the environment must not see documents that stay on this network.
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(self._options.timeout, connect=10.0),
                headers=headers,
                transport=self._transport,
                trust_env=False,
            )
        return self._client


class _SchemaRefused(Exception):
    """The server does not take a JSON schema."""


def _pause(attempt: int, failure: _TryAgain) -> float:
    """Seconds before the next attempt: what the server asked for, else doubling with some chance in it."""
    if failure.pause is not None:
        return min(failure.pause, _LONGEST_PAUSE)
    return min(_LONGEST_PAUSE, 0.5 * 2.0**attempt) * random.uniform(0.5, 1.0)


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
