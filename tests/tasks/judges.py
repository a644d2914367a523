"""Judges without a model: scripted engines that rate and compare by what they are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from doc2data.settings import ModelSettings
from doc2data.tasks.asker import Asker
from doc2data.tasks.core import Prompts
from doc2data.tasks.judging import ASPECTS
from doc2data.tasks.panel import Panel
from models import ModelInfo, Request, ScriptedEngine

SHARED = {"domain": "", "audience": "", "forbidden": ""}
MODELS = ("north", "south", "east")


def rated(**scores: int) -> str:
    """A review with these scores; 5 for the aspects that are not named."""
    found = {aspect: scores.get(aspect, 5) for aspect in ASPECTS}
    return json.dumps({a: {"reason": "no defect" if n == 5 else f"weak {a}", "score": n} for a, n in found.items()})


def preferring(choose: Callable[[str, str], str]) -> Callable[[Request], str]:
    """A judge that looks at both answers as they are shown."""

    def reply(request: Request) -> str:
        found = re.search(r"First answer:\n> (.*)\n\nSecond answer:\n> (.*)\n", request.messages[-1].content)
        assert found is not None
        return json.dumps({"reason": "It is better.", "better": choose(*found.groups())})

    return reply


def panel(*scripts: Callable[[Request], str]) -> tuple[Panel, list[ScriptedEngine]]:
    """A panel of these judges, and the engines behind it."""
    engines = [
        ScriptedEngine(script, ModelInfo("scripted", name, name * 8))
        for script, name in zip(scripts, MODELS, strict=False)
    ]
    settings = ModelSettings(temperature=0.0)
    return Panel(tuple(Asker(engine, Prompts(shared=SHARED), settings) for engine in engines)), engines
