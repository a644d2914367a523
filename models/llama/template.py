"""A GGUF's own chat template, rendered in a sandbox around placeholders and filled in as tokens.

What a document says takes no part in rendering and is never read as special tokens, so nothing in it can end a turn,
open another or speak as the system.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.engine import Message
from models.errors import ModelUnusable
from models.llama.bounds import EndlessWork, bounded
from models.llama.vocabulary import Vocabulary

if TYPE_CHECKING:
    from jinja2 import Environment, Template

# Private-use characters: no template has them, and trimming leaves them alone.
_PLACEHOLDER = "\ue0f0{}\ue0f1"
_PLACE = re.compile("\ue0f0(\\d+)\ue0f1")
_LARGEST = 1 << 63
_NO_TURN = "Use the model with other recipes, or choose another instruct model for this one."


class ChatTemplate:
    """Turns messages into the tokens of a prompt that ends where the assistant speaks."""

    def __init__(self, source: str, vocabulary: Vocabulary, *, bos: str, eos: str, begin: int | None) -> None:
        """Compile a template.

        Args:
            source: Jinja source of the GGUF.
            vocabulary: of the model.
            bos: text of the token that begins a text, which templates may write.
            eos: text of the token that ends one.
            begin: token that every prompt must begin with, if the model wants one.

        Raises:
            ModelUnusable: the template is not valid Jinja.
        """
        self._vocabulary = vocabulary
        self._names = {"bos_token": bos, "eos_token": eos}
        self._begin = begin
        self._template = _compiled(source)
        self.thinks = "<think>" in source
        """Whether the model may think before it answers."""
        self._channels = "<|channel|>" in source

    def prompt(self, messages: Sequence[Message], *, thinking: bool) -> list[int]:
        """Tokens of a prompt.

        Raises:
            ModelUnusable: the template refuses the messages.
        """
        rendered = self._rendered(messages, thinking)
        return self._tokens(rendered + self._last_words(rendered, thinking=thinking), messages)

    def user_turn(self, system: str) -> list[int]:
        """Tokens of a chat up to the place where the user begins to speak (Magpie, 2406.08464).

        Raises:
            ModelUnusable: the template has no turn of the user that could be left open.
        """
        messages = (Message("system", system), Message("user", ""))
        try:
            opened, found, _ = self._rendered(messages, thinking=False).partition(_PLACEHOLDER.format(1))
        except ModelUnusable as error:
            raise ModelUnusable(f"The model's chat template has no user turn: {error.message}", _NO_TURN) from None
        own = _PLACE.sub("", opened).replace(self._names["bos_token"], "")
        if not found or not own.strip() or _PLACEHOLDER.format(0) not in opened:
            raise ModelUnusable("The model's chat template marks no user turn that could be left open.", _NO_TURN)
        return self._tokens(opened, messages)

    def _tokens(self, rendered: str, messages: Sequence[Message]) -> list[int]:
        """Tokens of rendered text, with what the messages say in the place of the placeholders."""
        parts: list[tuple[str, bool]] = []
        for index, piece in enumerate(_PLACE.split(rendered)):
            parts.append((messages[int(piece)].content, False) if index % 2 else (piece, True))
        tokens = self._vocabulary.encode_parts(parts)
        if self._begin is not None and tokens[:1] != [self._begin]:
            tokens.insert(0, self._begin)
        return tokens

    def transcript(self, messages: Sequence[Message]) -> tuple[str, int]:
        """A whole conversation as trainers write it, with its number of tokens.

        Trainers tokenise the text as one, so markers in it (`<think>` in an answer) count as what they say.

        Raises:
            ModelUnusable: the template refuses the messages.
        """
        rendered = self._rendered(messages, thinking=False, open_end=False)
        pieces = _PLACE.split(rendered)
        text = "".join(messages[int(piece)].content if n % 2 else piece for n, piece in enumerate(pieces))
        tokens = self._vocabulary.encode_marked(text)
        missing = self._begin is not None and tokens[:1] != [self._begin]
        return text, len(tokens) + missing

    def _last_words(self, rendered: str, *, thinking: bool) -> str:
        """What is still missing between the template's end and the place where the reply (or the thought) begins."""
        opened = rendered.rstrip().endswith("<think>")
        if thinking and self.thinks:
            return "" if opened else "<think>\n"
        if opened:
            return "\n</think>\n\n"
        return "<|channel|>final<|message|>" if self._channels else ""

    def _rendered(self, messages: Sequence[Message], thinking: bool, *, open_end: bool = True) -> str:
        """The template around placeholders; the system's words go into the first user message where need be."""
        turns = [{"role": turn.role, "content": _PLACEHOLDER.format(n)} for n, turn in enumerate(messages)]
        refusal = ""
        for attempt in (turns, _folded(turns)):
            text, refusal = self._attempt(attempt, thinking, open_end)
            if all(_PLACEHOLDER.format(n) in text for n in range(len(messages))):
                return text
        raise ModelUnusable(f"The model's chat template refuses these messages: {refusal or 'it leaves some out'}.")

    def _attempt(self, turns: list[dict[str, str]], thinking: bool, open_end: bool) -> tuple[str, str]:
        """Rendered text, or nothing and the reason."""
        from jinja2 import TemplateError

        names: dict[str, Any] = {**self._names, "enable_thinking": thinking, "add_generation_prompt": open_end}
        try:
            with bounded():
                return self._template.render(messages=turns, tools=None, **names), ""
        except MemoryError:
            return "", "it asks for too much memory"
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            return "", str(error)
        except (EndlessWork, RecursionError):
            return "", "it does not come to an end"


def _folded(turns: list[dict[str, str]]) -> list[dict[str, str]]:
    if len(turns) < 2 or turns[0]["role"] != "system":
        return turns
    content = f"{turns[0]['content']}\n\n{turns[1]['content']}"
    return [{"role": turns[1]["role"], "content": content}, *turns[2:]]


def _compiled(source: str) -> Template:
    from jinja2 import TemplateError

    environment = _environment()
    environment.globals["raise_exception"] = _refuse
    # No clock: the same request must make the same prompt on any day.
    environment.globals["strftime_now"] = lambda form: ""
    try:
        with bounded():
            return environment.from_string(source)
    except (TemplateError, SyntaxError, MemoryError, RecursionError, EndlessWork, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise ModelUnusable(f"The model's chat template is damaged: {reason}.") from None


def _environment() -> Environment:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Bounded(ImmutableSandboxedEnvironment):
        """Without powers and products of huge numbers, which one step can raise beyond all bounds."""

        intercepted_binops = frozenset({"**", "*", "//", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator == "**" or any(isinstance(n, int) and abs(n) > _LARGEST for n in (left, right)):
                _refuse("powers and huge numbers are not computed")
            return super().call_binop(context, operator, left, right)

    return Bounded(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])


def _refuse(message: str) -> None:
    from jinja2 import TemplateError

    raise TemplateError(message)
