"""Judges: votes, swapped places, and nothing about who wrote what is judged."""

from __future__ import annotations

import json

import pytest

from doc2data.records import Evidence
from doc2data.tasks.core import PassageText
from doc2data.tasks.judging import ASPECTS, evidence_text, revision_over
from doc2data.tasks.panel import Exchange, agreement, complaints, told
from models import Request
from tests.tasks.judges import MODELS, panel, preferring, rated

PASSAGE = PassageText("Manual", "Pump", ("[1] The pump is oiled every 40 hours.",))
EXCHANGE = Exchange("How often is the pump oiled?", "Every 40 hours.", "en", PASSAGE)
LONG = "It is oiled every 40 hours, which is often."


def longest(first: str, second: str) -> str:
    return "first" if len(first) > len(second) else "second"


async def test_a_panels_score_is_the_median_and_each_judge_has_a_vote() -> None:
    judges, _ = panel(lambda _: rated(), lambda _: rated(accuracy=2), lambda _: rated(accuracy=4, naturalness=3))
    votes = await judges.review(EXCHANGE, 0)
    assert votes.score("accuracy") == 4
    assert votes.passes(3) == (True, False, True)
    assert votes.passes(4) == (True, False, False)
    assert [(aspect, rating.score) for aspect, rating in votes.defects(4)] == [("accuracy", 2), ("naturalness", 3)]
    assert votes.mean == pytest.approx((0.75 + 1 + 1 + 1) / 4)


async def test_votes_are_told_so_that_they_can_be_read_again() -> None:
    judges, _ = panel(lambda _: rated(), lambda _: rated(accuracy=2, selfcontainedness=1), lambda _: rated(accuracy=1))
    said = told(await judges.review(EXCHANGE, 0), 3)
    assert said.startswith("1 of 3 judges pass it: accuracy 2, completeness 5, self-containedness 5, naturalness 5; ")
    assert complaints(said) == "accuracy: weak accuracy; self-containedness: weak selfcontainedness"
    assert agreement(said) == pytest.approx(2 / 3)
    judges, _ = panel(lambda _: rated())
    alone = told(await judges.review(EXCHANGE, 0), 3)
    assert complaints(alone) == alone and agreement(alone) is None


async def test_the_better_answer_wins_wherever_it_stands() -> None:
    judges, engines = panel(preferring(longest))
    found = await judges.compare(EXCHANGE, LONG, 0)
    assert (found.better, found.agreement, found.consistency) == ("second", 1.0, 1.0)
    assert (await judges.compare(Exchange(EXCHANGE.question, LONG, "en", None), "Often.", 0)).better == "first"
    assert len(engines[0].history) == 4


async def test_a_judge_that_likes_what_comes_first_prefers_neither() -> None:
    judges, _ = panel(preferring(lambda *_: "first"))
    found = await judges.compare(EXCHANGE, LONG, 0)
    assert (found.better, found.consistency) == ("neither", 0.0)


async def test_more_than_half_of_the_judges_decide() -> None:
    def shortest(a: str, b: str) -> str:
        return "second" if longest(a, b) == "first" else "first"

    judges, _ = panel(preferring(longest), preferring(shortest), preferring(longest))
    found = await judges.compare(EXCHANGE, LONG, 0)
    assert found.better == "second"
    assert found.agreement == pytest.approx(2 / 3)
    judges, _ = panel(preferring(longest), preferring(shortest))
    assert (await judges.compare(EXCHANGE, LONG, 0)).better == "neither"


async def test_no_judge_is_told_who_wrote() -> None:
    def reply(request: Request) -> str:
        return rated() if "accuracy" in request.schema else json.dumps({"reason": "Same.", "better": "neither"})

    judges, engines = panel(reply, reply)
    await judges.review(EXCHANGE, 0)
    await judges.compare(EXCHANGE, LONG, 0)
    shown = [m.content for engine in engines for request in engine.history for m in request.messages]
    assert shown and not any(name in text for text in shown for name in MODELS)
    assert engines[0].history == engines[1].history


async def test_a_review_says_its_reason_before_its_score() -> None:
    judges, engines = panel(lambda _: rated())
    await judges.review(EXCHANGE, 0)
    schema = json.loads(engines[0].history[0].schema)
    assert list(schema["properties"]) == sorted(ASPECTS)  # canonical JSON sorts keys; engines follow `required`
    assert schema["required"] == list(ASPECTS)
    assert schema["$defs"]["Rating"]["required"] == ["reason", "score"]


def test_evidence_from_two_places_says_where_each_line_stands() -> None:
    one = Evidence("a.md", "Pump", 1, ("Care",), 0, 5, "Oil\nit.")
    other = Evidence("b.md", "Kit", 2, ("Parts", "Oils"), 0, 5, "Use Lubran.")
    text = evidence_text([one, other])
    assert text.lines == ("[1] Oil it.", "[2] (Kit > Oils) Use Lubran.")
    assert (text.title, text.section) == ("Pump", "Care")


def test_a_revision_cites_only_lines_that_exist() -> None:
    with pytest.raises(ValueError):
        revision_over(1)(possible=True, question="How often is it oiled?", sentences=[2], answer="Every 40 hours.")
