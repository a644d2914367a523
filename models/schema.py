"""A reply held to its schema. Nothing here repairs text: a reply is valid JSON of the right shape, or it failed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from models.errors import ReplyInvalid

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def validated(text: str, schema: str) -> str:
    """Return the text if it is JSON that satisfies the schema.

    Args:
        text: what a model answered.
        schema: a JSON schema (draft 2020-12) as JSON text.

    Raises:
        ReplyInvalid: it is not JSON, or not of that shape.
    """
    try:
        text.encode()  # half of a letter, which JSON can name, is text that nothing can hold
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ReplyInvalid(f"The reply is not JSON ({error}): {_shortened(text)!r}") from None
    problem = next(_validator(schema).iter_errors(value), None)
    if problem is not None:
        raise ReplyInvalid(f"The reply does not satisfy its schema at {problem.json_path}: {problem.message}")
    return text


def _refuse(name: str) -> None:
    """NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(f"{name} is not JSON")


@lru_cache(maxsize=256)
def _validator(schema: str) -> Validator:
    from jsonschema import Draft202012Validator

    parsed = json.loads(schema)
    Draft202012Validator.check_schema(parsed)
    return Draft202012Validator(parsed)


def _shortened(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[:length] + "..."
