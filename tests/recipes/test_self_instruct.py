"""Questions in the manner of a person's own pairs: shown by kind, unlike the pool, corrected on a second look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from doc2data.errors import UsageError
from doc2data.recipes.base import Desk, Example
from doc2data.records import Judged, Sample
from doc2data.settings import Settings
from doc2data.stages.aiding import open_aids, read_examples, read_personas
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import desk
from tests.recipes.lines import PUMP_OIL
from tests.recipes.made import everything, jobs

PAIRS = (
    Example("Why is the Alpha lamp blinking?", "Low battery, that's all.", "why"),
    Example("How do I reset the Alpha lamp?", "Hold the button for 5 s.", "how to"),
    Example("How do I clean the Alpha lamp?", "Wipe it, nothing else.", "how to"),
)
QUESTION = "Which oil goes into the PX-7 gear pump?"
ANSWER = {"answerable": True, "sentences": [1], "answer": PUMP_OIL}
RIGHT = {"right": True, "sentences": [1], "answer": PUMP_OIL}


def model(
    question: str = QUESTION, answer: Mapping[str, Any] = ANSWER, second: Mapping[str, Any] = RIGHT
) -> ScriptedEngine:
    def reply(request: Request) -> str:
        fields = json.loads(request.schema)["properties"]
        made = second if "right" in fields else answer if "answerable" in fields else {"question": question}
        return json.dumps(made)

    return ScriptedEngine(reply)


async def first_of(at: Desk) -> Sample | Judged:
    at.examples = PAIRS
    return (await everything("self-instruct", at))[0]


async def test_a_pair_is_made_in_the_manner_of_pairs_of_its_kind(tmp_path: Path) -> None:
    engine = model()
    with desk(tmp_path, engine=engine) as at:
        made = await first_of(at)
        kinds = [job.params["kind"] for job in jobs("self-instruct", at)]
    assert isinstance(made, Sample)
    assert (made.question, made.answer, made.recipe.params["corrected"]) == (QUESTION, PUMP_OIL, False)
    assert abs(kinds.count("why") - kinds.count("how to")) <= 1, "kinds by turns, however many pairs each has"
    write = engine.history[0].messages[-1].content
    assert f'of the kind "{made.recipe.params["kind"]}"' in write and "Example question: How do I" in write


async def test_a_wrong_answer_is_corrected_on_the_second_look(tmp_path: Path) -> None:
    wrong = {"answerable": True, "sentences": [2], "answer": "The PX-7 gear pump is filled with water."}
    engine = model(answer=wrong, second={"right": False, "sentences": [1], "answer": PUMP_OIL})
    with desk(tmp_path, engine=engine) as at:
        made = await first_of(at)
    assert isinstance(made, Sample) and made.recipe.params["corrected"] is True
    assert made.answer == PUMP_OIL and made.evidence[0].quote == PUMP_OIL
    assert "Answer:\n> The PX-7 gear pump is filled with water." in engine.history[2].messages[-1].content


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        (model("How do I reset the Beta lamp?"), "novelty: Too near in words to the pair 'How do I reset the Alpha"),
        (model("New question: which oil is it?"), "correction: Words of the prompt leak"),
        (model(answer={"answerable": False, "sentences": [], "answer": "not stated"}), "answerable: Asked from"),
        (model(second={"right": False, "sentences": [], "answer": "not stated"}), "correction: On second look"),
    ],
)
async def test_what_is_given_up_says_why(tmp_path: Path, engine: ScriptedEngine, reason: str) -> None:
    with desk(tmp_path, engine=engine) as at:
        made = await first_of(at)
    assert isinstance(made, Judged) and made.reason.startswith(reason)


def test_broken_rows_are_named_and_the_rest_is_used(tmp_path: Path) -> None:
    rows = [json.dumps({"question": f"What is part {n}?", "answer": f"A {n}."}) for n in range(10)]
    rows[3:3] = ["{broken", json.dumps({"instruction": "Do.", "output": ""}), json.dumps({"title": "no pair"})]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    found, notes = read_examples(path, 0)
    assert [example.question for example in found] == [f"What is part {n}?" for n in range(10)]
    assert [note.split(":")[0] for note in notes] == [f"pairs.jsonl, row {n}" for n in (4, 5, 6)]


@pytest.mark.parametrize(("count", "used", "note"), [(9, 9, "fewer than 10"), (260, 200, "260 pairs"), (20, 20, "")])
def test_ten_to_two_hundred_pairs(tmp_path: Path, count: int, used: int, note: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps({"question": f"Which {n}?", "answer": "A."}) + "\n" for n in range(count)))
    found, notes = read_examples(path, 0)
    assert len(found) == used and (note in notes[-1] if note else not notes)


def test_without_pairs_it_says_what_to_do(tmp_path: Path) -> None:
    chosen = Settings.model_validate({"generate": {"recipes": ["self-instruct"]}})
    with pytest.raises(UsageError, match="pairs of your own"):
        open_aids(tmp_path, chosen)
    (tmp_path / "empty.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match="No row"):
        read_examples(tmp_path / "empty.jsonl", 0)


def test_personas_are_drawn_evenly_from_a_file_of_any_size_without_holding_it(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "personas.txt"
    path.write_text("\n".join(f"person {n:06}" for n in range(60_000)))
    tracemalloc.start()
    drawn = read_personas(path, 1, count=200)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 300_000 < path.stat().st_size
    assert len(set(drawn)) == 200 and drawn == read_personas(path, 1, count=200) != read_personas(path, 2, count=200)
    assert 40 < sum(name < "person 030000" for name in drawn) < 160


def test_personas_come_as_lines_or_json_and_broken_lines_are_none(tmp_path: Path) -> None:
    path = tmp_path / "personas.jsonl"
    path.write_bytes(
        b'{"persona": "a nurse"}\n\n{"id": 3, "text": "a  pilot"}\n{broken\na cook \xff\n' + b"x" * 200_000 + b"\n"
    )
    drawn = read_personas(path, 0)
    assert drawn[:3] == ("a nurse", "a pilot", "a cook �") and len(drawn) == 4 and len(drawn[3]) == 300
    with pytest.raises(UsageError, match="personas"):
        read_personas(tmp_path / "none", 0)
    (tmp_path / "blank").write_text("\n\n")
    with pytest.raises(UsageError, match="no persona"):
        read_personas(tmp_path / "blank", 0)
