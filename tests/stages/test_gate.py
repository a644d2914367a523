"""What a model is asked about a sample after the rules: entailment, the answer again, a review, a revision, drafts."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import models
from doc2data import pipeline, recipes
from doc2data.checks import CheckContext
from doc2data.errors import UsageError
from doc2data.records import Judged, Verdict
from doc2data.settings import Settings, override
from doc2data.stages.gate import Gate, Outcome
from doc2data.stages.making import plan, run_job
from models import ModelInfo, ModelUnusable, Reply, Request, ScriptedEngine
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import prepared, run, use_engine, write
from tests.pipeline.test_models import writer
from tests.recipes.desks import desk
from tests.tasks.judges import rated

PRESSURE = "The Corvan V-4 valve closes at a pressure of 6 bar."
SEAT = "The seat of the V-4 valve is made of bronze."
VALVES = {"valve.md": (("Valves", (PRESSURE, SEAT)),)}
Script = Callable[[Request], str | Reply]
AGREED = json.dumps({"reason": "The same.", "same": True})


def task(request: Request) -> str:
    """What a request asks for, told by the schema of its reply."""
    names = json.loads(request.schema)["properties"]
    tasks = {"finding": "entail", "accuracy": "review", "same": "agree", "possible": "revise", "answerable": "answer"}
    return next((tasks[name] for name in names if name in tasks), "question")


def scripted(**answers: Script) -> ScriptedEngine:
    """The writer of the other tests, with its own answers to some of the tasks."""

    def reply(request: Request) -> str | Reply:
        return answers.get(task(request), writer)(request)

    return ScriptedEngine(reply)


async def outcomes(
    folder: Path, engine: ScriptedEngine | None, judges: Sequence[Any] = (), **given: Any
) -> list[Outcome]:
    """What becomes of all jobs over one small document."""
    folder.mkdir(exist_ok=True)
    with desk(folder, VALVES, engine=engine) as at:
        at.settings = override(Settings(), {key.replace("__", "."): value for key, value in given.items()})
        at.judges = judges
        context = CheckContext(
            lambda name: at.corpus.named(name).text,
            lambda queries, k: [at.search(query, k) for query in queries],
            HashEmbedder().encode,
            at.settings.checks,
        )
        jobs = sorted(plan(at, ["qa"]), key=lambda planned: planned.position)
        made = await asyncio.gather(*(run_job(planned, recipes.load("qa"), at) for planned in jobs))
        return await Gate(context, at).judge(made)


async def judged(folder: Path, engine: ScriptedEngine | None, judges: Sequence[Any] = (), **given: Any) -> list[Judged]:
    """All samples, judged."""
    found = await outcomes(folder, engine, judges, **given)
    assert not [outcome.error for outcome in found if outcome.error]
    return [made for outcome in found for made in outcome.made if isinstance(made, Judged)]


def statuses(rows: Sequence[Judged]) -> set[str]:
    return {row.status for row in rows}


def verdict(row: Judged, check: str) -> Verdict:
    return next(v for v in row.verdicts if v.check == check)


def worded(request: Request) -> str:
    """The writer's answer with a word more, so that it is no quote."""
    reply = json.loads(writer(request))
    return json.dumps(reply | {"answer": "The V-4 valve: " + reply["answer"]})


def finding(kind: str) -> Script:
    return lambda _: json.dumps({"reason": "It says 6 bar.", "finding": kind})


async def test_a_quote_needs_no_asking_and_other_words_do(tmp_path: Path) -> None:
    engine = scripted(entail=finding("supported"), agree=lambda _: AGREED)
    assert statuses(await judged(tmp_path / "a", engine)) == {"accepted"}
    assert "entail" not in list(map(task, engine.history))
    other = scripted(entail=finding("supported"), answer=worded, agree=lambda _: AGREED)
    await judged(tmp_path / "b", other)
    [request, *_] = [r for r in other.history if task(r) == "entail"]
    assert ":\n> The V-4 valve: The" in request.messages[-1].content
    assert len(re.findall(r"^\[\d\]", request.messages[-1].content, re.MULTILINE)) == 1  # the evidence alone


@pytest.mark.parametrize("kind", ["contradicted", "not stated"])
async def test_a_statement_that_the_evidence_does_not_bear_out_is_rejected(tmp_path: Path, kind: str) -> None:
    rows = await judged(tmp_path, scripted(entail=finding(kind), answer=worded))
    assert statuses(rows) == {"rejected"}
    assert verdict(rows[0], "entailment").reason.startswith(f"{kind} by the evidence: 'The V-4 valve: ")
    assert "roundtrip" not in [v.check for v in rows[0].verdicts]


def is_second_answer(request: Request) -> bool:
    """Whether a question is answered from what retrieval brought back."""
    return "· valve.md" in request.messages[-1].content


def again(**change: Any) -> Script:
    """A writer that changes its answer where it answers for the second time."""

    def reply(request: Request) -> str:
        found = json.loads(writer(request))
        return json.dumps(found | change if is_second_answer(request) else found)

    return reply


async def test_an_answer_that_retrieval_does_not_give_again_is_rejected(tmp_path: Path) -> None:
    other, gone = again(answer="At 9 bar."), again(answerable=False)

    def denied(_: Request) -> str:
        return json.dumps({"reason": "9 is not 6.", "same": False})

    rows = await judged(tmp_path / "a", scripted(answer=other, agree=denied))
    assert {verdict(row, "roundtrip").passed for row in rows} == {False}
    assert "'At 9 bar.' (9 is not 6.)" in verdict(rows[0], "roundtrip").reason
    assert statuses(await judged(tmp_path / "b", scripted(answer=other, agree=lambda _: AGREED))) == {"accepted"}
    rows = await judged(tmp_path / "c", scripted(answer=gone))
    assert "finds no answer" in verdict(rows[0], "roundtrip").reason
    assert statuses(await judged(tmp_path / "d", scripted(answer=gone), checks__round_trip=0)) == {"accepted"}


async def test_the_round_trip_scores_how_sure_the_model_was(tmp_path: Path) -> None:
    def hesitant(request: Request) -> Reply:
        return Reply(writer(request), logprob=-0.5 if request.logprobs else None)

    rows = await judged(tmp_path / "a", scripted(answer=hesitant))
    assert {verdict(row, "roundtrip").score for row in rows} == {0.6065}
    assert statuses(rows) == {"accepted"}
    rows = await judged(tmp_path / "b", scripted())
    assert {verdict(row, "roundtrip").score for row in rows} == {1.0}


async def test_several_judges_vote_and_none_is_told_who_wrote(tmp_path: Path) -> None:
    def picky(request: Request) -> str:
        return rated(naturalness=1) if "bronze" in request.messages[-1].content.split("Answer:\n> ")[1] else rated()

    judges = [judge("north", lambda _: rated()), judge("south", picky), judge("east", picky)]
    rows = await judged(tmp_path, scripted(), judges, checks__judges=("north", "south", "east"))
    [kept] = [row for row in rows if row.status == "accepted"]
    [gone] = [row for row in rows if row.status == "rejected"]
    assert verdict(kept, "judge").reason.startswith("3 of 3 judges pass it: accuracy 5")
    assert verdict(gone, "judge").reason.startswith("1 of 3 judges pass it: ")
    assert "naturalness 1" in verdict(gone, "judge").reason
    shown = [m.content for engine in judges for request in engine.history for m in request.messages]
    assert shown and not any("scripted" in text for text in shown)


def judge(name: str, review: Script) -> ScriptedEngine:
    """A judge that answers again as the writer does."""
    return ScriptedEngine(
        lambda request: review(request) if task(request) == "review" else writer(request),
        ModelInfo("scripted", name, name * 8),
    )


async def test_the_writer_may_judge_itself(tmp_path: Path) -> None:
    rows = await judged(tmp_path, scripted(review=lambda _: rated(accuracy=2)), checks__judges=("self",))
    assert verdict(rows[0], "judge").reason == (
        "0 of 1 judges pass it: accuracy 2, completeness 5, self-containedness 5, naturalness 5; "
        "accuracy: weak accuracy"
    )


async def test_a_model_may_judge_what_rules_wrote(tmp_path: Path) -> None:
    def unanswered(request: Request) -> str | Reply:
        if task(request) == "entail":
            return finding("supported")(request)
        return json.dumps({"answerable": False, "sentences": [], "answer": "not stated"})

    north = ScriptedEngine(unanswered)
    rows = await judged(tmp_path, None, [north], checks__judges=("north",))
    assert "roundtrip" in [row.verdicts[-1].check for row in rows] and statuses(rows) == {"rejected"}
    assert {task(request) for request in north.history} <= {"answer", "entail"}


async def test_a_mended_sample_goes_back_through_every_check(tmp_path: Path) -> None:
    def wrong(request: Request) -> str:
        text = writer(request)
        return (
            text if is_second_answer(request) else text.replace("6 bar", "9 bar").replace("bronze", "bronze for 80 bar")
        )

    def mended(request: Request) -> str:
        prompt = request.messages[-1].content
        asked = re.search(r"Question:\n> (.*)", prompt)
        assert asked is not None and "- support: " in prompt and "bring its passage back" not in prompt
        told = re.search(
            r"taken from the sentence (\d); where a defect speaks of the evidence, it means this one", prompt
        )
        assert told is not None and told[1] == ("1" if "9 bar" in prompt else "2")
        first = "9 bar" in prompt.split("Answer:\n> ")[1]
        answer = PRESSURE if first else "The seat of the V-4 valve is made for 90 bar."
        reply = {"possible": True, "question": asked[1], "sentences": [1 if first else 2], "answer": answer}
        return json.dumps(reply)

    rows = await judged(tmp_path, scripted(answer=wrong, revise=mended), checks__revisions=3)
    [kept] = [row for row in rows if row.status == "accepted"]
    parent = next(row for row in rows if row.sample.id == kept.sample.parent)
    assert "6 bar" in kept.sample.answer and "9 bar" in parent.sample.answer
    assert {"evidence", "support", "retrievability", "entailment", "roundtrip"} <= {v.check for v in kept.verdicts}
    # The seat stays wrong: what the model gives back unchanged is the end of it.
    assert sorted(row.sample.recipe.params.get("revision", 0) for row in rows) == [0, 0, 1, 1]


async def test_of_several_drafts_the_judges_best_is_kept(tmp_path: Path) -> None:
    def review(request: Request) -> str:
        found = re.search(r"Answer:\n> (.*)", request.messages[-1].content)
        assert found is not None
        return rated(naturalness=5 - found[1].count("So, "))

    script = scripted(answer=drafts, review=review, entail=finding("supported"), agree=lambda _: AGREED)
    rows = await judged(tmp_path, script, generate__candidates=6, checks__judges=("self",))
    kept = {row.sample.clues: row for row in rows if row.status == "accepted"}
    assert len(kept) == 2 and len(rows) == 12
    for row in rows:
        assert verdict(row, "judge").score <= verdict(kept[row.sample.clues], "judge").score
    assert {v.check for row in rows for v in row.verdicts if not v.passed} == {"quota"}
    more = await judged(tmp_path / "more", script, generate__candidates=6, generate__keep=2, checks__judges=("self",))
    assert sum(row.status == "accepted" for row in more) == 4


def drafts(request: Request) -> str:
    """Answers that begin otherwise with another seed."""
    reply = json.loads(writer(request))
    return json.dumps(reply | {"answer": f"{'So, ' * (request.sampling.seed % 3)}{reply['answer']}"})


async def test_likelihood_decides_where_nothing_else_does(tmp_path: Path) -> None:
    class Mute(ScriptedEngine):
        async def score(self, messages: Any, continuations: Any) -> list[float]:
            raise ModelUnusable("It cannot score.")

    script = scripted(answer=drafts, entail=finding("supported"), agree=lambda _: AGREED)
    rows = await judged(tmp_path / "a", script, generate__candidates=6)
    kept = {row.sample.answer for row in rows if row.status == "accepted"}
    said = [row.sample.answer for row in rows]
    # The scripted engine finds shorter texts likelier.
    assert kept == {min((answer for answer in said if word in answer), key=len) for word in ("6 bar", "bronze")}
    rows = await judged(tmp_path / "b", Mute(script._answer), generate__candidates=6)
    assert sum(row.status == "accepted" for row in rows) == 2


async def test_a_job_that_no_model_could_judge_has_failed(tmp_path: Path) -> None:
    found = await outcomes(tmp_path, scripted(review=lambda _: "{}"), checks__judges=("self",))
    assert len(found) == 2
    assert all(outcome.error is not None and not outcome.made for outcome in found)


def test_judges_of_a_run_are_told_in_its_manifest_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
    engines = {
        "scripted": scripted(),
        "north": judge("north", lambda _: rated()),
        "south": judge("south", lambda _: rated(accuracy=1)),
    }
    monkeypatch.setattr(models, "open_engine", lambda spec, options: engines[spec])
    docs = write(tmp_path / "docs", {"valve.md": f"# Valves\n\n{PRESSURE} {SEAT}\n"})
    target = prepared([docs], tmp_path / "out", model__spec="scripted")
    assert run(target)["counts"]["kept"] == 2

    async def judged_later() -> None:
        settings = override(target.settings(), {"checks.judges": ("north", "south")})
        async for _ in pipeline.build(target, settings):
            pass

    asyncio.run(judged_later())
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    assert manifest["counts"]["kept"] == 0  # one of two is no majority
    assert manifest["measures"]["agreement"] == 0.5
    assert [one["name"] for one in manifest["judges"]] == ["north", "south"]
    assert all(engine.closed for engine in engines.values())


def test_rules_cannot_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_engine(monkeypatch, scripted())
    docs = write(tmp_path / "docs", {"valve.md": PRESSURE})
    with pytest.raises(UsageError, match="no model writes"):
        run(prepared([docs], tmp_path / "rules", checks__judges=("self",)))
