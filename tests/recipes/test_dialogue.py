"""Conversations: turns that lean on each other, each answer on its own evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from doc2data.recipes import load
from doc2data.records import Sample
from doc2data.tasks.joins.english import talk
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import PINNED, desk
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


def turns(answers: Callable[[int], str]) -> ScriptedEngine:
    """A model whose n-th answer is given."""
    count = iter(range(1000))

    def reply(request: Request) -> str:
        n = next(count)
        return json.dumps(
            {"question": f"And what about it, number {n}?", "answerable": True, "sentences": [1], "answer": answers(n)}
        )

    return ScriptedEngine(reply)


async def test_a_model_converses_with_what_was_said_before(tmp_path: Path) -> None:
    fruit = ("apples", "pears", "plums", "grapes", "figs", "dates", "limes", "melons", "quinces", "cherries")
    engine = turns(lambda n: f"Told of {fruit[n % 10]} and of basket {n}.")
    with desk(tmp_path, engine=engine) as at:
        made = await samples("dialogue", at)
    assert made and all(3 <= len(sample.turns) <= 6 for sample in made)
    assert "Assistant: Told of apples" in engine.history[1].messages[-1].content


@pytest.mark.parametrize(
    ("answers", "reason"),
    [(lambda n: "Always the same words here.", "repeats"), (lambda n: "It is as it is.", "says nothing")],
)
async def test_idle_and_repeated_answers_are_given_up(
    tmp_path: Path, answers: Callable[[int], str], reason: str
) -> None:
    with desk(tmp_path, engine=turns(answers)) as at:
        assert any(reason in found for found in reasons(await everything("dialogue", at)))


@pytest.mark.parametrize(
    ("question", "answer", "gives_itself"),
    [
        ("Does the gear pump hold 90 mL of oil?", "No, the gear pump holds 80 mL of oil, not 90 mL.", False),
        ("Does the gear pump hold 80 mL of oil?", "Yes, the gear pump does hold 80 mL of oil.", True),
    ],
)
async def test_a_number_put_right_is_not_given_by_the_question(
    tmp_path: Path, question: str, answer: str, gives_itself: bool
) -> None:
    reply = json.dumps({"question": question, "answerable": True, "sentences": [1], "answer": answer})
    with desk(tmp_path, engine=ScriptedEngine(lambda request: reply)) as at:
        found = reasons(await everything("dialogue", at))
    assert any("gives its answer itself" in reason for reason in found) == gives_itself


async def test_every_prompt_of_a_conversation_says_when_it_is_answerable(tmp_path: Path) -> None:
    engine = turns(lambda n: f"Told of basket {n}.")
    with desk(tmp_path, engine=engine) as at:
        await everything("dialogue", at)
    assert engine.history
    assert all("answerable" in request.messages[-1].content for request in engine.history)


@pytest.mark.parametrize(
    ("question", "answer", "drifts"),
    [
        ("Who sells umbrellas in town?", "Nobody in town sells umbrellas.", True),
        ("Who sells it in town?", "Nobody in town does.", False),
        ("Who sells the gear pump in town?", "Nobody in town does.", False),
    ],
)
async def test_a_turn_that_takes_nothing_up_is_drift(tmp_path: Path, question: str, answer: str, drifts: bool) -> None:
    replies = iter([("What does the gear pump hold?", "The gear pump holds oil."), (question, answer)] * 99)

    def reply(request: Request) -> str:
        asked, told = next(replies)
        return json.dumps({"question": asked, "answerable": True, "sentences": [1], "answer": told})

    with desk(tmp_path, engine=ScriptedEngine(reply)) as at:
        found = reasons(await everything("dialogue", at))
    assert any("drifts off" in reason for reason in found) == drifts


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


@pytest.mark.parametrize(
    ("question", "repeats"),
    [("And what does the enabled state of it let you do?", False), ("And what else does it let you do?", True)],
)
async def test_the_same_of_another_thing_is_no_repetition(tmp_path: Path, question: str, repeats: bool) -> None:
    first = "The disabled state lets the ground stop writing files of a set without loading a table."
    again = "The enabled state lets the ground stop writing files of a set without loading a table."
    replies = iter([("What does the disabled state let the ground do?", first), (question, again)] * 99)

    def reply(request: Request) -> str:
        asked, told = next(replies)
        return json.dumps({"question": asked, "answerable": True, "sentences": [1], "answer": told})

    with desk(tmp_path, engine=ScriptedEngine(reply)) as at:
        [job, *_] = jobs("dialogue", at)
        [made] = await load("dialogue").run(replace(job, params={"turns": 2}), at)
    assert any("repeats" in reason for reason in reasons([made])) == repeats
