"""Questions of one passage: their kinds, levels, lengths and examples, as the settings ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from doc2data.errors import UsageError
from doc2data.recipes.given import Example, Given, read_given
from doc2data.settings import Settings
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import desk
from tests.recipes.made import jobs, samples


def settings(**qa: Any) -> Settings:
    return Settings.model_validate({"qa": qa})


def writer(request: Request) -> str:
    if "answerable" in json.loads(request.schema)["properties"]:
        return json.dumps({"answerable": True, "sentences": [1], "answer": "It is so."})
    return json.dumps({"question": "What is told of the PX-7 gear pump?"})


async def asked(folder: Path, qa: Mapping[str, Any], given: Given | None = None) -> list[str]:
    """What a model is asked under some settings."""
    engine = ScriptedEngine(writer)
    with desk(folder, engine=engine) as at:
        at.settings, at.given = settings(**qa), given or Given()
        await samples("qa", at)
    return [request.messages[-1].content for request in engine.history]


async def test_kinds_are_asked_for_in_turns_and_only_of_clues_that_answer_them(tmp_path: Path) -> None:
    shown = await asked(tmp_path, {"kinds": ["reason", "lookup"]})
    questions = [text for text in shown if "Kind of question" in text]
    assert any("look-up of one value" in text for text in questions)
    for text in questions:
        number = text.split("what sentence ")[1].split(" ")[0]
        line = next(line for line in text.splitlines() if line.startswith(f"[{number}]"))
        assert ("|" in line) == ("look-up" in text)


async def test_levels_lengths_and_limits_reach_the_prompts(tmp_path: Path) -> None:
    shown = await asked(tmp_path, {"bloom": ["apply"], "question_words": 12, "answers": ["long"]})
    assert any("concrete situation" in text for text in shown)
    assert all(("At most 12 words" in text) == ("Kind of question" in text) for text in shown)
    assert any("up to six complete sentences" in text for text in shown)


async def test_examples_of_the_user_stand_in_the_prompt_as_examples(tmp_path: Path) -> None:
    given = Given(examples=(Example("How heavy is the crate?", "It weighs 4 kg."),))
    shown = await asked(tmp_path, {}, given)
    assert any("on other documents" in text and "How heavy is the crate?" in text for text in shown)


async def test_without_wishes_the_prompts_ask_for_nothing_more(tmp_path: Path) -> None:
    shown = await asked(tmp_path, {})
    assert not any("Bloom" in text or "At most" in text or "other documents" in text for text in shown)


async def test_rules_keep_to_the_kinds_and_lengths_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        every = {s.recipe.params["question_kind"] for s in await samples("qa", at)}
        kind = min(every)
        at.settings = settings(kinds=[kind], question_words=11)
        found = await samples("qa", at)
    assert len(every) > 1 and found
    assert all(s.recipe.params["question_kind"] == kind and len(s.question.split()) <= 11 for s in found)


async def test_what_a_passage_answers_in_two_ways_is_not_asked(tmp_path: Path) -> None:
    told = (
        "The type field of a finding must be set to a red mark.",
        "The type field of a finding must be set to a blue circle.",
    )
    twice = (("Findings", told), ("Fields", ("The type field of a plan must be set to daily.",)))
    with desk(tmp_path, {"a.md": twice[1:], "b.md": twice[:1]}) as at:
        found = await samples("qa", at)
    assert {evidence.document for sample in found for evidence in sample.evidence} == {"a.md"}


def test_other_wishes_are_other_work(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        before = {at.job_id(job) for job in jobs("qa", at)}
        at.settings = settings(answers=["short"])
        assert not before & {at.job_id(job) for job in jobs("qa", at)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("{", "line 1"),
        ('{"question": "Why?"}', "no question and answer"),
        ('{"question": "Why?", "answer": " "}', "no question and answer"),
    ],
)
def test_an_example_file_that_cannot_be_used_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_given(settings(examples="own.jsonl"), tmp_path)


def test_examples_are_read_in_either_shape(tmp_path: Path) -> None:
    rows = [{"question": "Why?", "answer": "So."}, {"instruction": "How?", "output": "Thus."}]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = read_given(settings(examples="own.jsonl"), tmp_path).examples
    assert found == (Example("Why?", "So."), Example("How?", "Thus."))


def test_a_model_is_asked_about_whole_sentences_unless_coverage_is_wanted(tmp_path: Path) -> None:
    whole, torn = "The PX-7 gear pump holds 80 mL of oil.", "Huber, A.: Gear pumps in use, Reports, 35 (7), 17-19."
    with desk(tmp_path, {"a.md": (("Pump", (whole, torn)),)}, engine=ScriptedEngine(writer)) as at:
        assert [at.corpus.clue(job.clues[0]).quote for job in jobs("qa", at)] == [whole]
        at.settings = Settings.model_validate({"generate": {"coverage": 1.0}})
        assert len(jobs("qa", at)) == 2
