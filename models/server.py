"""Models behind an OpenAI-compatible server on the user's own network: llama-server, vLLM, Ollama, LM Studio.

A reply counts when it is JSON of the right shape, and only then: whether a server honours `response_format` or not,
prose around JSON and Markdown fences are failed attempts, never repaired. A server that refuses one form of the schema
is asked in the next; one that takes it and ignores it is told in the prompt as well. A server that has answered before
and is gone ends the run: what is finished is kept, and one failed job after another would tell nobody more.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import random
import time
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from models.engine import Condition, Message, ModelInfo, Reply, Request, Sampling
from models.errors import EngineLost, ModelNotFound, ModelUnusable, ReplyIncomplete, ReplyInvalid
from models.exchange import FORMS, answer_of, body, model_names
from models.options import EngineOptions
from models.schema import validated
from models.troubles import AGAIN, API_KEY, SchemaRefused, TryAgain, refusal, said_by, unreachable

if TYPE_CHECKING:
    import ssl

    import httpx

_LONGEST_PAUSE = 30.0
_OVERTIME = 4
"""Times the time-out that one request may take while the server answers others."""


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
        self._in_words = False
        """Whether the schema stands in the prompt too, since the server ignores the form that it takes."""
        self._answers = 0
        """Answers so far."""

    @property
    def info(self) -> ModelInfo:
        """Which server and model; the file cannot be seen, so the address is hashed."""
        shown = f"{self._address}#{self._model}" if self._model else self._address
        digest = hashlib.sha256(shown.encode()).hexdigest()
        return ModelInfo("server", self._model or self._address, digest, self._options.context)

    @property
    def condition(self) -> Condition:
        """The server loads its model by itself."""
        return Condition()

    async def ready(self) -> None:
        """Wait until the server says which model it has; one that is loading it is given the time.

        Raises:
            ModelError: no server there, no such model, or no access.
        """
        since = time.monotonic()
        for attempt in itertools.count():
            try:
                await self._name(look=True)
                return
            except TryAgain as failure:
                if not failure.loading or time.monotonic() - since > self._options.timeout:
                    raise failure.error from None
                await asyncio.sleep(self._pause(attempt, failure))

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

    def _pause(self, attempt: int, failure: TryAgain) -> float:
        """Seconds before the next attempt: what the server asked for, else doubling with some chance in it."""
        if failure.pause is not None:
            return min(failure.pause, self._options.timeout)
        return min(_LONGEST_PAUSE, 0.5 * 2.0**attempt) * random.uniform(0.5, 1.0)

    async def _attempts(self, request: Request) -> Reply:
        for attempt in range(self._options.attempts):
            try:
                return await self._attempt(request, attempt)
            except TryAgain as failure:
                last = failure
            if attempt + 1 < self._options.attempts:
                await asyncio.sleep(self._pause(attempt, last))
        raise last.error

    async def _attempt(self, request: Request, attempt: int) -> Reply:
        """One exchange; a failed attempt is made again with another seed, or a poor reply would only be repeated."""
        reply, finish = answer_of(await self._answer(request, request.sampling.seed + attempt))
        if finish == "length":
            raise TryAgain(ReplyIncomplete(f"The reply was cut after {request.sampling.max_tokens} tokens."), 0.0)
        try:
            validated(reply.text, request.schema)
        except ReplyInvalid as error:
            self._in_words = True
            raise TryAgain(error, 0.0) from None
        return reply

    async def _name(self, *, look: bool = False) -> str:
        """The model to ask for: the one named by the user, or the only one there that writes.

        Args:
            look: ask the server even where the user has named one.
        """
        async with self._naming:
            if self._model and not look:
                return self._model
            names = model_names(await self._exchange("GET", "/models", None))
            if self._model:
                # Some servers answer to any name, and some list none: a name that is wrong is refused when asked.
                return self._model
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
                content = body(request, model, seed=seed, form=FORMS[form], in_words=self._in_words)
                return await self._exchange("POST", "/chat/completions", content)
            except SchemaRefused as refusal:
                self._form = max(self._form, form + 1)
                said = refusal.args[0]
        raise ModelUnusable(said)

    async def _exchange(self, method: str, path: str, content: dict[str, Any] | None) -> Any:
        import httpx

        try:
            response = await self._patiently(self._connected().request(method, self._address + path, json=content))
        except (httpx.TimeoutException, TimeoutError):
            said = f"{self._address} did not answer within {self._options.timeout:g} s."
            raise TryAgain(EngineLost(said, AGAIN)) from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise TryAgain(unreachable(self._address, error, known=bool(self._answers))) from None
        except httpx.HTTPError as error:
            said = f"{self._address} broke off: {error or type(error).__name__}"
            raise TryAgain(EngineLost(said, AGAIN)) from None
        if response.status_code >= 400:
            raise refusal(self._address, response, schema=content is not None and "response_format" in content)
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            said = f"{self._address} does not speak the OpenAI interface: it answered with {said_by(response)}"
            raise TryAgain(ModelUnusable(said, "Check the address: it usually ends in /v1.")) from None
        self._answers += 1
        return answer

    async def _patiently(self, sending: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """Wait for an answer; a server that answers others meanwhile is slow, not gone.

        Raises:
            TimeoutError: nothing was answered for the time-out, or this request took many times as long.
        """
        task = asyncio.ensure_future(sending)
        try:
            for _ in range(_OVERTIME):
                before = self._answers
                await asyncio.wait({task}, timeout=self._options.timeout)
                if task.done() or self._answers == before:
                    break
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            task.cancel()

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            key = self._options.api_key or os.environ.get(API_KEY)
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            # trust_env off: a proxy of the environment must not see documents that stay on this network.
            self._client = httpx.AsyncClient(
                # How long an answer may take is watched over in `_patiently`.
                timeout=httpx.Timeout(None, connect=10.0),
                verify=_known_authorities() if self._address.startswith("https:") else True,
                headers=headers,
                transport=self._transport,
                trust_env=False,
            )
        return self._client


def _known_authorities() -> ssl.SSLContext:
    """Those of the system, of `SSL_CERT_FILE`, and those that come with httpx."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
