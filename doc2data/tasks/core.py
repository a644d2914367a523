"""A Task is one typed request: an output schema, a prompt per language, and the asking of it.

The prompts of all Tasks on one chunk begin alike (system message, then the numbered passage, then the task), so an
engine computes that beginning once. A reply is parsed only here. Text of documents enters prompts as values of a
template, each line of it behind a number, a dot or an angle, or all of it in one line, so it can neither close the
passage nor add an instruction.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from models.engine import Engine, Message, Request, Sampling, canonical
from models.errors import ModelError, ReplyIncomplete, ReplyInvalid

Out = TypeVar("Out", bound=BaseModel)
TRIMMED = AfterValidator(str.strip)
"""White space at the ends goes after the bounds are checked: what is left is for the checks to judge, not a failure."""
FALLBACK_LANGUAGE = "en"
CITED = 8
"""Most sentences that one answer is taken from: a procedure has that many steps."""
MARK = "> "
"""What each line of a question or an answer begins with where a model is to judge or mend it."""


@dataclass(frozen=True, slots=True)
class Task(Generic[Out]):
    """One kind of request."""

    name: str
    """Also the name of its prompt file."""
    output: type[Out]
    """What a reply holds; `Desk.ask` may narrow it, for instance to the sentence numbers that exist."""
    reply_tokens: int = 256
    """Most tokens of a reply, structure included."""
    logprobs: bool = False
    """Whether the model is asked how sure it is of what it says."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as a model sees it."""

    title: str
    section: str
    lines: tuple[str, ...]
    """Each line numbered `[n]`, or led by `·` where it only gives context."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompt texts by language, the project's own before ours."""

    overrides: Path | None = None
    """A folder with LANGUAGE/NAME.txt files, or None."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """Values that every prompt may use: domain, audience, forbidden words."""

    def messages(
        self, name: str, language: str, passage: PassageText | None, values: Mapping[str, Any]
    ) -> tuple[Message, ...]:
        """The chat that asks for task `name` in a language (English where we have none in that language)."""
        filled = {**self.shared, **values}
        system = _render(self.text("system", language), filled)
        parts = [_render(self.text(name, language), filled)]
        if passage is not None:
            parts.insert(0, _render(self.text("passage", language), {"passage": passage}))
        return (Message("system", system), Message("user", "\n\n".join(parts)))

    def system(self, name: str, language: str, passage: PassageText, values: Mapping[str, Any]) -> str:
        """Template `name` with a passage in it, as the system's text of a chat that goes on without a task."""
        return _render(self.text(name, language), {**self.shared, **values, "passage": passage})

    def text(self, name: str, language: str) -> str:
        """The template of a prompt.

        Raises:
            FileNotFoundError: no such prompt.
        """
        own = self.overrides / language / f"{name}.txt" if self.overrides else None
        if own is not None and own.is_file():
            return own.read_text(encoding="utf-8").strip()
        return _shipped(name, language)

    def fingerprint(self, names: Sequence[str], languages: Sequence[str]) -> str:
        """Hash of the prompts a recipe uses, with the shared values."""
        texts = [self.text(name, language) for name in ("system", "passage", *names) for language in languages]
        return hashlib.sha256(canonical([texts, dict(self.shared)]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told(Generic[Out]):
    """What a model told, and how sure it was."""

    said: Out
    sureness: float = 1.0
    """Geometric mean of the probabilities of the tokens that it drew; 1 where it was not asked, or does not tell."""


async def ask(
    engine: Engine,
    task: Task[Any],
    messages: tuple[Message, ...],
    output: type[Out],
    sampling: Sampling,
    attempts: int,
) -> Told[Out]:
    """Ask until a reply holds what `output` says, at most `attempts` times, each with a seed of its own.

    Raises:
        ModelError: the engine failed, or no reply was complete and valid.
    """
    schema = canonical(_bare(output.model_json_schema()))
    failure: ModelError | None = None
    for attempt in range(attempts):
        drawn = Sampling(
            temperature=sampling.temperature,
            seed=sampling.seed + attempt,
            max_tokens=min(task.reply_tokens, sampling.max_tokens),
            forbidden=sampling.forbidden,
        )
        try:
            reply = await engine.complete(Request(messages, schema, drawn, logprobs=task.logprobs))
            said = output.model_validate_json(reply.text)
            return Told(said) if reply.logprob is None else Told(said, math.exp(min(0.0, reply.logprob)))
        except ValidationError as error:
            first = error.errors()[0]
            failure = ReplyInvalid(f"{task.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}.")
        except (ReplyIncomplete, ReplyInvalid) as error:
            failure = error
    assert failure is not None
    raise failure


def _bare(schema: Any) -> Any:
    """A schema without titles and descriptions: what the model must know stands in the prompt."""
    if isinstance(schema, list):
        return [_bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = {"properties", "$defs"}
    return {
        key: {name: _bare(part) for name, part in value.items()} if key in named else _bare(value)
        for key, value in schema.items()
        if key not in ("title", "description")
    }


@cache
def _shipped(name: str, language: str) -> str:
    folder = resources.files("doc2data.tasks") / "prompts"
    file = folder / language / f"{name}.txt"
    if not file.is_file():
        file = folder / FALLBACK_LANGUAGE / f"{name}.txt"
    return file.read_text(encoding="utf-8").strip()


def _render(template: str, values: Mapping[str, Any]) -> str:
    return _environment().from_string(template).render(values).strip()


@cache
def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["marked"] = marked
    made.filters["inline"] = inline
    return made


def marked(text: str) -> str:
    """A text with `MARK` before each line, so that none of its lines is read as a part of the prompt."""
    return "\n".join(f"{MARK}{line}" for line in text.splitlines() or [""])


def inline(text: str) -> str:
    """A text in one line, for where a prompt has its own words in front of it."""
    return " ".join(text.split())


def cited(lines: int, most: int = CITED) -> Any:
    """The type of a list of at most so many sentence numbers that exist: from 1 to `lines`."""
    return Annotated[list[Annotated[int, Field(ge=1, le=lines)]], Field(max_length=min(most, lines))]
