"""The user's turn as a question: answered from the passage, or given up with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc2data import recipes
from doc2data.errors import UsageError
from doc2data.records import Judged, Sample
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import desk
from tests.recipes.lines import PUMP_OIL
from tests.recipes.made import everything, jobs


def model(turn: str, *, answerable: bool = True) -> ScriptedEngine:
    """A model whose users say one thing."""

    def reply(request: Request) -> str:
        if not request.schema:
            return turn
        numbers = [1] if answerable else []
        return json.dumps({"answerable": answerable, "sentences": numbers, "answer": PUMP_OIL})

    return ScriptedEngine(reply)


async def test_what_the_user_says_is_answered_from_the_passage(tmp_path: Path) -> None:
    engine = model(" Which oil goes into the PX-7?\n")
    with desk(tmp_path, engine=engine) as at:
        made = (await everything("magpie", at))[0]
        planned = jobs("magpie", at)
    assert isinstance(made, Sample)
    assert made.question == "Which oil goes into the PX-7?" and made.answer == PUMP_OIL
    [system] = engine.history[0].messages
    assert system.role == "system" and f"\n[1] {PUMP_OIL}" in system.content
    assert len({job.index for job in planned if job.chunk == planned[0].chunk}) == 6
    turns = [request for request in engine.history if not request.schema]
    assert len({request.sampling.seed for request in turns}) == len(turns)


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        ("Oil?", "8 to 480"),
        ("x" * 500 + "?", "8 to 480"),
        ("Which oil goes into the PX-7 and", "breaks off"),
        ("Which oil, according to sentence 1?", "leak"),
    ],
)
async def test_a_turn_that_is_no_question_is_given_up(tmp_path: Path, turn: str, reason: str) -> None:
    with desk(tmp_path, engine=model(turn)) as at:
        made = (await everything("magpie", at))[0]
    assert isinstance(made, Judged) and made.verdicts[-1].check == "turn" and reason in made.reason


async def test_a_question_that_the_passage_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with desk(tmp_path, engine=model("Which oil goes into the PX-8?", answerable=False)) as at:
        made = (await everything("magpie", at))[0]
    assert isinstance(made, Judged) and made.reason.startswith("answerable")


@pytest.mark.parametrize(
    ("name", "engine", "message"),
    [
        ("magpie", "server", "needs a local model"),
        ("magpie", None, "needs a local model"),
        ("evolve", None, "needs a model"),
        ("self-instruct", None, "needs a model"),
    ],
)
def test_a_recipe_says_what_it_needs(name: str, engine: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        recipes.require(["qa", name], engine)
    recipes.require(["qa", "augment"], None)
    recipes.require([name], "llama")
