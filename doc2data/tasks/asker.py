"""Who is asked: an engine with the prompts and the settings of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from doc2data.settings import ModelSettings
from doc2data.tasks.core import PassageText, Prompts, Task, Told, ask
from models.engine import Engine, Sampling

Out = TypeVar("Out", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Asker:
    """Puts Tasks to one model."""

    engine: Engine
    prompts: Prompts
    settings: ModelSettings
    forbidden: tuple[str, ...] = ()
    """Words that it must not say."""

    async def ask(
        self,
        task: Task[Out],
        language: str,
        seed: int,
        values: Mapping[str, Any],
        passage: PassageText | None = None,
        output: type[Out] | None = None,
    ) -> Out:
        """What the model says; arguments and errors are those of `answer`."""
        return (await self.answer(task, language, seed, values, passage, output)).said

    async def answer(
        self,
        task: Task[Out],
        language: str,
        seed: int,
        values: Mapping[str, Any],
        passage: PassageText | None = None,
        output: type[Out] | None = None,
    ) -> Told[Out]:
        """Ask the model.

        Args:
            task: what to ask for.
            language: of prompt and reply.
            seed: makes the reply repeatable.
            values: what the task's prompt names.
            passage: shown before the task.
            output: a narrower form of `task.output`.

        Raises:
            ModelError: no usable reply came.
        """
        messages = self.prompts.messages(task.name, language, passage, values)
        settings = self.settings
        sampling = Sampling(
            temperature=settings.temperature,
            seed=seed,
            max_tokens=settings.reply_tokens,
            forbidden=self.forbidden,
        )
        form = output or task.output
        return await ask(self.engine, task, messages, form, sampling, settings.attempts)

    async def likelihood(
        self, task: Task[Any], language: str, values: Mapping[str, Any], passage: PassageText | None, text: str
    ) -> float:
        """Mean log-probability (nats per token) of a text as the reply to a task's prompt.

        Raises:
            ModelError: the engine cannot score.
        """
        [score] = await self.engine.score(self.prompts.messages(task.name, language, passage, values), [text])
        return score
