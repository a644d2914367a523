"""Chains and comparisons worded by a model: what it is asked, what code refuses, and what is withheld from it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from doc2data.recipes.atlas import atlas
from doc2data.records import Judged, Sample, Verdict
from doc2data.settings import Settings
from models import ScriptedEngine
from models.engine import Request
from parsers import Table
from tests.recipes.desks import PINNED, Section, desk
from tests.recipes.made import everything, jobs, reasons


class Writer:
    """A model that asks for what the sentences but the last describe, and answers from those that it is shown."""

    def __init__(
        self,
        question: str = "",
        *,
        guesses: bool = False,
        lazy: bool = False,
        lost: bool = False,
        possible: bool = True,
        plain: str = "What part number does it have?",
        described: str = "",
    ) -> None:
        self.question = question
        self.possible = possible
        self.guesses = guesses
        self.lazy = lazy
        self.lost = lost
        self.plain = plain
        self.described = described
        self.joined: list[str] = []

    def __call__(self, request: Request) -> str:
        shown = [line for line in request.messages[-1].content.splitlines() if line.startswith("[")]
        texts = [line.split(") ", 1)[1] for line in shown]
        if "steps" not in json.loads(request.schema)["properties"]:
            self.joined = texts
            hidden = request.messages[-1].content.split("or the question: ")[1].removesuffix(".").split(", ")
            nameless = re.compile("|".join(map(re.escape, sorted(hidden, key=len, reverse=True))))
            described = [self.described or nameless.sub("it", text) for text in texts[:-1]]
            question = self.question or f"What number has the thing of which is told: {' '.join(described)}?"
            written = {"descriptions": described, "plain": self.plain, "question": question}
            return json.dumps({**written, "possible": self.possible})
        whole = texts == self.joined
        numbers = [1] if self.lazy else list(range(1, len(shown) + 1))
        known = (whole or self.guesses) and not self.lost
        answer = "The sensor has order number 5151-X." if known else "not stated"
        steps = [{"find": "a step", "sentence": n if known else 0, "says": f"A step about {n}."} for n in numbers]
        return json.dumps({"steps": steps, "answerable": known, "answer": answer})


async def test_a_model_joins_clues_and_each_is_tried_without(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer())
    with desk(tmp_path, engine=engine) as at:
        made = await everything("multihop", at)
    assert made and not reasons(made)
    assert len(engine.history) == sum(len(one_sample(one).clues) + 1 for one in made)


async def test_a_clue_withheld_is_replaced_by_what_is_told_of_other_things(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer())
    with desk(tmp_path, engine=engine) as at:
        made = await everything("multihop", at)
    shown = ["\n".join(m.content for m in request.messages) for request in engine.history]
    fluid = next(one_sample(one) for one in made if one_sample(one).evidence[-1].quote.startswith("Cleanol 7"))
    trials = [text for text in shown if f"Question: {fluid.question}" in text]
    assert len(trials) == len(fluid.clues)
    assert "Fluid: Sealon 2; Shelf life" not in trials[0]
    assert all("Fluid: Sealon 2; Shelf life" in text for text in trials[1:])


async def test_a_question_that_code_can_refuse_costs_no_answer(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer("What is the colour of money in the rainy season?"))
    with desk(tmp_path, engine=engine) as at:
        found = reasons(await everything("multihop", at))
        planned = jobs("multihop", at)
    assert found == {"necessity: The question takes nothing from clue 1."}
    assert len(engine.history) == len(planned)


async def test_a_question_that_checks_turn_down_costs_no_answer(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer())
    with desk(tmp_path, engine=engine) as at:
        at.check = lambda samples, names=None: [(Verdict("selfcontained", False, 0.0, "points at a text"),)]
        found = reasons(await everything("multihop", at))
        planned = jobs("multihop", at)
    assert found == {"selfcontained: points at a text"} and len(engine.history) == len(planned)


async def test_a_name_in_the_question_is_replaced_by_its_description(tmp_path: Path) -> None:
    asked = "What does the NF-8 air filter weigh?"
    named = Writer(asked, plain=asked, described="the filter that is made of folded paper")
    with desk(tmp_path, engine=ScriptedEngine(named)) as at:
        made = [one_sample(one).question for one in await everything("multihop", at)]
    assert "What does the filter that is made of folded paper weigh?" in made


@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        (Writer(guesses=True), "still gives the answer"),
        (Writer(lazy=True), "does not use every clue"),
        (Writer(lost=True), "found no answer"),
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
    with desk(tmp_path, PARTING, engine=ScriptedEngine(Writer())) as at:
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
    with desk(tmp_path, engine=ScriptedEngine(Writer())) as at:
        at.settings = Settings.model_validate({"generate": {"per_chunk": per_chunk}})
        homes = Counter(job.chunk for job in jobs("multihop", at))
        lengths = {len(job.clues) for job in jobs("multihop", at)}
    assert homes and max(homes.values()) <= per_chunk
    assert per_chunk == 1 or lengths == {2, 3}


async def test_prompts_say_who_is_described_by_what_and_ban_only_what_is_shown(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer())
    with desk(tmp_path, engine=engine) as at:
        await everything("multihop", at)
    shown = [request.messages[-1].content for request in engine.history]
    mark = "Names that may not stand in the descriptions or the question: "
    asked = [text for text in shown if mark in text]
    assert asked and any("1. NF-8, by what sentence 1 says of it" in text for text in asked)
    for text in asked:
        sentences = " ".join(line for line in text.splitlines() if line.startswith("["))
        banned = text.split(mark)[1].removesuffix(".").split(", ")
        assert all(name in sentences for name in banned)
    assert any("Code: A-21; Display text: Filter dirty; What to do: Replace" in text for text in asked)


async def test_prompts_show_clues_as_numbered_data(tmp_path: Path) -> None:
    engine = ScriptedEngine(Writer())
    with desk(tmp_path, engine=engine) as at:
        await everything("multihop", at)
    shown = engine.history[0].messages[-1].content
    assert "[1] (About " in shown and "[2] (About " in shown and "{{" not in shown


HOLDING: dict[str, tuple[Section, ...]] = {
    "a.md": (("Pump", ("The PX-7 gear pump holds 80 mL of oil.",)), ("Other", ("The PX-7 gear pump is red.",))),
    "b.md": (("Pump", ("The QX-9 gear pump holds 95 mL of oil.",)), ("Other", ("The QX-9 gear pump is blue.",))),
}


class Comparer:
    """A model that compares two things from both sentences, or (`lazy`) from the first alone."""

    def __init__(self, question: str, *, lazy: bool = False, possible: bool = True) -> None:
        self.question = question
        self.lazy = lazy
        self.possible = possible

    def __call__(self, request: Request) -> str:
        shown = [line for line in request.messages[-1].content.splitlines() if line.startswith("[")]
        if "steps" not in json.loads(request.schema)["properties"]:
            return json.dumps({"respect": "how much oil", "question": self.question, "possible": self.possible})
        numbers = [1] if self.lazy else range(1, len(shown) + 1)
        steps = [{"find": "how much it holds", "sentence": n, "says": "It holds oil."} for n in numbers]
        answer = "The QX-9 gear pump holds more: 95 mL against 80 mL."
        return json.dumps({"steps": steps, "answerable": True, "answer": answer})


SIDES = "Which holds more oil, the PX-7 gear pump or the QX-9 gear pump?"


@pytest.mark.parametrize(
    ("comparer", "reason"),
    [
        (Comparer(SIDES), ""),
        (Comparer(SIDES, lazy=True), "does not use every clue"),
        (Comparer("Which of the two pumps holds more oil?"), "does not name both"),
        (Comparer("Only one of them is measured.", possible=False), "finds nothing to compare"),
    ],
)
async def test_a_model_compares_what_two_chunks_tell(tmp_path: Path, comparer: Comparer, reason: str) -> None:
    with desk(tmp_path, HOLDING, engine=ScriptedEngine(comparer)) as at:
        [job] = [job for job in jobs("multihop", at) if "compared" in job.params]
        assert len({at.corpus.clue(clue).chunk for clue in job.clues}) == 2
        [made] = [one for one in await everything("multihop", at) if len(one_sample(one).clues) == 2]
    found = reasons([made])
    assert all(reason in text for text in found) and bool(found) == bool(reason)
    assert bool(reason) or one_sample(made).recipe.params["question_kind"] == "comparison"


def one_sample(made: Sample | Judged) -> Sample:
    """The sample, given up or not."""
    return made.sample if isinstance(made, Judged) else made


def planned(tmp_path: Path, **documents: tuple[Section, ...]) -> list[list[str]]:
    """The sentences of each chain that a model is to word."""
    with desk(
        tmp_path, {f"{name}.md": told for name, told in documents.items()}, engine=ScriptedEngine(Writer())
    ) as at:
        return [[at.corpus.clue(clue).quote for clue in job.clues] for job in jobs("multihop", at)]


USED = "A full tank is reported by the QS-4 level sensor."
ASKED = "The QS-4 level sensor weighs 40 grams without cable."
RIVALS: tuple[Section, ...] = (("More", ("The NF-8 air filter weighs 60 grams without frame.",)),)


@pytest.mark.parametrize(
    ("used", "asked", "joined"),
    [
        (USED, ASKED, True),
        ("A full tank is reported by the QS-4 level sensor or the LT-6 float switch.", ASKED, False),
        ("Huber, A.: On the QS-4 level sensor, Reports, 35 (7), 1766-1776.", ASKED, False),
        ("A full tank = the QS-4 level sensor is lit and blinks.", ASKED, False),
        ("As shown above, a full tank is reported by the QS-4 level sensor.", ASKED, False),
        (USED, "Whoever weighs 40 grams without cable may hold the QS-4 level sensor.", False),
        (USED, "In the QS-4 level sensor a weight of 40 grams is mounted without cable.", False),
        (USED, "A tin that weighs 40 grams is the counterpart of the QS-4 level sensor.", True),
    ],
)
def test_a_chain_goes_from_a_clear_use_to_what_is_said_of_the_thing(
    tmp_path: Path, used: str, asked: str, joined: bool
) -> None:
    chains = planned(tmp_path, a=(("Use", (used,)),), b=(("Parts", (asked,)), *RIVALS))
    assert ([used, asked] in chains) == joined


def test_what_fits_another_thing_describes_nothing(tmp_path: Path) -> None:
    other = "A full tank is reported by the LT-6 float switch."
    chains = planned(tmp_path, a=(("Use", (USED,)), ("Again", (other,))), b=(("Parts", (ASKED,)), *RIVALS))
    assert [USED, ASKED] not in chains


def test_a_clue_is_asked_for_once(tmp_path: Path) -> None:
    again = ("Service", ("The blue lever of the hoist is held back by the QS-4 level sensor.",))
    chains = planned(tmp_path, a=(("Use", (USED,)), again), b=(("Parts", (ASKED,)), *RIVALS))
    assert len([chain for chain in chains if chain[-1] == ASKED]) == 1


def test_an_abbreviation_spelled_out_describes_nothing(tmp_path: Path) -> None:
    table = Table((("Name", "Meaning"),), (("QFT", "Quick Fill Tank"), ("SFT", "Slow Fill Tank")))
    said = ("The QFT holds 80 litres of clean oil.", "The SFT holds 95 litres of clean oil.")
    chains = planned(tmp_path, a=(("Words", (table,)),), b=(("Tanks", said[:1]), ("More", said[1:])))
    assert not any("Quick Fill Tank" in chain[0] for chain in chains)
