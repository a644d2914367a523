"""Preference pairs: each way's guard is reached, and a pair that is kept proves itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doc2data.checks.preference import worse
from doc2data.recipes.base import Desk
from doc2data.recipes.given import Given
from doc2data.records import Judged, Sample, Verdict
from doc2data.settings import Settings
from models import ScriptedEngine
from models.engine import Request
from tests.recipes.desks import Section, desk
from tests.recipes.made import everything, jobs, reasons
from tests.recipes.parents import accepting, sample_on

HOLDS = "The PX-7 gear pump holds 80 mL of oil."
FILLED = "The PX-7 gear pump is filled with Lubran 3."
CARE: dict[str, tuple[Section, ...]] = {
    "care.md": (
        (
            "Pump",
            (
                HOLDS,
                FILLED,
                "The pump must not run dry for more than 2 minutes.",
            ),
        ),
        ("Valve", ("The RV-3 relief valve opens at 12 bar.", "The spring of the RV-3 is checked every 6 months.")),
    )
}
PASSES = Verdict("support", True, 1.0, "")
ASKED = "How much oil does the PX-7 gear pump hold?"


def pairs(made: list[Sample | Judged]) -> list[Sample]:
    return [one for one in made if isinstance(one, Sample)]


def with_parent(at: Desk, **settings: object) -> Desk:
    return accepting(at, [sample_on(at, ASKED, HOLDS, HOLDS)], **settings)


def model(**replies: Any) -> ScriptedEngine:
    """A model that answers by the kind of request; a list gives one reply after the other."""
    queues: dict[str, Iterator[Any]] = {}

    def reply(request: Request) -> str:
        names = set(json.loads(request.schema)["properties"])
        kind = next(kind for kind, sign in SIGNS.items() if sign in names)
        given = replies[kind]
        if callable(given):
            return json.dumps(given(request.messages[-1].content))
        if isinstance(given, list):
            given = next(queues.setdefault(kind, iter(given)))
        return json.dumps(given)

    return ScriptedEngine(reply)


SIGNS = {
    "compare": "better",
    "rate": "honesty",
    "critique": "violates",
    "mend": "possible",
    "review": "naturalness",
    "answer": "answerable",
}


def answer(text: str, *sentences: int) -> dict[str, Any]:
    return {"answerable": True, "sentences": list(sentences or (1,)), "answer": text}


def ratings(score: int) -> dict[str, Any]:
    aspects = ("instruction_following", "truthfulness", "honesty", "helpfulness")
    return {"reason": "no defect"} | dict.fromkeys(aspects, score)


def by_text(better: str) -> Callable[[str], dict[str, Any]]:
    """A judge that knows the better answer wherever it stands."""

    def reply(prompt: str) -> dict[str, Any]:
        first = re.search(r"First answer:\n> (.*)", prompt)
        assert first is not None
        return {"reason": "It is right.", "better": "first" if better in first.group(1) else "second"}

    return reply


async def test_a_rejected_answer_fails_the_named_check_and_the_chosen_one_passes(tmp_path: Path) -> None:
    with desk(tmp_path, CARE) as at:
        samples = [
            sample_on(at, ASKED, HOLDS, HOLDS),
            sample_on(at, "What is the PX-7 gear pump filled with?", FILLED, FILLED),
            sample_on(
                at, "At which pressure does the RV-3 open?", "The RV-3 relief valve opens at 12 bar.", "The RV-3"
            ),
        ]
        chosen = accepting(at, samples, pairs=8)
        made = pairs(await everything("prefer", chosen))
        assert {pair.parent for pair in made} == {sample.id for sample in samples}
        assert {"number", "unit", "identifier"} <= {pair.rejected.operator for pair in made if pair.rejected}
        for pair in made:
            assert pair.rejected is not None and pair.kind == "preference"
            [[verdict]] = chosen.check([worse(pair, pair.rejected)], names=[pair.rejected.check])
            assert not verdict.passed
            [[own]] = chosen.check([pair], names=[pair.rejected.check])
            assert own.passed
            parent = next(sample for sample in samples if sample.id == pair.parent)
            assert (pair.clues, pair.evidence, pair.answer) == (parent.clues, parent.evidence, parent.answer)


async def test_what_no_check_turns_down_is_no_pair_and_is_counted(tmp_path: Path) -> None:
    """With checks that let everything pass, no pair comes about."""
    with desk(tmp_path, CARE) as at:
        parent = sample_on(at, ASKED, HOLDS, HOLDS)
        gullible = replace(accepting(at, [parent], pairs=8), check=lambda samples, names: [(PASSES,)] * len(samples))
        made = await everything("prefer", gullible)
    assert made and pairs(made) == [] and all("nothing proves" in reason for reason in reasons(made))


async def test_what_was_asked_for_is_changed_last(tmp_path: Path) -> None:
    """An answer about another pump than the question's deceives nobody; another volume does."""
    with desk(tmp_path, CARE) as at:
        for seed in range(4):
            chosen = Settings.model_validate({"generate": {"seed": seed}})
            made = pairs(await everything("prefer", with_parent(replace(at, settings=chosen))))
            assert [one.rejected.operator for one in made if one.rejected] != ["identifier"]


async def test_pairs_have_no_pairs(tmp_path: Path) -> None:
    with desk(tmp_path, CARE) as at:
        first = with_parent(at)
        made = pairs(await everything("prefer", first))
        again = accepting(at, made)
        assert made and jobs("prefer", again) == []


async def test_best_and_worst_of_n(tmp_path: Path) -> None:
    engine = model(answer=[answer(HOLDS), answer("The PX-7 gear pump holds 95 mL of oil."), answer(HOLDS, 1)])
    with desk(tmp_path, CARE, engine=engine) as at:
        made = await everything("prefer", with_parent(at, by=["best-of"], answers=3))
    [pair] = pairs(made)
    assert pair.answer == HOLDS and pair.rejected is not None
    assert "95 mL" in pair.rejected.answer and pair.rejected.check == "support" and "95" in pair.rejected.reason


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([answer(HOLDS), answer("The gear pump PX-7 holds 80 mL of oil.")], "All answers pass"),
        ([answer("It holds 95 mL."), answer("It holds 97 mL.")], "None of the answers passes"),
        ([answer(HOLDS), answer(HOLDS)], "the same each time"),
    ],
)
async def test_a_contest_without_a_winner_is_given_up(tmp_path: Path, answers: list[Any], reason: str) -> None:
    with desk(tmp_path, CARE, engine=model(answer=answers)) as at:
        made = await everything("prefer", with_parent(at, by=["best-of"], answers=2))
    assert pairs(made) == [] and any(reason in found for found in reasons(made))


TWO = [answer(HOLDS), answer("Some oil.", 1)]


async def test_judges_prefer_the_same_answer_in_both_places(tmp_path: Path) -> None:
    engine = model(answer=TWO, compare=by_text("80 mL"), rate=[ratings(5), ratings(2)])
    with desk(tmp_path, CARE, engine=engine) as at:
        made = await everything("prefer", with_parent(at, by=["judge"]))
    [pair] = pairs(made)
    assert pair.answer == HOLDS and pair.rejected is not None and pair.rejected.answer == "Some oil."
    stored = pair.recipe.params["ratings"]
    assert stored["chosen"]["truthfulness"] == 5 and stored["rejected"]["helpfulness"] == 2


async def test_a_judge_that_likes_the_first_place_decides_nothing(tmp_path: Path) -> None:
    engine = model(answer=TWO, compare={"reason": "It is first.", "better": "first"})
    with desk(tmp_path, CARE, engine=engine) as at:
        made = await everything("prefer", with_parent(at, by=["judge"]))
    assert pairs(made) == [] and any("places swapped" in reason for reason in reasons(made))


async def test_ratings_that_contradict_the_preference_are_no_pair(tmp_path: Path) -> None:
    engine = model(answer=TWO, compare=by_text("80 mL"), rate=[ratings(2), ratings(5)])
    with desk(tmp_path, CARE, engine=engine) as at:
        made = await everything("prefer", with_parent(at, by=["judge"]))
    assert pairs(made) == [] and any("rate the answer higher" in reason for reason in reasons(made))


def mended(text: str, possible: bool = True) -> dict[str, Any]:
    return {"possible": possible, "sentences": [1], "answer": text}


async def test_a_draft_that_a_check_turns_down_is_mended(tmp_path: Path) -> None:
    engine = model(answer=answer("The PX-7 gear pump holds 95 mL of oil."), mend=mended(HOLDS))
    with desk(tmp_path, CARE, engine=engine) as at:
        made = await everything("prefer", with_parent(at, by=["revision"]))
    [pair] = pairs(made)
    assert pair.answer == HOLDS and pair.rejected is not None and pair.rejected.check == "support"
    asked = [request.messages[-1].content for request in engine.history if "Defects" in request.messages[-1].content]
    assert "95" in asked[0], "the model is told what the check found"


def review(**scores: int) -> dict[str, Any]:
    aspects = ("accuracy", "completeness", "selfcontainedness", "naturalness")
    return {a: {"reason": f"weak {a}", "score": scores.get(a, 5)} for a in aspects}


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ({"answer": answer(HOLDS), "review": review()}, "Neither checks nor judges find a defect"),
        ({"answer": answer(HOLDS), "review": review(naturalness=3), "mend": mended(HOLDS)}, "changes nothing"),
        ({"answer": answer("It holds 95 mL."), "mend": mended("It holds 97 mL.")}, "The revision fails support"),
        (
            {
                "answer": answer(HOLDS),
                "review": review(naturalness=3),
                "mend": mended("The PX-7 gear pump takes 80 mL of oil."),
                "compare": by_text("holds 80 mL"),
                "rate": [ratings(5), ratings(4)],
            },
            "The revision lost",
        ),
    ],
)
async def test_a_revision_that_gains_nothing_is_given_up(tmp_path: Path, replies: dict[str, Any], reason: str) -> None:
    with desk(tmp_path, CARE, engine=model(**replies)) as at:
        made = await everything("prefer", with_parent(at, by=["revision"]))
    assert pairs(made) == [] and any(reason in found for found in reasons(made))


PRINCIPLE = "Name the oil."


def critique(*violates: bool) -> list[dict[str, Any]]:
    return [{"critique": "The oil is not named.", "violates": found} for found in violates]


async def principled(folder: Path, **replies: Any) -> list[Sample | Judged]:
    return await principled_by(model(**replies), folder)


async def principled_by(engine: ScriptedEngine, folder: Path) -> list[Sample | Judged]:
    with desk(folder, CARE, engine=engine) as at:
        chosen = replace(with_parent(at, by=["principles"]), given=Given(principles=(PRINCIPLE,)))
        return await everything("prefer", chosen)


async def test_a_principle_makes_the_pair(tmp_path: Path) -> None:
    better = "The PX-7 gear pump holds 80 mL of Lubran 3 oil."
    made = await principled(
        tmp_path, answer=answer(HOLDS), critique=critique(True, False), mend={**mended(better), "sentences": [1, 2]}
    )
    [pair] = pairs(made)
    assert pair.rejected is not None
    assert (pair.answer, pair.rejected.answer, pair.rejected.check) == (better, HOLDS, "principle")
    assert PRINCIPLE in pair.rejected.reason
    assert len(pair.clues) == 2, "what the revision cites is evidence too"


async def test_a_principle_is_shown_as_what_to_keep_and_the_critique_as_the_defect(tmp_path: Path) -> None:
    engine = model(answer=answer(HOLDS), critique=critique(True, False), mend=mended("It holds 80 mL of oil."))
    await principled_by(engine, tmp_path)
    [asked] = [text for r in engine.history if "mend an answer" in (text := r.messages[-1].content)]
    defects, _, after = asked.partition("Defects:\n")[2].partition("\n\n")
    assert defects == "- The oil is not named." and PRINCIPLE in after


@pytest.mark.parametrize(
    ("found", "reason"),
    [(critique(False), "keeps the principle"), (critique(True, True), "still goes against")],
)
async def test_a_principle_that_is_kept_or_never_kept_makes_none(tmp_path: Path, found: list[Any], reason: str) -> None:
    made = await principled(tmp_path, answer=answer(HOLDS), critique=found, mend=mended("It holds 80 mL."))
    assert pairs(made) == [] and any(reason in told for told in reasons(made))


async def test_other_principles_make_other_jobs(tmp_path: Path) -> None:
    with desk(tmp_path, CARE, engine=model()) as at:
        chosen = with_parent(at, by=["principles"])
        one, other = (replace(chosen, given=Given(principles=(text,))) for text in ("a", "b"))
        assert {one.job_id(job) for job in jobs("prefer", one)}.isdisjoint(
            other.job_id(job) for job in jobs("prefer", other)
        )
