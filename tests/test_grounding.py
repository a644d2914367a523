"""Rows of datasets made elsewhere are given the lines that their answers need, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.records import Hit, MadeBy, Message, Passage, RecipeRef, Sample, Step
from doc2data.stages.grounding import ground

PUMP = "Care\n\nThe shaft seal is replaced every 4,000 hours.\n\nThe filter is washed weekly."
TABLE = "Sizes\n\nTerminal | Wire\nMains | 2.5\n | 1.5\nSignal | 0.5"
STEPS = "First start\n\nClose the tap.\nBleed the pump head.\nStart the motor.\nCall the operator if it hums."
TEXTS = {"pump.md": PUMP, "table.md": TABLE, "steps.md": STEPS}


def search(queries: Sequence[str], k: int) -> list[list[Hit]]:
    passages = [Passage(name, name, name, (), 1, 100, 100 + len(text), text) for name, text in TEXTS.items()]
    return [[Hit(passage, 1.0, 1, 1) for passage in passages[:k]] for _ in queries]


def grounded(*said: str, steps: Sequence[str] = (), kind: str = "qa") -> Sample:
    messages = tuple(Message("assistant" if i % 2 else "user", text) for i, text in enumerate(said))
    made_by = MadeBy("imported", "", "", "", 0)
    recipe = RecipeRef("imported", 1)
    reasoning = tuple(Step(text) for text in steps)
    row = Sample("r", kind, "und", messages, (), recipe, made_by, reasoning)
    return ground([row], search, dict.fromkeys(TEXTS, "en"))[0]


def quotes(sample: Sample) -> list[str]:
    assert all(TEXTS[e.document][e.start - 100 : e.end - 100] == e.quote for e in sample.evidence)
    return [e.quote for e in sample.evidence]


def test_a_row_gets_the_line_that_its_answer_needs_and_the_language_of_its_document() -> None:
    made = grounded("How often is the shaft seal replaced?", "Every 4,000 hours.")
    assert quotes(made) == ["The shaft seal is replaced every 4,000 hours."]
    assert made.language == "en"


def test_a_row_of_a_table_brings_its_header_and_the_row_that_it_belongs_to() -> None:
    made = grounded("Which second wire has the mains terminal?", "1.5")
    assert quotes(made) == ["Terminal | Wire\nMains | 2.5\n | 1.5"]


def test_a_list_is_one_quote_from_its_first_step_to_its_last() -> None:
    made = grounded("How is it started?", "1. Close the tap.\n2. Start the motor.")
    assert quotes(made) == ["Close the tap.\nBleed the pump head.\nStart the motor."]


def test_reasoning_needs_its_lines_as_the_answer_does() -> None:
    made = grounded("How often is the seal replaced?", "Every 4,000 hours.", steps=["The filter is washed weekly."])
    assert "The filter is washed weekly." in quotes(made)


def test_each_answer_of_a_dialogue_has_its_own_evidence() -> None:
    talk = ("How often is the seal replaced?", "Every 4,000 hours.", "And the filter?", "The filter is washed weekly.")
    made = grounded(*talk, kind="dialogue")
    assert [[made.evidence[i].quote for i in turn] for turn in made.turns] == [
        ["The shaft seal is replaced every 4,000 hours."],
        ["The filter is washed weekly."],
    ]


def test_an_answer_that_the_documents_do_not_tell_needs_no_evidence() -> None:
    made = grounded("What does the seal cost?", "The documents do not say what the seal costs.")
    assert (made.kind, made.evidence) == ("unanswerable", ())
    half = grounded("What is washed, and at what price?", "The filter is washed. The price is not stated.")
    assert half.kind == "partial"
    assert half.evidence
