"""Operators: one thing is changed, to something that could stand there, and nothing is proposed where nothing fits."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.tasks.corruptions import EDITS, OPERATORS, SENTENCES, STRUCTURAL, Elsewhere, Ground, Wrong

STEPS = "1. Press HOLD.\n2. Close the tap. Do not touch the sensor.\n3. Open the cover.\n4. Wait 20 minutes."


def wrongs(name: str, answer: str, *, language: str = "en", seed: int = 0, **elsewhere: tuple[str, ...]) -> list[Wrong]:
    named = elsewhere.pop("named", ())
    ground = Ground("What is it?", answer, answer, language, named, Elsewhere(**elsewhere))
    return list(OPERATORS[name](ground, random.Random(seed)))


def test_every_operator_belongs_to_one_group() -> None:
    assert sorted([*STRUCTURAL, *EDITS, *SENTENCES]) == sorted(OPERATORS)


def test_a_number_is_taken_from_a_neighbour_with_the_same_unit() -> None:
    [wrong] = wrongs("number", "The tank holds 80 mL.", texts=("The hose holds 35 mL at 7 bar.",))
    assert (wrong.before, wrong.after, wrong.answer) == ("80", "35", "The tank holds 35 mL.")


@pytest.mark.parametrize("written", ["0.10", "0.8", "12", "4,000", "2.5", "9", "2019"])
def test_a_number_made_up_keeps_its_shape(written: str) -> None:
    for seed in range(8):
        [wrong] = wrongs("number", f"It is {written} altogether.", seed=seed)
        assert wrong.after != written
        assert re.sub(r"\d", "0", wrong.after) == re.sub(r"\d", "0", written)
        assert not re.match(r"0\d", wrong.after)


def test_numbers_of_lists_and_codes_are_no_numbers() -> None:
    assert wrongs("number", "1. Press HOLD.\n2. Close the PX-7 tap.") == []


@given(st.integers(1, 9999), st.integers(0, 50))
def test_a_number_that_the_evidence_holds_is_not_proposed(number: int, seed: int) -> None:
    answer = f"It is {number} here."
    ground = Ground("Is it?", answer, f"{answer} Others: {', '.join(map(str, range(1, 99)))}", "en")
    for wrong in OPERATORS["number"](ground, random.Random(seed)):
        assert not re.search(rf"(?<!\d){re.escape(wrong.after)}(?!\d)", ground.evidence)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("Wait 2 minutes.", "Wait 2 hours."),
        ("It delivers 12 mL/min.", "It delivers 12 L/min."),
        ("It is 5 mm wide.", "It is 5 cm wide."),
        ("温度保持24小时。", "温度保持24天。"),
    ],
)
def test_a_unit_becomes_another_of_its_dimension(answer: str, wrong: str) -> None:
    assert wrong in [made.answer for made in wrongs("unit", answer)]


def test_a_code_is_taken_from_its_own_series() -> None:
    [wrong] = wrongs("identifier", "Alarm E-07 is shown.", texts=("E-12 means leak.", "The PX-7 pump."))
    assert wrong.answer == "Alarm E-12 is shown."
    [wrong] = wrongs("identifier", "It is part 4100-331.", texts=("The valve is 4100-516, the hose 7700-12.",))
    assert wrong.answer == "It is part 4100-516."
    [made_up] = wrongs("identifier", "It is part 4100-331.")
    assert made_up.after.startswith("4100-") and made_up.after != "4100-331"


def test_a_name_is_exchanged_for_one_of_its_form_only() -> None:
    names = ("E-13", "K3", "wet section", "Cleanol")
    [wrong] = wrongs("entity", "The pump is filled with Lubran.", named=("Lubran",), names=names)
    assert wrong.after == "Cleanol"
    assert wrongs("entity", "Water is used.", named=("Water",), names=("Cleanol",)) == [], "it only opens the sentence"


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("It must not run.", "It must run."),
        ("Never use alcohol.", "Use alcohol."),
        ("Do not open it.", "Open it."),
        ("The valve is closed.", "The valve is not closed."),
        ("The lid has been opened.", "The lid has not been opened."),
        ("不得与酸混合。", "可以与酸混合。"),
        ("切勿打开。", "请打开。"),
    ],
)
def test_a_statement_is_turned_round(answer: str, wrong: str) -> None:
    language = "zh" if re.search("[一-鿿]", answer) else "en"
    assert wrong in [made.answer for made in wrongs("negation", answer, language=language)]


def test_having_a_thing_is_not_denied_in_broken_english() -> None:
    assert wrongs("negation", "The RM-440 has 4 outputs.") == []
    assert wrongs("negation", "The range is 10 to 600 s.") == [], "that leaves open what it is"
    assert wrongs("negation", "It can be cleaned.")[0].answer == "It cannot be cleaned."


def test_chinese_words_are_not_torn_apart() -> None:
    assert wrongs("negation", "可能原因是地址错误。", language="zh")[0].answer == "可能原因不是地址错误。"
    assert all("可不能" not in made.answer for made in wrongs("negation", "可能原因是地址错误。", language="zh"))


def test_must_not_does_not_become_may_not() -> None:
    """That would forbid the same thing in other words."""
    assert [w for w in wrongs("condition", "It must not be opened.") if w.before == "must"] == []
    assert "It may be opened." in [w.answer for w in wrongs("condition", "It must be opened.")]


def test_steps_change_places_and_keep_their_numbers() -> None:
    for wrong in wrongs("step order", STEPS):
        assert re.findall(r"(?m)^\d", wrong.answer) == ["1", "2", "3", "4"]
        assert sorted(re.findall(r"(?m)^\d\. (.*)$", wrong.answer)) == sorted(re.findall(r"(?m)^\d\. (.*)$", STEPS))
        assert wrong.answer != STEPS and wrong.check == "completeness"


def test_a_step_is_left_out_and_the_others_number_on() -> None:
    for wrong in wrongs("step left out", STEPS):
        assert re.findall(r"(?m)^\d", wrong.answer) == ["1", "2", "3"]
        assert wrong.before in STEPS and wrong.before not in wrong.answer


def test_a_warning_is_left_out_and_its_step_stays() -> None:
    [wrong] = wrongs("warning left out", STEPS)
    assert wrong.answer == STEPS.replace(" Do not touch the sensor.", "")
    assert wrong.before == "Do not touch the sensor."


@pytest.mark.parametrize("name", STRUCTURAL)
def test_what_is_no_list_has_no_steps(name: str) -> None:
    assert wrongs(name, "Press HOLD, then close the tap. Do not touch the sensor.") == []


def test_a_neighbour_is_of_like_length_and_not_told_here() -> None:
    long = "A very long answer that goes on and on about something else entirely, and then some more."
    [wrong] = wrongs("neighbour", "It holds 80 mL.", answers=(long, "It holds 80 mL", "It takes 12 bar."))
    assert wrong.answer == "It takes 12 bar."


def test_what_is_added_stands_behind_and_is_no_longer_than_the_answer() -> None:
    sentences = ("This is much longer than all of the answer is.", "It is blue.")
    [wrong] = wrongs("addition", "It holds 80 mL of oil.", sentences=sentences)
    assert (wrong.answer, wrong.before) == ("It holds 80 mL of oil. It is blue.", "")
    [step] = wrongs("addition", STEPS, sentences=("Switch it off.",))
    assert step.answer == f"{STEPS}\n5. Switch it off."
