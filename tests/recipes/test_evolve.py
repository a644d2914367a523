"""Evolution: each operator shows its gain, each elimination is reached, and a step that does not hold is undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from doc2data.recipes.gains import question_objection
from doc2data.records import Judged, MadeBy, Message, RecipeRef, Sample
from models import ScriptedEngine
from tests.recipes.lines import PUMP_OIL, PUMP_VOLUME, QUESTION, Line, line, writer
from tests.recipes.made import everything, jobs

HARDER = "Which oil is the PX-7 gear pump filled with, so that it holds 80 mL?"
DEEPER = "Which oil is the PX-7 gear pump filled with and how much does it hold?"
BOTH = f"{PUMP_OIL} {PUMP_VOLUME}"
IDLE = "The PX-7 gear pump holds 80 mL of oil and stands in my workshop. Which oil is the PX-7 gear pump filled with?"


async def evolved(at: Line) -> list[Sample | Judged]:
    return await everything("evolve", at.desk)


async def one(folder: Path, operator: str, engine: ScriptedEngine) -> Sample | Judged:
    """What becomes of one step with an operator."""
    with line(folder, engine, grow={"operators": (operator,), "rounds": 1}) as at:
        [step] = await evolved(at)
    return step


@pytest.mark.parametrize(
    ("operator", "question", "answer", "cited"),
    [
        ("constraints", HARDER, BOTH, [1, 2]),
        ("concretise", HARDER, PUMP_OIL, [1]),
        ("deepen", DEEPER, BOTH, [1, 2]),
        ("reasoning", DEEPER, BOTH, [1, 2]),
        ("complicate", IDLE.replace(" and stands in my workshop", " in a manual"), PUMP_OIL, [1]),
        ("breadth", "How much oil does the PX-7 gear pump hold?", PUMP_VOLUME, [2]),
    ],
)
async def test_each_operator_makes_a_child_that_names_its_parent(
    tmp_path: Path, operator: str, question: str, answer: str, cited: Sequence[int]
) -> None:
    step = await one(tmp_path, operator, writer(question, answers={question: (answer, cited)}))
    assert isinstance(step, Sample), step.reason
    assert step.question == question and step.answer == answer
    assert step.recipe.params["operator"] == operator and step.recipe.params["evolved"] == (operator != "breadth")
    assert step.parent == step.recipe.params["root"] and len(step.evidence) == len(cited)
    assert len(step.reasoning) == (2 if operator == "reasoning" else 0)


@pytest.mark.parametrize(
    ("operator", "question", "answer", "cited", "reason"),
    [
        ("deepen", "Which oil is the PX-7 gear pump filled with, then?", PUMP_OIL, [1], "asks what its parent asks"),
        ("deepen", "With which oil is it that the PX-7 gear pump is filled?", BOTH, [1, 2], "asks what its parent"),
        ("constraints", f"Rewritten question: {HARDER}", PUMP_OIL, [1], "leak"),
        ("constraints", f"{HARDER} (sentence 1)", PUMP_OIL, [1], "leak"),
        ("constraints", HARDER.replace("80", "90"), PUMP_OIL, [1], "'90'"),
        ("constraints", "How much does Lubran 3 cost in the manual?", PUMP_OIL, [1], "no longer about"),
        ("constraints", HARDER, PUMP_OIL, [1], "none of the answer's"),
        ("concretise", f"{QUESTION[:-1]}, Lubran 3?", PUMP_OIL, [1], "what its parent's answer says"),
        ("constraints", f"{QUESTION[:-1]} on Fridays in wet workshops?", PUMP_OIL, [1], "not told by the passage"),
        ("complicate", f"{QUESTION[:-1]} in a manual?", PUMP_OIL, [1], "no situation"),
        ("constraints", HARDER, BOTH, [], "the model finds no answer"),
        ("constraints", HARDER, "Sorry, I cannot answer that.", [1], "cannot be answered"),
        ("constraints", HARDER, "It is the one that it is.", [1], "says nothing"),
        ("constraints", HARDER, PUMP_VOLUME, [2], "no longer stands on a clue"),
        ("deepen", DEEPER, PUMP_OIL, [1], "says no more than"),
        ("reasoning", DEEPER, PUMP_OIL, [1], "one sentence answers it"),
        ("breadth", "How much oil does the PX-7 gear pump hold?", PUMP_OIL, [1], "was to be asked about"),
    ],
)
async def test_what_gains_nothing_leaks_or_cannot_be_answered_is_eliminated(
    tmp_path: Path, operator: str, question: str, answer: str, cited: Sequence[int], reason: str
) -> None:
    step = await one(tmp_path, operator, writer(question, answers={question: (answer, cited)}))
    assert isinstance(step, Judged) and step.verdicts[-1].check == "evolution"
    assert reason in step.reason and "Undone, and the parent goes on." in step.reason


async def test_a_step_that_loses_the_ground_is_undone_and_the_parent_goes_on(tmp_path: Path) -> None:
    """The second step fails the gate: the third grows from the first one's question."""
    third = f"{HARDER[:-1]} of oil in a manual?"
    answers = {question: (BOTH, [1, 2]) for question in (HARDER, third)}
    engine = writer(HARDER, f"{HARDER[:-1]} about the manual?", third, answers=answers)

    def gate(sample: Sample) -> str:
        return "the evidence does not say that" if "about the" in sample.question else ""

    with line(tmp_path, engine, gate, {"operators": ("concretise",), "rounds": 3}) as at:
        first, second, last = await evolved(at)
    assert isinstance(first, Sample) and isinstance(last, Sample) and isinstance(second, Judged)
    assert second.reason.startswith("support: the evidence does not say") and second.sample.parent == first.id
    assert [v.check for v in second.verdicts] == ["support", "evolution"]
    assert last.parent == first.id and last.recipe.params["root"] == first.parent
    assert [made.recipe.params["evolved"] for made in (first, last)] == [1, 2]
    written = [r.messages[-1].content for r in engine.history if "answerable" not in r.schema]
    assert [f"Question: {HARDER}\n" in prompt for prompt in written] == [False, True, True]
    assert len(engine.history) == len(written) + 2  # no answer is asked for where the question does not stand


async def test_an_evolution_that_never_gains_ends_and_says_so(tmp_path: Path) -> None:
    engine = writer(*[QUESTION] * 8)
    with line(tmp_path, engine, grow={"rounds": 8}) as at:
        made = await evolved(at)
    assert len(made) == 2 and all(isinstance(step, Judged) for step in made)
    assert isinstance(made[-1], Judged) and "the evolution ends here" in made[-1].reason
    assert len(engine.history) == 2, "what gains nothing is not answered"


async def test_operators_are_chosen_by_the_seed_and_none_comes_twice_in_a_row(tmp_path: Path) -> None:
    operators = []
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        questions = [f"Which oil is the PX-7 gear pump filled with in case {n} of the manual?" for n in range(4)]
        with line(folder, writer(*questions), grow={"rounds": 4}) as at:
            generate = at.desk.settings.generate.model_copy(update={"seed": seed})
            at.desk.settings = at.desk.settings.model_copy(update={"generate": generate})
            made = [step.sample if isinstance(step, Judged) else step for step in await evolved(at)]
            again = [job.params for job in jobs("evolve", at.desk)]
        operators.append(tuple(step.recipe.params["operator"] for step in made))
        assert all(a != b for a, b in zip(operators[-1], operators[-1][1:], strict=False))
        assert again[0]["parent"] == at.first.id
    assert len(set(operators)) > 1


async def test_only_first_samples_evolve_and_only_with_a_model(tmp_path: Path) -> None:
    with line(tmp_path, writer(HARDER), grow={"operators": ("concretise",), "rounds": 1}) as at:
        [child] = await evolved(at)
        assert isinstance(child, Sample)
        at.desk.accepted = lambda: iter([Judged(at.first, ()), Judged(child, ())])
        assert [job.params["parent"] for job in jobs("evolve", at.desk)] == [at.first.id]
        at.desk.engine = None
        assert jobs("evolve", at.desk) == []


async def test_the_model_sees_the_answer_that_it_must_not_give_away_and_where_it_stands(tmp_path: Path) -> None:
    engine = writer(HARDER)
    with line(tmp_path, engine, grow={"operators": ("concretise",), "rounds": 1}) as at:
        await evolved(at)
    prompt = engine.history[0].messages[-1].content
    assert f"Its answer now, from sentence 1: {PUMP_OIL}" in prompt and "of which sentence 1 still holds" in prompt


@pytest.mark.parametrize(
    ("operator", "question", "reason"),
    [
        ("constraints", "在压力为4巴时，P-20 计量泵的流量是多少？", ""),
        ("constraints", "在压力为6巴时，P-20 计量泵的流量是多少？", "'6'"),
        ("constraints", "P-20 计量泵的流量为多少？", "asks what its parent asks"),
        ("constraints", "改写后的问题：在压力为4巴时，P-20 计量泵的流量是多少？", "leak"),
        ("complicate", "吸入管的长度不得超过2米，隔膜每4000小时更换一次。P-20 计量泵的流量是多少？", ""),
        ("concretise", "P-20 计量泵每小时12升的流量是多少？", "what its parent's answer says"),
    ],
)
def test_chinese_questions_are_eliminated_alike(operator: str, question: str, reason: str) -> None:
    lines = "隔膜每4000小时更换一次。\n在压力为4巴时，P-20 的流量为每小时12升。\n吸入管的长度不得超过2米。"
    asked = (Message("user", "P-20 计量泵的流量是多少？"), Message("assistant", "流量为每小时12升。"))
    parent = Sample("x", "qa", "zh", asked, (), RecipeRef("qa", 1), MadeBy("rules", "rules", "", "", 0))
    found = question_objection(operator, question, parent, f"P-20 计量泵\n{lines}")
    assert (reason in found) if reason else found == ""


async def test_breadth_asks_about_whole_sentences_alone(tmp_path: Path) -> None:
    torn = "Huber, A.: Gear pumps in use, Reports, 35 (7), 17-19."
    engine = writer("Which reports tell of gear pumps in use?")
    documents = {"manual.md": (("Pump", (PUMP_OIL, torn)),)}
    with line(tmp_path, engine, grow={"operators": ("breadth",), "rounds": 1}, documents=documents) as at:
        [step] = await evolved(at)
    assert isinstance(step, Judged) and "There is no other clue to ask about." in step.reason
    assert not engine.history
