"""Who asks, what for, and in which style the answer comes: personas, use and skills, and styles by system message.

Use and skills as in CodecLM (2404.05875), system messages as in Orca (2306.02707).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from doc2data.recipes.base import Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.growing import choice
from doc2data.records import Message, content_id
from doc2data.tasks.growing import NAME_PURPOSE
from doc2data.tasks.passage import Numbered

STYLES: Mapping[str, tuple[str, str]] = {
    "brief": (
        "You are a helpful assistant. Answer in one short sentence, without introduction.",
        "你是一个乐于助人的助手。用一个短句回答，不要开场白。",
    ),
    "steps": (
        "You are a helpful assistant. Think step by step and say what each step rests on before you conclude.",
        "你是一个乐于助人的助手。逐步思考，先说明每一步的依据，再得出结论。",
    ),
    "beginner": (
        "You are a patient teacher. Answer so that someone who is new to the subject understands it.",
        "你是一位耐心的老师。请让初学者也能听懂你的回答。",
    ),
    "expert": (
        "You are a specialist who answers colleagues: precise terms, every figure with its unit, no simplification.",
        "你是一位回答同行问题的专家：用语准确，数字带单位，不作简化。",
    ),
    "list": (
        "You are a helpful assistant. Answer as a list with one point a line.",
        "你是一个乐于助人的助手。用列表回答，每行一点。",
    ),
}
"""Name of a style to its system message in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Steering:
    """How one job is steered."""

    asked: Mapping[str, str]
    """For prompts that write a question: persona, use and skill, each empty where there is none."""
    system: tuple[Message, ...] = ()
    """The system message that sets the answer's style, or nothing."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """What the sample remembers of it."""

    @property
    def answered(self) -> Mapping[str, str]:
        """For prompts that write an answer."""
        return {"style": self.system[0].content if self.system else ""}


async def steer(job: Job, desk: Desk, passage: Numbered, language: str) -> Steering:
    """The steering of a job, chosen by the seed.

    Raises:
        ModelError: the model was to name use and skills and gave no usable reply.
    """
    grow = desk.settings.grow
    key = (desk.settings.generate.seed, job.recipe, job.clues, job.index)
    asked = {"persona": "", "use": "", "skill": ""}
    if desk.personas:
        asked["persona"] = choice(desk.personas, "persona", *key)
    if grow.skills:
        seed = int(content_id("purpose", desk.settings.generate.seed, job.chunk)[:7], 16)
        purpose = await desk.ask(NAME_PURPOSE, language, seed, {}, passage)
        asked |= {"use": purpose.use, "skill": choice(purpose.skills, "skill", *key)}
    params: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if not grow.styles:
        return Steering(asked, (), params)
    style = choice(grow.styles, "style", *key)
    text = STYLES[style][language == CHINESE]
    return Steering(asked, (Message("system", text),), params | {"style": style})
