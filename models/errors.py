"""Everything that can go wrong between a prompt and its reply.

ModelError
 ├── ModelNotFound      no such file, name or server
 ├── ModelUnusable      not a GGUF, damaged, wrong kind, or too big for this machine
 ├── RequestTooLong     the prompt and its reply do not fit the context; refused before it runs
 ├── ReplyIncomplete    the reply was cut before its structure was closed
 ├── ReplyInvalid       the reply does not satisfy its schema, after every attempt
 ├── EngineLost         the engine's process or server died and could not be brought back
 ├── SchemaUnsupported  a schema asks for what cannot be guaranteed
 └── ReplyMissing       replay was asked for a reply that was never recorded
"""

from __future__ import annotations


class ModelError(Exception):
    """A model could not do what was asked: `message` says what happened, `hint` what to do."""

    default_hint = "Run `doc2data doctor` to see what works on this machine."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint


class ModelNotFound(ModelError):
    """No such file, name or server."""

    default_hint = "Run `doc2data models` to see the models on this machine."


class ModelUnusable(ModelError):
    """Not a GGUF, damaged, of the wrong kind, or too big for this machine."""

    default_hint = "Choose another model with `--model`; `doc2data models` says which ones fit."


class RequestTooLong(ModelError):
    """The prompt and its reply do not fit the context; refused before it runs."""

    default_hint = "Lower `chunking.tokens`, or raise `model.context`."


class ReplyIncomplete(ModelError):
    """The reply was cut before its structure was closed."""

    default_hint = "Raise `model.reply_tokens`, or shorten the passages with `chunking.tokens`."


class ReplyInvalid(ModelError):
    """The reply does not satisfy its schema, after every attempt."""

    default_hint = "Use the built-in engine with a GGUF file, or a server that honours `response_format`."


class EngineLost(ModelError):
    """The engine's process or server died and could not be brought back."""

    default_hint = "Run the same command again: finished work is kept."


class SchemaUnsupported(ModelError):
    """A schema asks for what cannot be guaranteed while a reply is written."""

    default_hint = (
        "Use strings with bounds or a pattern, numbers, enums, lists and objects; or a server, whose replies are "
        "compared with the schema afterwards."
    )


class ReplyMissing(ModelError):
    """Replay was asked for a reply that was never recorded."""

    default_hint = "Record again with the engine that made the recording."
