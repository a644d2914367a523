"""Questions over several chunks: what they say, what they stand on, and why some are given up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from doc2data.graph import Chain
from doc2data.recipes import necessity
from doc2data.recipes.atlas import atlas
from doc2data.recipes.base import Desk
from doc2data.recipes.hops import Written
from doc2data.recipes.necessity import Joined
from doc2data.records import Clue, Sample
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.thing import names
from parsers import Table
from tests.recipes.desks import MANUAL, PINNED, Section, desk, one_passage
from tests.recipes.made import everything, jobs, reasons, samples

KIT: tuple[Section, ...] = (
    ("Kit", ("The ZK-2 cleaning kit contains a bottle of Cleanol 7, a bottle of Sealon 2 and a cloth.",)),
    ("Care", ("The ZK-2 cleaning kit is kept in the NF-8 box.",)),
)
FLUIDS: Section = (
    "Fluids",
    (
        Table(
            (("Fluid", "Shelf life (months)", "Contents (mL)"),),
            (
                ("Lubran 3", "24", "500"),
                ("Cleanol 7", "12", "250"),
                ("Sealon 2", "36", "100"),
                ("Drynol 5", "10", "250"),
            ),
        ),
    ),
)
RICH: dict[str, tuple[Section, ...]] = {
    "manual.md": MANUAL,
    "parts.md": (FLUIDS, *PINNED["parts.md"][1:]),
    "kit.md": KIT,
}
"""The pinned corpus with one more fluid and a kit that several fluids belong to."""


async def test_a_question_means_its_bridge_without_naming_it(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = {sample.question: sample.answer for sample in await samples("multihop", at)}
    assert found["What is the part number of the component by which alarm A-12 is triggered?"] == (
        "The part number of the QS-4 level sensor is 7700-304."
    )
    filter_question = next(question for question in found if "in case of A-21 (Filter dirty)" in question)
    assert "NF-8" not in filter_question and found[filter_question].startswith("The")


async def test_three_hops_nest_one_description_in_the_next(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = {s.question for s in await samples("multihop", at) if s.recipe.params["hops"] == 3}
    assert (
        "What is the part number of the component that is cleaned with the fluid with the shortest shelf life?" in found
    )


@pytest.mark.parametrize("seed", range(3))
async def test_no_two_hops_share_a_chunk_and_each_step_stands_on_its_own(tmp_path: Path, seed: int) -> None:
    with desk(tmp_path, RICH, seed=seed) as at:
        found = await samples("multihop", at)
        assert {"bridge", "comparison", "intersection", "count", "difference"} <= kinds(found)
        for sample in found:
            hops = [[at.corpus.clue(sample.clues[n]) for n in step.clues] for step in sample.reasoning]
            chunks = [{clue.chunk for clue in of_hop} for of_hop in hops]
            assert len(hops) == sample.recipe.params["hops"] == len({tuple(sorted(of_hop)) for of_hop in chunks})
            assert sum(map(len, chunks)) == len(set[str]().union(*chunks))
            alone = len({at.corpus.clue(id).chunk for id in sample.clues}) == len(sample.clues)
            assert sample.kind == ("multihop" if alone else "cot")
            for of_hop in hops:
                assert len(of_hop) == 1 or {clue.kind for clue in of_hop} == {"table_row"}


def kinds(found: list[Sample]) -> set[str]:
    """What kinds of paths the samples take."""
    return {sample.recipe.params["question_kind"] for sample in found}


async def test_what_is_reckoned_follows_from_the_cells(tmp_path: Path) -> None:
    with desk(tmp_path, RICH) as at:
        found = [s for s in await samples("multihop", at) if "expression" in s.recipe.params]
    assert found
    for sample in found:
        one, other = (Decimal(cell) for cell in sample.recipe.params["operands"])
        kind, result = sample.recipe.params["question_kind"], Decimal(sample.recipe.params["result"])
        assert result == (one + other if kind == "sum" else abs(one - other))
        assert f"{sample.recipe.params['result']} " in sample.answer
        assert all(any(cell in e.quote for e in sample.evidence) for cell in sample.recipe.params["operands"])


async def test_a_comparison_names_the_side_with_more_and_hides_both(tmp_path: Path) -> None:
    with desk(tmp_path, RICH) as at:
        found = {s.question: s.answer for s in await samples("multihop", at)}
    question = next(q for q in found if q.startswith("Which has the longer shelf life"))
    assert found[question] == "Lubran 3 has the longer shelf life: 24 months, against 12 months for Cleanol 7."
    assert "with which the PX-7 gear pump is filled" in question and "Cleanol 7" not in question


async def test_a_comparison_that_one_side_decides_alone_is_not_asked(tmp_path: Path) -> None:
    rows = (("Lubran 3", "24", "500"), ("Cleanol 7", "12", "250"))
    table = Table((("Fluid", "Shelf life (months)", "Contents (mL)"),), rows)
    with desk(tmp_path, {"manual.md": MANUAL, "parts.md": (("Fluids", (table,)),)}) as at:
        assert "comparison" not in kinds(await samples("multihop", at))


async def test_an_intersection_needs_both_properties(tmp_path: Path) -> None:
    with desk(tmp_path, RICH) as at:
        found = [s for s in await samples("multihop", at) if s.recipe.params["question_kind"] == "intersection"]
        assert found
        for sample in found:
            assert "Cleanol 7" in sample.answer and "Cleanol 7" not in sample.question
            for part in ("belongs to the ZK-2", "contents are 250 mL"):
                assert part in sample.question


async def test_how_many_surpass_a_thing_is_counted(tmp_path: Path) -> None:
    with desk(tmp_path, RICH) as at:
        found = [s.answer for s in await samples("multihop", at) if s.recipe.params["question_kind"] == "count"]
    assert any(a.startswith("Two other fluids have a longer shelf life than Cleanol 7 with 12 months") for a in found)


async def test_things_that_contradict_each_other_are_not_compared(tmp_path: Path) -> None:
    other = Table((("Fluid", "Shelf life (months)"),), (("Lubran 3", "30"), ("Cleanol 7", "12")))
    with desk(tmp_path, {**RICH, "other.md": (("Fluids", (other,)),)}) as at:
        barred = atlas(at.corpus).barred
        assert barred
        for sample in await samples("multihop", at):
            assert not barred & set(sample.clues)


async def test_no_bridge_is_named_and_every_quote_is_its_slice(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        known = atlas(at.corpus)
        for job in (job for job in jobs("multihop", at) if "bridges" in job.params):
            assert [known.thing(bridge, "en") for bridge in job.params["bridges"]]
        for sample in await samples("multihop", at):
            named = [known.graph.named.get(sample.clues[step.clues[0]], ()) for step in sample.reasoning]
            bridged = sample.recipe.params["question_kind"] != "intersection"
            for entity in set(named[0]) & set(named[-1]) if bridged else ():
                assert not names(known.thing(entity, "en"), sample.question)
            for evidence in sample.evidence:
                assert at.corpus.named(evidence.document).text[evidence.start : evidence.end] == evidence.quote


def test_the_plan_does_not_depend_on_the_order_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with desk(tmp_path / "a", RICH) as at, desk(tmp_path / "b", dict(reversed(list(RICH.items())))) as other:
        for recipe in ("multihop", "cot", "dialogue", "unanswerable"):
            assert jobs(recipe, at) == jobs(recipe, other), recipe


def test_a_seed_chooses_among_equals_and_only_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with desk(tmp_path / "a", seed=1) as at, desk(tmp_path / "b", seed=2) as other:
        one, two = jobs("multihop", at), jobs("multihop", other)
    assert {job.clues for job in one} == {job.clues for job in two}
    assert [job.clues for job in one] != [job.clues for job in two]


async def test_a_corpus_without_joins_has_no_plan(tmp_path: Path) -> None:
    with desk(tmp_path, {"one.md": (("Only", ("The PX-7 gear pump holds 80 mL of oil.",)),)}) as at:
        assert jobs("multihop", at) == []


async def test_one_passage_that_holds_every_clue_is_no_multihop(tmp_path: Path) -> None:
    everywhere = "Alarm A-12 is triggered by the QS-4 level sensor. The QS-4 level sensor has the part number 7700-304."
    with desk(tmp_path, search=one_passage(everywhere)) as at:
        found = reasons(await everything("multihop", at))
    assert "necessity: The passage found first holds every clue, so one passage answers the question." in found


def joined(at: Desk, first: str, last: str, described: str, asked: str, answer: str) -> Joined:
    """A question over the clues that hold two texts, bridged by the QS-4."""
    known = atlas(at.corpus)
    clues = tuple(next(c for c in at.corpus.clues() if text in c.quote) for text in (first, last))
    bridge = known.entity_named["qs4"]
    written = Written(
        asked.replace(SLOT, described), answer, Asked(asked, answer), (described,), ("the QS-4 level sensor",)
    )
    return Joined(written, clues, (bridge,))


TRIGGER, CLEANED, NUMBER = "is triggered by the QS-4", "is cleaned with", "part number 7700-304"
AGAIN = "triggers alarm A-12"
MEANT = "the sensor by which alarm A-12 is triggered"
REPEATING = {**PINNED, "more.md": (("More", ("The QS-4 level sensor triggers alarm A-12 and has a long cable.",)),)}


@pytest.mark.parametrize(
    ("last", "asked", "answer", "reason"),
    [
        (CLEANED, f"Is {SLOT} in A-12?", "The QS-4 is in A-12 2.", "only one"),
        (NUMBER, f"What kind of zebra is {SLOT}?", "7700-304.", "only one"),
        (AGAIN, f"What is the part number of {SLOT}?", "7700-304.", "the others still tell"),
    ],
)
def test_each_lack_of_need_has_its_reason(tmp_path: Path, last: str, asked: str, answer: str, reason: str) -> None:
    with desk(tmp_path, REPEATING if last == AGAIN else PINNED) as at:
        made = joined(at, TRIGGER, last, MEANT, asked, answer)
        assert reason in necessity.objection(made, atlas(at.corpus), at).lower()


def test_an_answer_that_the_first_clue_gives_needs_no_second(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = joined(at, TRIGGER, NUMBER, "the sensor behind the alarm", f"What is {SLOT} in?", "It is in A-12.")
        assert "still gives the answer" in necessity.objection(made, atlas(at.corpus), at)


def test_a_question_that_names_its_bridge_needs_no_clue_for_it(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        asked = f"What is the part number of {SLOT}?"
        made = joined(at, TRIGGER, NUMBER, "the QS-4 level sensor", asked, "It is 7700-304.")
        assert "The question names" in necessity.objection(made, atlas(at.corpus), at)


def test_an_answer_in_words_that_the_first_clue_gives_needs_no_second(tmp_path: Path) -> None:
    with desk(tmp_path, REPEATING) as at:
        asked = f"What does {SLOT} have?"
        made = joined(at, AGAIN, NUMBER, "the sensor behind it", asked, "It triggers an alarm and has a cable.")
        assert "still gives the answer" in necessity.objection(made, atlas(at.corpus), at)


def test_a_description_that_fits_another_thing_does_not_tell_which_is_meant(tmp_path: Path) -> None:
    with desk(tmp_path, {**PINNED, "more.md": (("More", ("Alarm A-12 is triggered by the DT-2 as well.",)),)}) as at:
        asked = f"What is the part number of {SLOT}?"
        made = joined(at, TRIGGER, NUMBER, "the sensor by which alarm A-12 is triggered", asked, "It is 7700-304.")
        assert "Another clue fits" in necessity.objection(made, atlas(at.corpus), at)


def test_a_chain_knows_its_hops() -> None:
    assert Chain(("a", "b", "c"), ("x", "y")).hops == 3


def test_clues_of_the_fixture_stand_where_they_say(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        clues: list[Clue] = list(at.corpus.clues())
        assert all(at.corpus.text(clue.document)[clue.start : clue.end] == clue.quote for clue in clues)
