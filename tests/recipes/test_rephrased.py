"""Other words, same clues, and the first question as parent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc2data.recipes.rephrased import AXES
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import desk
from tests.recipes.made import everything, jobs, reasons, samples


def model(other_words: str, sentence: int) -> ScriptedEngine:
    """A model that asks one question, rephrases it so, and answers the second one from the given sentence."""

    def reply(request: Request) -> str:
        asked = request.messages[-1].content
        if "answerable" in json.loads(request.schema)["properties"]:
            number = sentence if other_words in asked else 1
            return json.dumps({"answerable": True, "sentences": [number], "answer": "It is told there."})
        return json.dumps(
            {"question": other_words if "Question: " in asked else "Which pump is filled with which oil?"}
        )

    return ScriptedEngine(reply)


async def test_every_variant_has_its_parent_and_its_axis(tmp_path: Path) -> None:
    with desk(tmp_path, engine=model("What goes into that gear pump before it runs?", 1)) as at:
        made = await samples("rephrased", at)
        parents = {sample.id: sample for sample in await samples("qa", at)}
    assert made
    for sample in made:
        assert sample.parent in parents and sample.recipe.params["axis"] in AXES
        assert set(sample.clues) & set(parents[sample.parent].clues)


@pytest.mark.parametrize(
    ("words", "sentence", "reason"),
    [
        ("What goes into that gear pump before it runs?", 2, "no longer stands on the same clues"),
        ("Which oil is filled with which pump?", 1, "not put in other words"),
    ],
)
async def test_what_strays_or_stays_is_given_up(tmp_path: Path, words: str, sentence: int, reason: str) -> None:
    with desk(tmp_path, engine=model(words, sentence)) as at:
        assert any(reason in found for found in reasons(await everything("rephrased", at)))


def test_without_a_model_nothing_is_planned(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        assert jobs("rephrased", at) == []
