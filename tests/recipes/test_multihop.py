"""Questions over several chunks: what they say, what they stand on, and why some are given up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from doc2data.graph import Chain
from doc2data.recipes import necessity
from doc2data.recipes.atlas import atlas
from doc2data.recipes.base import Desk
from doc2data.recipes.hops import Written
from doc2data.recipes.necessity import Joined
from doc2data.records import Clue
from doc2data.settings import Settings
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.thing import names
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import PINNED, desk, one_passage
from tests.recipes.made import everything, jobs, reasons, samples


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
        found = [s for s in await samples("multihop", at) if s.recipe.params["hops"] == 3]
    assert found
    for sample in found:
        assert sample.question.count("with which") == 1 and sample.question.count("that has") == 1


async def test_no_two_clues_share_a_chunk_and_each_step_stands_on_its_own(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for sample in await samples("multihop", at):
            chunks = [at.corpus.clue(clue).chunk for clue in sample.clues]
            assert len(set(chunks)) == len(chunks) == sample.recipe.params["hops"] == len(sample.reasoning)
            assert [step.clues for step in sample.reasoning] == [(n,) for n in range(len(chunks))]


async def test_no_bridge_is_named_and_every_quote_is_its_slice(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        known = atlas(at.corpus)
        for job in jobs("multihop", at):
            things = [known.thing(bridge, "en") for bridge in job.params["bridges"]]
            assert things
        for sample in await samples("multihop", at):
            named = [known.graph.named[clue] for clue in sample.clues]
            for entity in set(named[0]) & set(named[-1]):
                assert not names(known.thing(entity, "en"), sample.question)
            for evidence in sample.evidence:
                assert at.corpus.named(evidence.document).text[evidence.start : evidence.end] == evidence.quote


def test_the_plan_does_not_depend_on_the_order_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with desk(tmp_path / "a") as at, desk(tmp_path / "b", dict(reversed(list(PINNED.items())))) as other:
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


def test_a_description_that_fits_another_thing_does_not_tell_which_is_meant(tmp_path: Path) -> None:
    with desk(tmp_path, {**PINNED, "more.md": (("More", ("Alarm A-12 is triggered by the DT-2 as well.",)),)}) as at:
        asked = f"What is the part number of {SLOT}?"
        made = joined(at, TRIGGER, NUMBER, "the sensor by which alarm A-12 is triggered", asked, "It is 7700-304.")
        assert "Another clue fits" in necessity.objection(made, atlas(at.corpus), at)


class Writer:
    """A model that writes a fixed question and answers it from the sentences it is shown."""

    def __init__(
        self, question: str, *, guesses: bool = False, lazy: bool = False, lost: bool = False, possible: bool = True
    ) -> None:
        self.question = question
        self.possible = possible
        self.guesses = guesses
        self.lazy = lazy
        self.lost = lost
        self.joined = 0

    def __call__(self, request: Request) -> str:
        shown = [line for line in request.messages[-1].content.splitlines() if line.startswith("[")]
        if "steps" not in json.loads(request.schema)["properties"]:
            self.joined = len(shown)
            return json.dumps({"possible": self.possible, "question": self.question})
        whole = len(shown) == self.joined
        numbers = [1] if self.lazy else list(range(1, len(shown) + 1))
        known = (whole or self.guesses) and not self.lost
        answer = "The sensor has the part number 7700-304." if known else "not stated"
        steps = ["A step about it."] * len(numbers)
        return json.dumps({"answerable": known, "sentences": numbers, "steps": steps, "answer": answer})


FINE = "Which order number has the device that sets off the alarm of the reservoir?"


async def test_a_model_joins_clues_and_each_is_tried_without(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer(FINE))
    with desk(tmp_path, engine=engine) as at:
        made = await everything("multihop", at)
    assert made and not reasons(made)
    two = [sample for sample in made if len(sample.clues) == 2]  # type: ignore[union-attr]
    assert len(engine.history) >= 4 * len(two)


@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        (Writer(FINE, guesses=True), "still gives the answer"),
        (Writer(FINE, lazy=True), "does not use every clue"),
        (Writer(FINE, lost=True), "found no answer"),
        (Writer("Sentence 1 tells nothing.", possible=False), "finds no question"),
        (Writer("What do Lubran 3, Cleanol 7, QS-4, PX-7, NF-8, KB-5, A-12, A-21 and A-22 say?"), "names a bridge"),
    ],
)
async def test_what_a_model_gets_wrong_is_given_up_with_its_reason(tmp_path: Path, writer: Writer, reason: str) -> None:
    with desk(tmp_path, engine=ScriptedEngine(writer)) as at:
        made = await everything("multihop", at)
    assert any(reason in found for found in reasons(made)), reasons(made)


PARTING = {
    **PINNED,
    "more.md": (
        (
            "Notes",
            (
                "A central office is a room that keeps the keys of all doors.",
                "It is checked together with the NF-8 air filter.",
            ),
        ),
        ("Range", ("Kit K-9 holds parts for the DT-1, DT-2 and DT-3.", "Before doing so, empty the KB-5 battery.")),
        (
            "Keys",
            ("The central office opens the door with the DT-2 before noon.", "The DT-1 is red, and the DT-3 is blue."),
        ),
    ),
}


def test_chains_for_a_model_stand_on_clear_sentences_about_one_thing(tmp_path: Path) -> None:
    with desk(tmp_path, PARTING, engine=ScriptedEngine(Writer(FINE))) as at:
        known = atlas(at.corpus)
        planned = jobs("multihop", at)
        quotes = [[at.corpus.clue(clue).quote for clue in job.clues] for job in planned]
        named = {known.graph.entities[b].name for job in planned for b in job.params["bridges"]}
    assert planned and {"NF-8", "KB-5"} & named
    assert not any(quote.startswith(("It ", "Before doing so")) for chain in quotes for quote in chain)
    assert not any("DT-1, DT-2 and DT-3" in quote for chain in quotes for quote in chain[:-1])
    assert not any(name == name.lower() for name in named)


@pytest.mark.parametrize("per_chunk", [1, 2])
def test_a_model_is_given_no_more_chains_than_are_kept(tmp_path: Path, per_chunk: int) -> None:
    with desk(tmp_path, engine=ScriptedEngine(Writer(FINE))) as at:
        at.settings = Settings.model_validate({"generate": {"per_chunk": per_chunk}})
        homes = Counter(job.chunk for job in jobs("multihop", at))
        lengths = {len(job.clues) for job in jobs("multihop", at)}
    assert homes and max(homes.values()) <= per_chunk
    assert per_chunk == 1 or lengths == {2, 3}


async def test_prompts_say_who_is_described_by_what_and_ban_only_what_is_shown(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer(FINE))
    with desk(tmp_path, engine=engine) as at:
        await everything("multihop", at)
    shown = [request.messages[-1].content for request in engine.history]
    asked = [text for text in shown if "Never write in the question: " in text]
    assert asked and any("Describe NF-8 by what sentence 1 says of it" in text for text in asked)
    for text in asked:
        sentences = " ".join(line for line in text.splitlines() if line.startswith("["))
        banned = text.split("Never write in the question: ")[1].split(". ")[0].split(", ")
        assert all(name in sentences for name in banned)
    assert any("Code: A-21; Display text: Filter dirty; What to do: Replace" in text for text in asked)


async def test_prompts_show_clues_as_numbered_data(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer(FINE))
    with desk(tmp_path, engine=engine) as at:
        await everything("multihop", at)
    shown = engine.history[0].messages[-1].content
    assert "[1] (About " in shown and "[2] (About " in shown and "{{" not in shown


def test_a_chain_knows_its_hops() -> None:
    assert Chain(("a", "b", "c"), ("x", "y")).hops == 3


def test_clues_of_the_fixture_stand_where_they_say(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        clues: list[Clue] = list(at.corpus.clues())
        assert all(at.corpus.text(clue.document)[clue.start : clue.end] == clue.quote for clue in clues)
