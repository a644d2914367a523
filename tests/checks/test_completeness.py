"""Steps are told whole and in order; pairs prove what they claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doc2data.checks import check_batch
from doc2data.records import Evidence, RecipeRef, Rejected, Sample
from tests.checks.samples import CONTEXT, GOOD, sample, verdict

STEPS = ("Press HOLD and close the sample tap.", "Draw the old tube out.", "Lay the new tube in the track.")
SOURCE = "To change the tube:\n" + "\n".join(STEPS)


def telling(answer: str, source: str = SOURCE) -> Sample:
    quote = Evidence("manual.pdf", "Feed pump FP-12", 1, ("Care",), 0, len(source), source)
    return replace(sample("How is the pump tube changed?", answer, GOOD.evidence[0].quote), evidence=(quote,))


def listed(*steps: str) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def test_all_steps_in_order_pass() -> None:
    assert verdict("completeness", telling(listed(*STEPS))).passed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (listed(STEPS[1], STEPS[0], STEPS[2]), "before"),
        (listed(STEPS[0], STEPS[2]), "leaves out 'Draw the old tube out.'"),
        (listed(STEPS[0], STEPS[1]), "leaves out 'Lay the new tube"),
        (listed(STEPS[1], STEPS[2]), "leaves out 'Press HOLD"),
    ],
)
def test_a_step_left_out_or_moved_is_found(answer: str, said: str) -> None:
    found = verdict("completeness", telling(answer))
    assert not found.passed and said in found.reason


def test_steps_may_be_told_in_nearly_the_same_words() -> None:
    assert verdict("completeness", telling(listed("Press the HOLD key, close the sample tap.", *STEPS[1:]))).passed


def test_steps_under_letters_are_steps() -> None:
    assert verdict("completeness", telling(f"1. {STEPS[0]}\na. {STEPS[1]}\nb. {STEPS[2]}")).passed
    assert not verdict("completeness", telling(f"1. {STEPS[0]}\na. {STEPS[2]}")).passed


def test_a_warning_inside_a_step_is_part_of_it() -> None:
    source = SOURCE.replace(STEPS[1], f"{STEPS[1]} Never pull at the sensor cable.")
    found = verdict("completeness", telling(listed(*STEPS), source))
    assert not found.passed and "Never pull at the sensor cable." in found.reason
    assert verdict(
        "completeness", telling(listed(STEPS[0], f"{STEPS[1]} Never pull at the sensor cable.", STEPS[2]), source)
    ).passed


@pytest.mark.parametrize("answer", ["Press HOLD and close the sample tap.", "1. Sand\n2. Water", "It is changed."])
def test_an_answer_that_tells_no_steps_is_not_held_to_them(answer: str) -> None:
    assert verdict("completeness", telling(answer)).passed


PAIR = replace(
    GOOD,
    kind="preference",
    recipe=RecipeRef("prefer", 1, {"of": "qa"}),
    rejected=Rejected(
        "It must be replaced every 5,000 operating hours.", "number", "4,000", "5,000", "support", "another number"
    ),
)
assert PAIR.rejected is not None


def test_the_chosen_answer_is_checked_like_its_parent_and_the_rejected_one_for_failing() -> None:
    [found] = check_batch([PAIR], CONTEXT, ["support", "preference"])
    assert [(v.check, v.passed) for v in found] == [("support", True), ("preference", True)]
    assert "5,000" in found[-1].reason


@pytest.mark.parametrize(
    ("answer", "check", "said"),
    [
        (GOOD.answer, "support", "says what the chosen one says"),
        ("  ", "support", "empty"),
        ("The seal must be replaced every 4,000 operating hours.", "support", "passes support"),
        ("It must be replaced every 5,000 operating hours.", "completeness", "passes completeness"),
    ],
)
def test_a_pair_whose_proof_does_not_hold_is_turned_down(answer: str, check: str, said: str) -> None:
    assert PAIR.rejected is not None
    pair = replace(PAIR, rejected=replace(PAIR.rejected, answer=answer, check=check))
    found = verdict("preference", pair)
    assert not found.passed and said in found.reason


def test_what_is_no_pair_is_not_asked_for_one() -> None:
    [[found]] = [check_batch([GOOD], CONTEXT, ["preference", "support"])[0]]
    assert found.check == "support"


def test_a_pair_of_a_reckoned_answer_is_checked_as_reckoned() -> None:
    """28 W + 55 g is nothing; but a sum of two numbers of the evidence passes for cot, and not for qa."""
    quote = "The filter may be washed at most three times."
    summed = sample("How many washes are that for two filters?", "That is 6 washes: 3 and 3.", quote, kind="cot")
    pair = replace(summed, kind="preference", recipe=RecipeRef("prefer", 1, {"of": "cot"}), rejected=PAIR.rejected)
    as_cot, as_qa = (replace(pair, recipe=RecipeRef("prefer", 1, {"of": kind})) for kind in ("cot", "qa"))
    assert verdict("support", as_cot).reason == verdict("support", summed).reason
    assert verdict("support", as_qa).reason == verdict("support", replace(summed, kind="qa")).reason
