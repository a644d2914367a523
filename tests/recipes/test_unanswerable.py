"""Refusals: only of what no clue tells, in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc2data.records import Judged
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import PINNED, desk, one_passage
from tests.recipes.made import everything, reasons, samples


async def test_a_refusal_says_what_is_missing_and_claims_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = {s.question: s for s in await samples("unanswerable", at) if s.kind == "unanswerable"}
    sample = found["What is the mass of the QS-4 level sensor?"]
    assert sample.answer == "The documents do not state the mass of the QS-4 level sensor."
    assert not sample.evidence and sample.recipe.params["missing"] == "the mass of the QS-4 level sensor"


async def test_a_partial_answer_gives_the_known_part(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = [s for s in await samples("unanswerable", at) if s.kind == "partial"]
    assert found
    for sample in found:
        value = sample.answer.split(" is ")[1].split(". ")[0].split()[0]
        assert value in sample.evidence[0].quote.split(" | ")
        assert "not stated" in sample.answer


@pytest.mark.parametrize(
    "telling",
    [
        "The QS-4 level sensor weighs 90 g.",
        "The mass of the QS-4 level sensor is small.",
        "Pack the QS-4 level sensor. Its mass is small.",
    ],
)
async def test_what_any_clue_may_tell_is_never_refused(tmp_path: Path, telling: str) -> None:
    with desk(tmp_path, {**PINNED, "more.md": (("More", (telling,)),)}) as at:
        questions = {sample.question for sample in await samples("unanswerable", at)}
    assert "What is the mass of the QS-4 level sensor?" not in questions


async def test_a_passage_that_names_both_is_reason_enough_to_give_up(tmp_path: Path) -> None:
    with desk(tmp_path, search=one_passage("Somewhere the mass of a QS-4 is told.")) as at:
        found = reasons(await everything("unanswerable", at))
    assert any("A passage may answer it" in reason for reason in found)


@pytest.mark.parametrize("answerable", [True, False])
async def test_a_models_question_is_tried_on_what_is_found(tmp_path: Path, answerable: bool) -> None:
    def reply(request: Request) -> str:
        if "missing" in json.loads(request.schema)["properties"]:
            return json.dumps({"question": "What does the QS-4 level sensor cost?", "missing": "the price of the QS-4"})
        return json.dumps({"answerable": answerable, "sentences": [1], "answer": "It costs nothing."})

    with desk(tmp_path, engine=ScriptedEngine(reply)) as at:
        made = await everything("unanswerable", at)
        kept = await samples("unanswerable", at)
    assert any("finds an answer" in reason for reason in reasons(made)) == answerable
    assert bool(kept) != answerable
    assert all(sample.answer == "The documents do not state the price of the QS-4." for sample in kept)


async def test_a_models_question_must_be_about_what_its_passage_names(tmp_path: Path) -> None:
    def rambling(request: Request) -> str:
        if "missing" in json.loads(request.schema)["properties"]:
            return json.dumps({"question": "Which colour has the moon in Tahiti?", "missing": "the colour of the moon"})
        return json.dumps({"answerable": False, "sentences": [], "answer": "not stated"})

    with desk(tmp_path, engine=ScriptedEngine(rambling)) as at:
        made = await everything("unanswerable", at)
    assert reasons(made) == {"absence: The question is not about what the passage names."}
    assert not [item for item in made if not isinstance(item, Judged)]
