"""One question asked in several ways: rules name the document's subject or leave it out, and one way is kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from doc2data.records import WAY_OF
from doc2data.store import Store
from tests.pipeline.corpus import prepared, run

SAMPLES = Path(__file__).parents[2] / "samples" / "documents"
DOCUMENTS = ("PL-400-parts-and-fluids.md", "SP-117-annual-service.docx")


def test_of_the_ways_to_ask_a_question_one_is_kept(tmp_path: Path) -> None:
    given = {"generate__recipes": ("qa",), "generate__per_chunk": 50}
    target = prepared([SAMPLES / name for name in DOCUMENTS], tmp_path / "out", **given)
    run(target)
    with Store(target.database) as store:
        made = list(store.samples.judged())
    ways = [(judged.sample.clues, judged.sample.recipe.params[WAY_OF]) for judged in made]
    kept = Counter(way for way, judged in zip(ways, made, strict=True) if judged.status == "accepted")
    assert max(Counter(ways).values()) > 1, "the rules know only one way: this test sees nothing"
    assert max(kept.values()) == 1
    others = [judged for way, judged in zip(ways, made, strict=True) if judged.status == "rejected" and way in kept]
    reasons = Counter(verdict.check for judged in others for verdict in judged.verdicts if not verdict.passed)
    assert reasons["duplicate"] > 5
