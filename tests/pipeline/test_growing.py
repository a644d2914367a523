"""Samples that grow, in whole runs: every line is walked back to its clue, siblings stay on one side, easy first."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from doc2data.asking import stage_of
from doc2data.cli import run as command
from doc2data.errors import UsageError
from doc2data.events import Warned
from doc2data.export import in_order
from doc2data.lineage import ancestors
from doc2data.records import Judged, from_canonical
from doc2data.store import Store
from models import Request, ScriptedEngine
from tests.pipeline.corpus import ENGLISH, PUMP, events_of, prepared, run, use_engine, write

QUIET = {"checks__entailment": False, "checks__round_trip": 0}


def writer(request: Request) -> str:
    """A model that answers with the whole sentence, asks for more each time, and puts questions in other words."""
    prompt = request.messages[-1].content
    fields = json.loads(request.schema)["properties"]
    lines = dict(re.findall(r"^\[(\d+)\] (.*)$", prompt, re.MULTILINE))
    asked = re.search(r"^Question: (.*)$", prompt, re.MULTILINE)
    if "right" in fields:
        return json.dumps({"right": True, "sentences": [1], "answer": "It is right."})
    if "answerable" in fields:
        assert asked is not None
        topic = re.search(r"“(.*?)”", asked[1])
        number = next((n for n, line in lines.items() if topic and line.startswith(topic[1])), "1")
        return json.dumps({"answerable": True, "sentences": [int(number)], "answer": lines[number]})
    if wanted := re.search(r"what sentence (\d+)", prompt):
        words = lines[wanted[1]].rstrip(".").split()
        manner = "Tell me, please: what" if "Example question" in prompt else "What"
        return json.dumps({"question": f"{manner} does the Corvan manual say of “{' '.join(words[:6])}”?"})
    assert asked is not None
    if "rewrite this question" in prompt:
        told = [word for word in re.findall(r"[a-z]{5,}", " ".join(lines.values())) if word not in asked[1]]
        return json.dumps({"question": f"{asked[1].rstrip('?')} and of {' '.join(told[:3])}?"})
    return json.dumps({"question": f"Please tell me: {asked[1][0].lower()}{asked[1][1:]}"})


def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> tuple[Any, list[Judged]]:
    """The project after a run, and its accepted samples."""
    use_engine(monkeypatch, ScriptedEngine(writer))
    target = prepared(
        [write(tmp_path / "docs", {"pump.md": PUMP})], tmp_path / "out", model__spec="scripted", **QUIET, **given
    )
    run(target)
    rows = (target.export / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return target, [from_canonical(json.loads(row)) for row in rows]


def test_every_line_is_walked_back_to_its_clue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target, made = grown(
        tmp_path,
        monkeypatch,
        generate__recipes=("qa", "evolve", "augment"),
        grow__operators=("concretise",),
        grow__manners=("formal", "terse"),
        grow__rounds=2,
        grow__variants=1,
    )
    by_recipe = {name: [j for j in made if j.sample.recipe.name == name] for name in ("qa", "evolve", "augment")}
    assert all(by_recipe.values()), {name: len(found) for name, found in by_recipe.items()}
    with Store(target.database) as store:
        for judged in made:
            line = list(ancestors(judged.sample, store.samples.get))
            root = line[-1].sample if line else judged.sample
            assert root.recipe.name == "qa" and root.parent is None
            assert store.documents.clues_named(root.clues), "the line ends at a clue"
        deepest = max(made, key=lambda j: len(list(ancestors(j.sample, store.samples.get))))
        older = [j.sample.id for j in ancestors(deepest.sample, store.samples.get)]
    assert len(older) >= 2, "a wording of a question that evolved"
    assert command(["review", deepest.sample.id, "--in", str(target.folder)]) == 0
    told = capsys.readouterr().out
    places = [told.index(f"grown of  {id}") for id in older]
    assert places == sorted(places) and told.index("clue      ") > places[-1]


def test_siblings_never_stand_on_two_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, made = grown(
        tmp_path,
        monkeypatch,
        generate__recipes=("qa", "augment"),
        grow__manners=("formal", "terse"),
        export__split_by="clue",
        export__formats=("jsonl",),
        export__train=0.5,
        export__validation=0.25,
    )
    sides = {
        json.loads(row)["id"]: file.stem
        for file in (target.export / "jsonl").iterdir()
        for row in file.read_text(encoding="utf-8").splitlines()
    }
    kin = [(j.sample.id, j.sample.parent) for j in made if j.sample.parent in sides]
    assert kin and all(sides[child] == sides[str(parent)] for child, parent in kin)
    assert len(set(sides.values())) > 1


def test_a_curriculum_is_easy_before_hard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, made = grown(
        tmp_path,
        monkeypatch,
        generate__recipes=("qa", "evolve"),
        grow__operators=("concretise",),
        grow__rounds=2,
        export__formats=("jsonl",),
        export__train=1.0,
        export__validation=0.0,
    )

    def stages(order: str) -> list[int]:
        file = tmp_path / f"{order}.jsonl"
        assert command(["export", str(file), "--format", "jsonl", "--order", order, "--in", str(target.folder)]) == 0
        rows = file.read_text(encoding="utf-8").splitlines()
        return [json.loads(row)["recipe"]["params"]["difficulty"]["stage"] for row in rows]

    found = stages("curriculum")
    assert found == sorted(stages("plan")) and len(found) == len(made) and len(set(found)) > 1
    hard_first = made[::-1]
    assert list(in_order(lambda: iter(hard_first), lambda j: j.sample, "plan")) == hard_first
    easy_first = in_order(lambda: iter(hard_first), lambda j: j.sample, "curriculum")
    assert [stage_of(judged.sample) for judged in easy_first] == found


def test_self_instruct_is_unlike_the_pool_and_its_broken_rows_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = tmp_path / "pairs.jsonl"
    rows = [json.dumps({"question": f"Is lamp {n} on?", "answer": "Yes."}) for n in range(10)]
    pairs.write_text("\n".join(["{broken", *rows]), encoding="utf-8")
    target, made = grown(
        tmp_path, monkeypatch, generate__recipes=("self-instruct",), grow__examples=str(pairs), grow__novelty=0.6
    )
    assert made and all(j.sample.recipe.name == "self-instruct" for j in made)
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    assert any(note.startswith("pairs.jsonl, row 1") for note in manifest["warnings"])
    assert manifest["rejected_by"].get("novelty"), "questions that begin alike are too near each other"


def test_a_recipe_that_lacks_its_model_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    target = prepared(
        [write(tmp_path / "docs", {"pump.md": PUMP})], tmp_path / "out", generate__recipes=("qa", "magpie")
    )
    with pytest.raises(UsageError, match="magpie"):
        run(target)


def test_by_rule_questions_get_other_wordings(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", generate__recipes=("qa", "augment"))
    run(target)
    rows = (target.export / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    made = [from_canonical(json.loads(row)).sample for row in rows]
    wordings = [sample for sample in made if sample.recipe.name == "augment"]
    assert wordings
    parents = {sample.id: sample for sample in made}
    for sample in wordings:
        parent = parents[str(sample.parent)]
        assert (sample.answer, sample.evidence) == (parent.answer, parent.evidence)
        assert sample.question != parent.question


async def test_with_nothing_to_grow_from_it_says_so(tmp_path: Path) -> None:
    target = prepared([write(tmp_path / "docs", {"pump.md": PUMP})], tmp_path / "out", generate__recipes=("augment",))
    told = [event.message for event in await events_of(target) if isinstance(event, Warned)]
    assert any("no accepted sample from which augment could grow" in message for message in told)
