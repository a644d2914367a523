"""Arithmetic over cells: executed, exact, and said as it was executed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.recipes.atlas import atlas
from doc2data.recipes.figures import figures
from doc2data.records import Sample
from doc2data.tasks.joins.arithmetic import converted, difference, ratio, targets, total, written
from doc2data.tasks.joins.english.figures import plural
from models import ScriptedEngine
from models.engine import Request
from parsers import Table
from tests.recipes.desks import desk
from tests.recipes.made import everything, reasons, samples

NUMBERS = st.decimals(-10_000, 10_000, places=2, allow_nan=False, allow_infinity=False)


def recomputed(sample: Sample) -> str:
    """The result that the cells of a sample give, worked out again from its operands alone."""
    operands = [Decimal(text.split()[0]) for text in sample.recipe.params["operands"]]
    operation = sample.recipe.params["operation"]
    if operation == "difference":
        return written(operands[0] - operands[1])
    if operation == "ratio":
        return written(operands[0] / operands[1])
    return written(sum(operands, Decimal(0)))


async def test_every_result_is_what_the_cells_give(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = await samples("cot", at)
        operations = {sample.recipe.params["operation"] for sample in made}
        assert {"difference", "ratio", "conversion", "threshold", "count", "extreme"} <= operations
        for sample in made:
            if sample.recipe.params["operation"] in ("difference", "ratio", "sum"):
                result = recomputed(sample)
                assert sample.recipe.params["result"] == result
                assert result in sample.answer and result in sample.reasoning[-1].text


async def test_operands_are_cells_of_the_evidence(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for sample in await samples("cot", at):
            cells = {cell.strip() for evidence in sample.evidence for cell in evidence.quote.split("|")}
            assert set(sample.recipe.params["operands"]) <= cells
            for step in sample.reasoning[:-1]:
                (at_row,) = step.clues
                assert any(
                    part in sample.evidence[at_row].quote for part in step.text.rstrip(".").split() if part[0].isdigit()
                )


async def test_the_chosen_are_those_that_reach_the_threshold(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        known = atlas(at.corpus)
        for table in known.tables:
            for figure in figures(table, 0):
                numbers = [fact.quantity.number for fact in figure.facts if fact.quantity]
                chosen = [fact.quantity.number for fact in figure.answer if fact.quantity]
                if figure.operation in ("threshold", "count"):
                    assert chosen == [n for n in numbers if n >= figure.threshold]
                if figure.operation == "extreme":
                    assert chosen == [max(numbers) if figure.highest else min(numbers)]


async def test_questions_name_what_they_are_about(tmp_path: Path) -> None:
    found: set[str] = set()
    for seed in range(12):  # each seed asks a few of the many
        folder = tmp_path / str(seed)
        folder.mkdir()
        with desk(folder, seed=seed) as at:
            found |= {sample.question for sample in await samples("cot", at)}
    assert "The shelf life of Lubran 3 is how many times that of Cleanol 7?" in found
    assert "By how much does the shelf life of Sealon 2 exceed that of Lubran 3?" in found


@given(NUMBERS, NUMBERS)
def test_sums_and_differences_are_exact(one: Decimal, other: Decimal) -> None:
    assert difference(one, other).result + other == one
    assert total([one, other]).result == one + other
    assert difference(one, other).expression.endswith(f"= {written(one - other)}")


@given(NUMBERS, NUMBERS)
def test_a_ratio_is_exact_or_refused(one: Decimal, other: Decimal) -> None:
    found = ratio(one, other)
    assert found is None or found.result * other == one


@pytest.mark.parametrize(
    ("number", "unit", "target", "expected"),
    [
        ("45", "L/h", "mL/min", "750"),
        ("24", "months", "years", "2"),
        ("25", "°C", "°F", "77"),
        ("2.5", "bar", "kPa", "250"),
    ],
)
def test_units_are_converted_by_pint(number: str, unit: str, target: str, expected: str) -> None:
    found = converted(Decimal(number), unit, target)
    assert found is not None and written(found.result) == expected
    assert target in targets(unit)


def test_a_conversion_without_an_end_is_refused() -> None:
    assert converted(Decimal(7), "min", "h") is None


async def test_nothing_is_reckoned_with_zero_and_no_unit_is_far_off(tmp_path: Path) -> None:
    rows = (("TK-1", "0"), ("TK-2", "480"), ("TK-3", "620"))
    with desk(tmp_path, {"a.md": (("Tanks", (Table((("Tank", "Elevation (m)"),), rows),)),)}) as at:
        (table,) = atlas(at.corpus).tables
        made = figures(table, 0)
    assert {figure.operation for figure in made} >= {"difference", "extreme"}
    assert not any(figure.operation == "conversion" for figure in made), "nobody gives 480 m in centimetres"
    assert all(fact.value != "0" for figure in made if figure.operation == "difference" for fact in figure.facts)


class Reckoner:
    """A model that words a calculation; `blind` requests for the answer from the steps alone fail first."""

    def __init__(self, *, wrong: bool = False, blind: int = 0) -> None:
        self.wrong = wrong
        self.blind = blind
        self.result = ""
        self.rationalised = 0

    def __call__(self, request: Request) -> str:
        shown = request.messages[-1].content
        fields = json.loads(request.schema)["properties"]
        if "question" in fields:
            self.result = shown.split("kind: ")[1].split("): ")[1].splitlines()[0]
            self.followed = 0
            answer = "It is as it is, 123456." if self.wrong else f"This gives {self.result}."
            return json.dumps({"question": "How much is it for the two of them?", "steps": ["One.."], "answer": answer})
        if "answer" in fields:
            assert self.result not in shown
            self.followed += 1
            lost = self.followed <= self.blind
            return json.dumps({"answerable": not lost, "answer": "not stated" if lost else self.result})
        self.rationalised += 1
        assert "The answer is known" in shown
        return json.dumps({"steps": ["Two steps."]})


@pytest.mark.parametrize("wrong", [False, True])
async def test_a_model_must_give_the_executed_result(tmp_path: Path, wrong: bool) -> None:
    with desk(tmp_path, engine=ScriptedEngine(Reckoner(wrong=wrong))) as at:
        found = reasons(await everything("cot", at))
    assert bool(found) == wrong and all("executed" in reason for reason in found)


@pytest.mark.parametrize(("blind", "kept", "again"), [(0, True, False), (1, True, True), (2, False, True)])
async def test_steps_must_lead_to_the_answer_if_need_be_written_for_it(
    tmp_path: Path, blind: int, kept: bool, again: bool
) -> None:
    reckoner = Reckoner(blind=blind)
    with desk(tmp_path, engine=ScriptedEngine(reckoner)) as at:
        made = await everything("cot", at)
    assert made and bool(reckoner.rationalised) == again
    assert all(("steps: The steps alone do not lead" in reason) != kept for reason in reasons(made))
    for sample in (one for one in made if isinstance(one, Sample)):
        assert sample.recipe.params.get("rationalised", False) == again
        assert sample.reasoning[0].text == ("Two steps." if again else "One..")


@pytest.mark.parametrize(
    ("caption", "unit", "adds_up"),
    [
        ("Working time", "min", True),
        ("Mass", "g", True),
        ("Response time", "s", False),
        ("Maximum length", "m", False),
        ("Power demand", "W", False),
    ],
)
def test_only_amounts_are_added(tmp_path: Path, caption: str, unit: str, adds_up: bool) -> None:
    header = ("Operating state", f"NF-8 ({unit})", f"KB-5 ({unit})")
    table = Table((header,), (("Standby", "6", "8"), ("Measuring", "22", "30")))
    naming = "The NF-8 air filter is dry.", "The KB-5 buffer battery is dry."
    with desk(tmp_path, {"one.md": (("Data", (f"Table 1: {caption}", table, *naming)),)}) as at:
        found = [figure for view in atlas(at.corpus).tables for figure in figures(view, 0)]
    assert found
    assert any(figure.operation == "sum" for figure in found) == adds_up


def test_more_than_one_of_a_noun_with_its_complement() -> None:
    assert [plural(noun) for noun in ("the section under test", "task", "quantity")] == [
        "the sections under test",
        "tasks",
        "quantities",
    ]
