"""Conversations: turns that lean on each other, each answer on its own evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from doc2data.records import Sample, Verdict
from doc2data.tasks.joins.english import talk
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import PINNED, Section, desk
from tests.recipes.made import everything, jobs, reasons, samples


async def test_conversations_have_three_to_six_exchanges_in_turns(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        made = await samples("dialogue", at)
    assert made
    for sample in made:
        roles = [message.role for message in sample.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2) and 3 <= len(roles) // 2 <= 6
        assert len(sample.turns) == len(roles) // 2 == len(sample.recipe.params["exchanges"])


async def test_every_turn_stands_on_quotes_that_are_their_slices(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for sample in await samples("dialogue", at):
            for kind, turn in zip(sample.recipe.params["exchanges"], sample.turns, strict=True):
                assert bool(turn) == (kind != "unanswerable")
                for number in turn:
                    evidence = sample.evidence[number]
                    assert at.corpus.named(evidence.document).text[evidence.start : evidence.end] == evidence.quote


def exchanges(made: list[Sample]) -> dict[str, list[tuple[str, str]]]:
    """Question and answer by kind of exchange."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sample in made:
        words = [message.content for message in sample.messages]
        for kind, question, answer in zip(sample.recipe.params["exchanges"], words[::2], words[1::2], strict=True):
            found.setdefault(kind, []).append((question, answer))
    return found


async def test_follow_ups_need_the_turn_before(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = exchanges(await samples("dialogue", at))
    assert all(question.startswith(("And that of", "And those of")) for question, _ in found["ellipsis"])
    assert all("the two" in question for question, _ in found["comparison"])
    assert all(" it " in f" {q.rstrip('?')} " or "its " in q for q, _ in found.get("pronoun", []))


async def test_what_is_left_open_is_refused_plainly(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        found = exchanges(await samples("dialogue", at))
    assert all(answer.startswith("The documents do not") for _, answer in found.get("unanswerable", []))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What is the mass of {thing}?", "And what is its mass?"),
        ("How long does {thing} last?", "And how long does it last?"),
        ("Who screws off {thing}?", "And who screws off it?"),
        ("What holds the same data and the revision of {thing}?", ""),
    ],
)
def test_a_question_leans_on_the_one_before(asked: str, expected: str) -> None:
    assert talk.following(asked) in (expected, "")
    assert talk.following(asked) == ("" if "off" in asked else expected)


def test_a_false_premise_is_put_right() -> None:
    answer = talk.correction("mass", "the NF-8 air filter", ("60 g", "40 g"), "the KB-5 buffer battery")
    assert answer == "No, the mass of the NF-8 air filter is 60 g; the mass of the KB-5 buffer battery is 40 g."


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What is the mass of {thing}?", "the mass of {thing}"),
        ("How long does {thing} last?", "how long {thing} lasts"),
        ("How often is {thing} replaced?", "how often {thing} is replaced"),
        ("Why {thing}?", ""),
    ],
)
def test_what_a_question_asks_as_a_phrase(asked: str, expected: str) -> None:
    assert talk.indirect(asked) == expected


TALK: dict[str, tuple[Section, ...]] = {
    "pump.md": (
        (
            "Pump",
            (
                "The PX-7 gear pump holds 80 mL of oil.",
                "The gear pump is filled with Lubran 3 before the first start.",
                "The oil of the gear pump is changed once a year.",
                "The pump cover is opened with 5 Nm.",
                "The old oil of the pump is collected in a tin.",
                "The pump warms up for five minutes after each change.",
                "The cover of the pump is cleaned with a dry cloth.",
                "The pump stops when its oil is too warm.",
            ),
        ),
    )
}
FRUIT = ("apples", "pears", "plums", "grapes", "figs", "dates", "limes", "melons", "quinces", "cherries")


def told(question: str, answer: str) -> str:
    """A reply that answers from the first sentence."""
    return json.dumps({"question": question, "sentences": [1], "answer": answer})


def fine(n: int) -> tuple[str, str]:
    """An exchange that says something new."""
    return f"And what about its {FRUIT[n % 10]}?", f"No, its {FRUIT[n % 10]} lie in basket {n}."


class Talker:
    """A model whose n-th exchange is given; what it leaves open is the price, which it may find (`knows`) after all."""

    def __init__(self, exchange: Callable[[int], tuple[str, str]] = fine, *, knows: bool = False) -> None:
        self.exchange = exchange
        self.asked = 0
        self.knows = knows

    def __call__(self, request: Request) -> str:
        if "missing" in json.loads(request.schema)["properties"]:
            return json.dumps({"question": "And what does it cost?", "missing": "the price of the gear pump"})
        if "answerable" in json.loads(request.schema)["properties"]:
            assert "What is stated about the price of the gear pump?" in request.messages[-1].content
            return json.dumps({"answerable": self.knows, "sentences": [1] * self.knows, "answer": "It is dear."})
        self.asked += 1
        return told(*self.exchange(self.asked - 1))


async def test_a_model_converses_about_one_clue_after_the_other(tmp_path: Path) -> None:
    engine = ScriptedEngine(Talker())
    with desk(tmp_path, TALK, engine=engine) as at:
        [made] = await samples("dialogue", at)
    shown = [request.messages[-1].content for request in engine.history]
    assert made.recipe.params["exchanges"] == ["opening", "follow_up", "follow_up", "false_premise"]
    assert [re.findall(r"sentence (\d+)", text)[0] for text in shown] == ["1", "2", "3", "4"]
    assert "Assistant: No, its apples lie in basket 0." in shown[1]
    assert made.turns == ((0,), (0,), (0,), (0,))


@pytest.mark.parametrize("knows", [False, True])
async def test_a_long_conversation_ends_with_what_is_left_open(tmp_path: Path, knows: bool) -> None:
    more = tuple(f"The pump {what} with tool {n}." for n, what in enumerate(("is moved", "is dried", "is stored")))
    longer = {"pump.md": (("Pump", (*TALK["pump.md"][0][1], *more)),)}
    with desk(tmp_path, longer, engine=ScriptedEngine(Talker(knows=knows))) as at:
        [made] = await samples("dialogue", at)
    refused = made.messages[-1].content == "The documents do not state the price of the gear pump."
    assert refused == (made.turns[-1] == ()) == (not knows)
    assert ("left_open" in made.recipe.params["exchanges"]) == (not knows)


def mixed(bad: tuple[str, str], at: int = 1) -> ScriptedEngine:
    """A model whose exchange number `at` goes wrong."""
    return ScriptedEngine(Talker(lambda n: bad if n == at else fine(n)))


@pytest.mark.parametrize(
    "bad",
    [
        ("And what about it?", "It is as it is."),
        ("And where do the apples of it lie?", "Its apples lie in basket 0."),
        ("And what about its apples?", "They are eaten by 5 people."),
        ("Does the gear pump hold 80 mL of oil?", "Yes, the gear pump does hold 80 mL of oil."),
        ("Who sells umbrellas in town?", "Nobody in town sells umbrellas."),
    ],
)
async def test_a_bad_exchange_is_left_out_and_the_conversation_goes_on(tmp_path: Path, bad: tuple[str, str]) -> None:
    engine = mixed(bad)
    with desk(tmp_path, TALK, engine=engine) as at:
        [made] = await samples("dialogue", at)
    assert bad[1] not in [message.content for message in made.messages][2:]
    assert len(made.turns) == 4 and len(engine.history) == 5


@pytest.mark.parametrize(
    "good",
    [
        ("Who sells it in town?", "Nobody in town does."),
        ("Who sells the apples in town?", "Nobody in town does."),
        ("And what about the pears in basket 0?", "No, its pears lie in basket 0 of the cellar."),
    ],
)
async def test_an_exchange_that_takes_up_what_was_said_is_kept(tmp_path: Path, good: tuple[str, str]) -> None:
    with desk(tmp_path, TALK, engine=mixed(good)) as at:
        [made] = await samples("dialogue", at)
    assert good[0] in [message.content for message in made.messages]


async def test_where_nothing_can_be_mistaken_the_conversation_goes_on(tmp_path: Path) -> None:
    plain = tuple(str(text).replace("5 Nm", "a wrench") for text in TALK["pump.md"][0][1])
    with desk(tmp_path, {"pump.md": (("Pump", plain),)}, engine=ScriptedEngine(Talker())) as at:
        [made] = await samples("dialogue", at)
    assert made.recipe.params["exchanges"] == ["opening", "follow_up", "follow_up", "follow_up"]


async def test_what_is_wrong_in_a_question_has_to_be_put_right(tmp_path: Path) -> None:
    agreeing = ("So it takes 5 cherries?", "Yes, it takes 5 cherries.")
    with desk(tmp_path, TALK, engine=mixed(agreeing, at=3)) as at:
        [made] = await samples("dialogue", at)
    assert made.recipe.params["exchanges"] == ["opening", "follow_up", "follow_up", "follow_up"]


async def test_a_conversation_that_stays_too_short_is_given_up_with_its_reason(tmp_path: Path) -> None:
    engine = ScriptedEngine(Talker(lambda n: ("And what about it?", "It is as it is.")))
    with desk(tmp_path, TALK, engine=engine) as at:
        found = reasons(await everything("dialogue", at))
    assert found == {"conversation: An answer says nothing: 'It is as it is.'."} and len(engine.history) == 3


async def test_an_exchange_that_a_check_turns_down_is_left_out(tmp_path: Path) -> None:
    engine = ScriptedEngine(Talker())
    with desk(tmp_path, TALK, engine=engine) as at:
        at.check = lambda made, names=None: [
            (Verdict("support", "pears" not in made[0].answer, 0.0, "no pears there"),) for _ in made
        ]
        [made] = await samples("dialogue", at)
    assert len(made.turns) == 4 and not any("pears" in message.content for message in made.messages)


async def test_rows_are_talked_about_until_a_label_comes_again(tmp_path: Path) -> None:
    lines = ("Torque: 5 Nm", "Mass: 3 kg", "Colour: light grey", "Width: 12 cm", "Torque: 7 Nm", "Mass: 9 kg")
    engine = ScriptedEngine(Talker())
    with desk(tmp_path, {"data.md": (("Data", lines),)}, engine=engine) as at:
        [job] = jobs("dialogue", at)
        quotes = [at.corpus.clue(clue).quote for clue in job.clues]
    assert quotes == list(lines[:4])


async def test_what_a_word_of_an_answer_means_is_asked_back_and_told_by_its_definition(tmp_path: Path) -> None:
    terms = ("Terms", ("Shelf life is the time in which an unopened bottle may be used.",))
    with desk(tmp_path, {**PINNED, "terms.md": (terms,)}) as at:
        found = exchanges(await samples("dialogue", at))
    assert found["clarification"]
    for question, answer in found["clarification"]:
        assert question == "What exactly is meant by “shelf life”?"
        assert answer == "Shelf life is the time in which an unopened bottle may be used."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What does {thing} hold?", "And what does it hold?"),
        ("What is the mass of {thing}?", "And what is its mass?"),
        ("What happens if {thing} runs dry?", "And what happens if it runs dry?"),
        ("Who cleans the filter throughout {thing}?", ""),
        ("What runs on the grease used for {thing} rings?", ""),
    ],
)
def test_a_pronoun_takes_the_place_of_the_subject_only(asked: str, said: str) -> None:
    assert talk.following(asked) == said


async def test_no_plain_word_is_a_term(tmp_path: Path) -> None:
    terms = ("Notes", ("The life is the time in which a bottle may be used.", "A fluid is the contents of a bottle."))
    with desk(tmp_path, {**PINNED, "notes.md": (terms,)}) as at:
        assert "clarification" not in exchanges(await samples("dialogue", at))


async def test_no_pronoun_is_a_term_that_is_asked_back(tmp_path: Path) -> None:
    terms = (
        "Notes",
        ("One of these is a bottle for the shelf.", "This is the life of the bottle.", "It is the fluid."),
    )
    with desk(tmp_path, {**PINNED, "notes.md": (terms,)}) as at:
        assert "clarification" not in exchanges(await samples("dialogue", at))
