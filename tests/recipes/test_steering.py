"""Steering: who asks, what for, in which style; and how hard what comes out is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from doc2data.asking import Difficulty, form_of
from doc2data.checks.claims import claims
from doc2data.records import Sample
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import desk
from tests.recipes.lines import PUMP_OIL, QUESTION, line, replace_grow, writer
from tests.recipes.made import samples

HARDER = "Which oil is the PX-7 gear pump filled with, so that it holds 80 mL?"


def model() -> ScriptedEngine:
    def reply(request: Request) -> str:
        fields = json.loads(request.schema)["properties"]
        if "skills" in fields:
            return json.dumps({"use": "servicing the pump", "skills": ["finding a value", "applying a condition"]})
        if "answerable" in fields:
            return json.dumps({"answerable": True, "sentences": [1], "answer": PUMP_OIL})
        return json.dumps({"question": QUESTION})

    return ScriptedEngine(reply)


async def qa(
    folder: Path, grow: Mapping[str, Any], personas: tuple[str, ...] = ()
) -> tuple[list[Sample], list[Request]]:
    engine = model()
    with desk(folder, engine=engine) as at:
        at.settings, at.personas = replace_grow(at, grow), personas
        return await samples("qa", at), engine.history


async def test_personas_ask_and_are_remembered(tmp_path: Path) -> None:
    made, asked = await qa(tmp_path, {}, ("a nurse on night duty", "a pilot"))
    assert {sample.recipe.params["persona"] for sample in made} == {"a nurse on night duty", "a pilot"}
    first = next(r.messages[-1].content for r in asked if "answerable" not in r.schema)
    assert "The person who asks: a" in first


async def test_use_and_skills_are_named_once_per_passage(tmp_path: Path) -> None:
    made, asked = await qa(tmp_path, {"skills": True})
    purposes = [r for r in asked if "skills" in r.schema]
    assert {(r.messages, r.sampling.seed) for r in purposes} and len({r.key for r in purposes}) < len(made)
    assert made[0].recipe.params["use"] == "servicing the pump"
    assert {sample.recipe.params["skill"] for sample in made} == {"finding a value", "applying a condition"}
    assert any("Skill that it should ask for: finding a value" in r.messages[-1].content for r in asked)


async def test_a_style_is_a_system_message_that_the_model_follows_and_its_children_keep(tmp_path: Path) -> None:
    made, asked = await qa(tmp_path, {"styles": ("brief",)})
    roles = [message.role for message in made[0].messages]
    assert roles == ["system", "user", "assistant"] and "one short sentence" in made[0].messages[0].content
    assert any(
        "in this style" in r.messages[-1].content and "one short sentence" in r.messages[-1].content for r in asked
    )
    [claim] = claims(made[0])
    assert "short sentence" not in claim.question, "what the system says is no ground for an answer"


async def test_without_steering_nothing_is_said_of_it(tmp_path: Path) -> None:
    made, asked = await qa(tmp_path, {})
    assert not any(
        word in r.messages[-1].content for r in asked for word in ("person who asks", "style", "What it is for")
    )
    assert [message.role for message in made[0].messages] == ["user", "assistant"]


async def test_difficulty_grows_with_hops_level_and_evolution(tmp_path: Path) -> None:
    answers = {HARDER: (PUMP_OIL, [1])}
    with line(tmp_path, writer(HARDER, answers=answers), grow={"operators": ("concretise",), "rounds": 1}) as at:
        [child] = await samples("evolve", at.desk)
        first = at.first.recipe.params["difficulty"]
    assert first == {"hops": 1, "bloom": "remember", "evolved": 0, "stage": 1}
    assert child.recipe.params["difficulty"] == {"hops": 1, "bloom": "remember", "evolved": 1, "stage": 2}
    stages = [Difficulty(*d).stage for d in ((1, 1, 0), (1, 2, 0), (2, 1, 0), (2, 3, 0), (2, 4, 0), (3, 4, 2))]
    assert stages == [1, 2, 3, 4, 4, 5]


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("How do you replace the diaphragm?", "how to"),
        ("Why does the PTFE harden?", "why"),
        ("What should you do if E-12 is shown?", "situation"),
        ("How does the P-20 differ from the P-30?", "compare"),
        ("How often must it be replaced?", "amount"),
        ("Which oil is the pump filled with?", "fact"),
        ("Is the cover locked?", "yes or no"),
        ("如何更换隔膜？", "how to"),
        ("为什么要关闭？", "why"),
        ("额定流量是多少？", "amount"),
    ],
)
def test_forms_of_questions(question: str, form: str) -> None:
    assert form_of(question) == form
