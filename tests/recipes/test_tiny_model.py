"""Every joining recipe through llama.cpp with a model that talks nonsense: no reply is ever malformed."""

from __future__ import annotations

from pathlib import Path

import pytest

from doc2data import recipes
from doc2data.recipes.base import Example
from doc2data.recipes.given import Given
from doc2data.records import Judged, Sample
from models import EngineOptions, open_engine
from tests import tiny_gguf
from tests.recipes.desks import PINNED, desk
from tests.recipes.lines import line
from tests.recipes.made import jobs
from tests.recipes.parents import accepting, sample_on
from tests.recipes.test_dialogue import TALK
from tests.recipes.test_prefer import ASKED, CARE, HOLDS
from tests.recipes.test_text_tasks import TEXT

JOBS = 3


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["multihop", "cot", "dialogue", "unanswerable", "magpie", "self-instruct"])
async def test_every_job_ends_in_samples(tmp_path: Path, name: str) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    engine = open_engine(str(path), EngineOptions(context=12000, sequences=2))
    try:
        with desk(tmp_path, {**PINNED, **TALK}, engine=engine) as at:
            at.examples = [Example("How is the pump filled?", "With oil.", "how to")]
            planned = jobs(name, at)[:JOBS]
            made = [one for job in planned for one in await recipes.load(name).run(job, at)]
    finally:
        await engine.close()
    assert planned and all(isinstance(one, Sample | Judged) for one in made)
    assert len(made) == len(planned)


@pytest.mark.heavy
@pytest.mark.parametrize(("name", "each"), [("evolve", 2), ("augment", 1)])
async def test_growing_from_a_first_sample_ends_in_samples(tmp_path: Path, name: str, each: int) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    engine = open_engine(str(path), EngineOptions(context=12000, sequences=2))
    try:
        with line(tmp_path, engine, grow={"skills": True}) as at:
            planned = jobs(name, at.desk)
            made = [one for job in planned for one in await recipes.load(name).run(job, at.desk)]
    finally:
        await engine.close()
    assert planned and len(made) >= each * len(planned)


SCHEMA = {
    "type": "array",
    "maxItems": 3,
    "items": {
        "type": "object",
        "properties": {"part": {"type": "string", "maxLength": 20}, "mass": {"type": "number"}},
    },
}
GIVEN = Given(principles=("Name the unit.",), labels=("maintenance", "safety"), schema=SCHEMA)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["summarise", "rewrite", "extract", "classify"])
async def test_text_tasks_end_in_samples(tmp_path: Path, name: str) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    engine = open_engine(str(path), EngineOptions(context=12000, sequences=2))
    try:
        with desk(tmp_path, {**PINNED, **TEXT}, engine=engine) as at:
            at.given = GIVEN
            planned = jobs(name, at)[-JOBS:]
            made = [one for job in planned for one in await recipes.load(name).run(job, at)]
    finally:
        await engine.close()
    assert planned and all(isinstance(one, Sample | Judged) for one in made)


@pytest.mark.heavy
@pytest.mark.parametrize("way", ["best-of", "judge", "revision", "principles"])
async def test_pairs_by_a_model_are_made_or_given_up(tmp_path: Path, way: str) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    engine = open_engine(str(path), EngineOptions(context=12000, sequences=2))
    try:
        with desk(tmp_path, CARE, engine=engine) as at:
            chosen = accepting(at, [sample_on(at, ASKED, HOLDS, HOLDS)], by=[way], answers=2)
            chosen.given = GIVEN
            made = [one for job in jobs("prefer", chosen) for one in await recipes.load("prefer").run(job, chosen)]
    finally:
        await engine.close()
    assert len(made) == 1 and isinstance(made[0], Sample | Judged)
