"""What goes wrong between a server and us, as errors that say what to do."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from models.errors import EngineLost, ModelError, ModelNotFound, ModelUnusable
from models.errors import RequestTooLong as TooLong

if TYPE_CHECKING:
    import httpx

API_KEY = "DOC2DATA_API_KEY"
"""Environment variable with the key of a server that asks for one: keys do not belong into settings."""
AGAIN = "See what became of the server; then run the same command again: finished work is kept."
_START = "Start the server, or correct its address (it usually ends in /v1)."
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_LONGEST = 300
"""Characters of what a server said that an error repeats."""


class TryAgain(Exception):
    """An attempt failed in a way that may pass; carries the error to raise if it does not."""

    def __init__(self, error: ModelError, pause: float | None = None, *, loading: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.pause = pause
        self.loading = loading
        """Whether the server is there and only needs time."""


class SchemaRefused(Exception):
    """The server does not take a JSON schema."""


def unreachable(address: str, error: Exception, *, known: bool) -> ModelError:
    """Why no connection came about; `known` servers have answered before."""
    if known:
        return EngineLost(f"{address} is gone: {error}", AGAIN)
    if "CERTIFICATE" in str(error):
        hint = "Name the certificate of the server, or of who signed it, in the environment: SSL_CERT_FILE=FILE.pem"
        return ModelUnusable(f"{address} shows a certificate that is not known here: {error}", hint)
    return ModelNotFound(f"No server answers at {address}: {error}", _START)


def refusal(address: str, response: httpx.Response, *, schema: bool) -> Exception:
    """What an error's status means; `schema` where one was sent as a form."""
    status, text = response.status_code, said_by(response)
    said = f"{address} answered {status}: {text}"
    lowered = response.text[:2000].lower()
    # Before anything else: llama-cpp-python calls a form that it does not know a fault of its own (500).
    if schema and any(word in lowered for word in ("response_format", "json_schema", "json_object", "grammar")):
        return SchemaRefused(said)
    if status in _BUSY:
        return TryAgain(EngineLost(said, AGAIN), retry_after(response), loading=status in (429, 503))
    if status in (401, 403):
        return ModelUnusable(said, f"Set the environment variable {API_KEY} to the server's key.")
    if status == 404:
        return ModelNotFound(said, "Check the address (it usually ends in /v1) and the model's name behind #.")
    if status == 413 or ("context" in lowered and any(word in lowered for word in ("exceed", "length", "size"))):
        return TooLong(said, "Lower `chunking.tokens`, or give the server more context.")
    return ModelUnusable(said)


def said_by(response: httpx.Response) -> str:
    """What an answer that is none says, in a line: the message of an error, the title of a web page, or the text."""
    try:
        answer = response.json()
        error = answer.get("error", answer)
        said = str(error.get("message") or error) if isinstance(error, dict) else str(error)
    except (ValueError, AttributeError, RecursionError):
        text = response.text
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        page = title or "html" in response.headers.get("content-type", "") or text.lstrip()[:1] == "<"
        said = f"a web page ({title[1].strip() if title else 'without a title'})" if page else text
    said = " ".join(said.split())
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "…"


def retry_after(response: httpx.Response) -> float | None:
    """Seconds that a busy server asks for, given as seconds or as a date; None where it does not say."""
    value = response.headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
