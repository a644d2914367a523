"""Every joining recipe through llama.cpp with a model that talks nonsense: no reply is ever malformed."""

from __future__ import annotations

from pathlib import Path

import pytest

from doc2data import recipes
from doc2data.records import Judged, Sample
from models import EngineOptions, open_engine
from tests import tiny_gguf
from tests.recipes.desks import desk
from tests.recipes.made import jobs

JOBS = 3


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["multihop", "cot", "dialogue", "unanswerable"])
async def test_every_job_ends_in_samples(tmp_path: Path, name: str) -> None:
    path = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    engine = open_engine(str(path), EngineOptions(context=12000, sequences=2))
    try:
        with desk(tmp_path, engine=engine) as at:
            planned = jobs(name, at)[:JOBS]
            made = [one for job in planned for one in await recipes.load(name).run(job, at)]
    finally:
        await engine.close()
    assert planned and all(isinstance(one, Sample | Judged) for one in made)
    assert len(made) == len(planned)
