"""Text tasks: by rule from what stands there, by model held to labels, schemas and second passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doc2data.recipes.base import Desk
from doc2data.recipes.given import Given
from doc2data.records import Judged, Sample
from doc2data.settings import Settings
from doc2data.tasks.summary import central
from doc2data.tasks.texts import NONE, POINT
from models import ReplyInvalid, ScriptedEngine
from tests.recipes.desks import Section, desk
from tests.recipes.made import everything, jobs, reasons
from tests.recipes.parents import accepting
from tests.recipes.test_prefer import pairs

SERVICE = (
    "Service modes are states in which single functions of the pump can be run by hand.",
    "Mode S1 runs the pump without the sensors.",
    "However, Mode S3 of the pump stops all functions of the sensors by hand for 20 s.",
    "Mode S2 moves the wiper and opens the inlet valve for 30 s.",
    "All service modes end by themselves after 45 minutes.",
)
TEXT: dict[str, tuple[Section, ...]] = {"service.md": (("Service", SERVICE),)}


def checked(made: list[Sample | Judged], at: Desk) -> None:
    """Every sample passes every check that needs no index."""
    names = ["structure", "evidence", "language", "selfcontained", "completeness", "support"]
    for verdicts in accepting(at, []).check(pairs(made), names=names):
        assert all(verdict.passed for verdict in verdicts), verdicts


async def test_a_summary_by_rule_is_the_texts_own_central_sentences(tmp_path: Path) -> None:
    with desk(tmp_path, TEXT) as at:
        made = await everything("summarise", at)
        checked(made, at)
    levels = {sample.recipe.params["difficulty"]["bloom"] for sample in pairs(made)}
    assert levels == {"understand"}, "whatever words the text holds"
    one, three = sorted(pairs(made), key=lambda sample: len(sample.answer))
    assert one.answer in SERVICE and not one.answer.startswith("However")
    points = [line.removeprefix("- ") for line in three.answer.split("\n")]
    assert len(points) == 3 and set(points) <= set(SERVICE) - {SERVICE[2]}
    assert [e.quote for e in three.evidence] == points == [s for s in SERVICE if s in points], "in reading order"
    assert all(sentence in one.question for sentence in SERVICE)


async def test_a_short_text_and_a_procedure_are_not_summarised_by_rule(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.md": (("Short", SERVICE[:2]),)}) as at:
        assert jobs("summarise", at) == []


APART = (
    "The service modes of the pump are set in menu 4.",
    "A green lamp tells that power is there.",
    "Hoses have to be changed each spring.",
    "The cabinet is painted grey.",
    "The key hangs in the office.",
)
GERMAN = (
    "Die Pumpe wird in Menü 4 in einen Dienstzustand versetzt.",
    "In jedem Dienstzustand der Pumpe läuft nur eine Funktion.",
    "Der Dienstzustand der Pumpe endet nach 45 Minuten von selbst.",
    "Der Dienstzustand 3 der Pumpe hält alle Funktionen für 20 s an.",
    "Nach dem Dienstzustand muss die Pumpe neu gestartet werden.",
)


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Painting", SERVICE), ("Service", APART), ("Service", SERVICE * 3)],
)
async def test_no_summary_by_rule_where_no_sentence_stands_for_the_text(
    tmp_path: Path, heading: str, text: tuple[str, ...]
) -> None:
    with desk(tmp_path, {"a.md": ((heading, text),)}) as at:
        assert await everything("summarise", at) == []


async def test_a_german_text_is_asked_about_in_german_and_not_at_all_by_rule(tmp_path: Path) -> None:
    documents = {"pumpe.de.md": (("Dienstzustand", GERMAN),)}
    (tmp_path / "rules").mkdir()
    with desk(tmp_path / "rules", documents) as at:
        assert jobs("summarise", at) == []
    engine = model(lambda prompt: {"sentences": [1], "points": [GERMAN[0]] * (3 if "three points" in prompt else 1)})
    with desk(tmp_path, documents, engine=engine) as at:
        asked = {sample.question.split("\n")[0] for sample in pairs(await everything("summarise", at))}
    assert asked == {"Fasse den Text in einem Satz zusammen.", "Fasse den Text in drei Punkten zusammen."}


async def test_a_chinese_text_of_as_much_to_say_is_long_enough(tmp_path: Path) -> None:
    wiring = (
        "分析仪的供电电压为230 V，频率为50 Hz。",
        "接线之前必须切断分析仪的电源。",
        "电源线的截面积不得小于1.5 mm²。",
        "保护地线必须接在分析仪的端子PE上。",
    )
    with desk(tmp_path, {"接线.md": (("电源", wiring),)}) as at:
        assert [job.recipe for job in jobs("summarise", at)] == ["summarise", "summarise"]


def test_central_sentences_do_not_repeat_each_other() -> None:
    texts = ["The pump moves the water.", "The pump moves the water.", "The valve stops the water of the pump."]
    assert central(texts, 2) == [0, 2]
    assert central([], 3) == []


async def test_a_table_is_told_row_by_row(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = pairs(await everything("rewrite", at))
        checked(list(made), at)
    told = {sample.answer for sample in made}
    fluids = next(sample for sample in made if "Lubran 3" in sample.answer)
    assert "shelf life" in fluids.answer and "24 months" in fluids.answer and "its contents are 500 mL" in fluids.answer
    assert fluids.answer.count(".") == 3, "three rows, a sentence each"
    assert all("Close the door" not in answer for answer in told), "a sentence does not stand behind 'is'"


async def test_a_table_is_extracted_by_its_own_schema(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = pairs(await everything("extract", at))
        checked(list(made), at)
    rows = next(facts for sample in made if "fluid" in (facts := json.loads(sample.answer))[0])
    assert rows[0] == {"fluid": "Lubran 3", "shelf_life_months": 24, "contents_ml": 500}


SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"partNumber": {"type": "string"}, "mass": {"type": "number"}, "colour": {"type": "string"}},
        "required": ["partNumber", "mass"],
    },
}


async def test_the_users_schema_chooses_tables_and_columns(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = pairs(await everything("extract", replace(at, given=Given(schema=SCHEMA))))
    [sample] = made
    assert json.loads(sample.answer)[0] == {"partNumber": "7700-108", "mass": 60}
    assert '"partNumber"' in sample.question


async def test_cells_that_do_not_follow_the_schema_are_given_up(tmp_path: Path) -> None:
    strict = json.loads(json.dumps(SCHEMA))
    strict["items"]["properties"]["mass"]["maximum"] = 50
    with desk(tmp_path) as at:
        made = await everything("extract", replace(at, given=Given(schema=strict)))
    assert pairs(made) == [] and any("do not follow the schema" in reason for reason in reasons(made))


def wrong_json() -> dict[str, str]:
    return {"broken": '{"a": ', "invented": '[{"fluid": "Lubran 3", "shelf_life_months": 99, "contents_ml": 500}]'}


@pytest.mark.parametrize(("case", "check"), [("broken", "structure"), ("invented", "support")])
async def test_checks_read_json(tmp_path: Path, case: str, check: str) -> None:
    with desk(tmp_path) as at:
        sample = next(s for s in pairs(await everything("extract", at)) if "Lubran" in s.answer)
        bad = replace(sample, messages=(sample.messages[0], replace(sample.messages[1], content=wrong_json()[case])))
        [found] = accepting(at, []).check([bad], names=["structure", "support"])
        assert [v.check for v in found if not v.passed] == [check]


def model(reply: Callable[[str], dict[str, Any]]) -> ScriptedEngine:
    return ScriptedEngine(lambda request: json.dumps(reply(request.messages[-1].content)))


LABELS = ("maintenance", "safety", "commerce")


def classifying(at: Desk) -> Desk:
    return replace(at, given=Given(labels=LABELS))


async def test_a_label_on_which_both_passes_agree_is_kept(tmp_path: Path) -> None:
    engine = model(lambda prompt: {"sentences": [1], "label": "maintenance"})
    with desk(tmp_path, TEXT, engine=engine) as at:
        made = await everything("classify", classifying(at))
        checked(made, at)
    [sample] = pairs(made)
    assert sample.answer == "maintenance" and all(label in sample.question for label in LABELS)
    orders = [
        [line for line in request.messages[-1].content.split("\n") if line.startswith("- ")]
        for request in engine.history
    ]
    assert [line[2:] for line in orders[0][:3]] == list(LABELS) and orders[1][:3] == orders[0][2::-1]
    assert all(f'"{NONE}"' in request.messages[-1].content for request in engine.history), "the words of the schema"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lambda prompt: {"sentences": [1], "label": first_listed(prompt)}, "labels in reverse"),
        (lambda prompt: {"sentences": [], "label": NONE}, "None of the labels fits"),
    ],
)
async def test_a_label_that_depends_on_its_place_or_is_none_is_given_up(
    tmp_path: Path, reply: Callable[[str], dict[str, Any]], reason: str
) -> None:
    with desk(tmp_path, TEXT, engine=model(reply)) as at:
        made = await everything("classify", classifying(at))
    assert pairs(made) == [] and any(reason in found for found in reasons(made))


def first_listed(prompt: str) -> str:
    return next(line[2:] for line in prompt.split("\n") if line.startswith("- "))


async def test_a_label_of_the_models_own_is_no_reply(tmp_path: Path) -> None:
    engine = model(lambda prompt: {"sentences": [1], "label": "fun"})
    with desk(tmp_path, TEXT, engine=engine) as at, pytest.raises(ReplyInvalid):
        await everything("classify", classifying(at))


async def test_facts_of_a_model_follow_the_schema(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"mode": {"type": "string"}, "seconds": {"type": "number"}}}
    told = {"sentences": [4], "facts": {"mode": "S2", "seconds": 30}}
    with desk(tmp_path, TEXT, engine=model(lambda prompt: told)) as at:
        made = await everything("extract", replace(at, given=Given(schema=schema)))
        checked(made, at)
    [sample] = pairs(made)
    assert json.loads(sample.answer) == told["facts"] and sample.evidence[0].quote == SERVICE[3]


@pytest.mark.parametrize("facts", [[], [{"mode": " ", "seconds": None}], {"mode": "", "seconds": None}])
async def test_facts_without_a_value_are_none(tmp_path: Path, facts: Any) -> None:
    item = {"type": "object", "properties": {"mode": {"type": "string"}, "seconds": {"type": ["number", "null"]}}}
    schema = {"type": "array", "items": item} if isinstance(facts, list) else item
    with desk(tmp_path, TEXT, engine=model(lambda prompt: {"sentences": [], "facts": facts})) as at:
        made = await everything("extract", replace(at, given=Given(schema=schema)))
    assert pairs(made) == [] and any("no such facts" in reason for reason in reasons(made))


async def test_facts_of_another_type_are_no_reply(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"seconds": {"type": "number"}}}
    engine = model(lambda prompt: {"sentences": [4], "facts": {"seconds": "30"}})
    with desk(tmp_path, TEXT, engine=engine) as at, pytest.raises(ReplyInvalid):
        await everything("extract", replace(at, given=Given(schema=schema)))


async def test_a_reader_is_told_the_section(tmp_path: Path) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        points = [SERVICE[0], SERVICE[1], SERVICE[3]] if "three points" in prompt else [SERVICE[0]]
        return {"sentences": [1, 2], "points": points}

    engine = model(reply)
    with desk(tmp_path, TEXT, engine=engine) as at:
        chosen = Settings.model_validate({**at.settings.model_dump(), "texts": {"reader": "a new technician"}})
        made = pairs(await everything("summarise", replace(at, settings=chosen)))
    assert [sample.recipe.params["form"] for sample in made] == ["sentence", "points", "reader"]
    assert "a new technician" in made[-1].question and "a new technician" in engine.history[-1].messages[-1].content


@pytest.mark.parametrize(("asked", "is_reply"), [("three to six", True), ("a single", False), ("three points", False)])
async def test_only_a_telling_may_be_longer_than_a_point(tmp_path: Path, asked: str, is_reply: bool) -> None:
    telling = " ".join([SERVICE[3]] * (POINT // len(SERVICE[3]) + 1))

    def reply(prompt: str) -> dict[str, Any]:
        points = [SERVICE[0], SERVICE[1], SERVICE[3]] if "three points" in prompt else [SERVICE[0]]
        return {"sentences": [4], "points": [telling, *points[1:]] if asked in prompt else points}

    with desk(tmp_path, TEXT, engine=model(reply)) as at:
        chosen = Settings.model_validate({**at.settings.model_dump(), "texts": {"reader": "a new technician"}})
        if is_reply:
            made = pairs(await everything("summarise", replace(at, settings=chosen)))
            assert telling in [sample.answer for sample in made]
        else:
            with pytest.raises(ReplyInvalid):
                await everything("summarise", replace(at, settings=chosen))
