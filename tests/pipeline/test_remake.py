"""Asking a recipe again: other words from the same clues, through the same checks, taken back like an edit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from doc2data import review
from doc2data.errors import UsageError
from doc2data.project import Project
from doc2data.records import Judged
from doc2data.remake import Remaker
from doc2data.stages.settling import DUPLICATE
from doc2data.store import Query, Store
from models import Request, ScriptedEngine
from tests.pipeline.corpus import ENGLISH, prepared, run, use_engine, write
from tests.pipeline.test_models import writer

WORDS = ("say", "tell", "write", "state")


class Author:
    """The scripted writer, who words each take otherwise, or says what a test tells it to."""

    def __init__(self) -> None:
        self.question = ""

    def __call__(self, request: Request) -> str:
        reply = json.loads(writer(request))
        if "question" in reply:
            word = WORDS[request.sampling.seed % len(WORDS)]
            reply["question"] = self.question or reply["question"].replace("say of", f"{word} in detail of")
        return json.dumps(reply)


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    use_engine(monkeypatch, ScriptedEngine(writer))
    made = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "out", model__spec="scripted")
    run(made)
    return made


@pytest.fixture
def remaker(target: Project, author: Author, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remaker]:
    use_engine(monkeypatch, ScriptedEngine(author))
    with Store(target.database) as store:
        remaker = Remaker(target, target.settings(), store)
        yield remaker
        remaker.close()


def accepted(target: Project) -> list[Judged]:
    with Store(target.database) as store:
        return list(store.samples.judged("accepted"))


def test_another_take_stands_in_the_samples_place_and_can_be_taken_back(target: Project, remaker: Remaker) -> None:
    before = accepted(target)
    old = before[0]
    after = remaker(old.sample.id)
    assert after.sample.messages != old.sample.messages
    assert after.sample.evidence == old.sample.evidence
    assert (after.sample.parent, after.sample.recipe.params["take"]) == (old.sample.id, 1)
    assert after.sample.made_by.seed == old.sample.made_by.seed + 1
    assert {verdict.check for verdict in after.verdicts} == {verdict.check for verdict in old.verdicts}
    with Store(target.database) as store:
        assert store.samples.get(old.sample.id) is None
        assert store.samples.get(after.sample.id) == after
        assert len(store.samples.select(Query())) >= len(before)
        assert review.undo(store) == old
    assert accepted(target) == before


def test_a_question_that_another_sample_asks_is_turned_down(target: Project, remaker: Remaker, author: Author) -> None:
    first, second, *_ = accepted(target)
    author.question = second.sample.question
    after = remaker(first.sample.id)
    assert [verdict.check for verdict in after.verdicts if not verdict.passed] == [DUPLICATE]
    assert second.sample.id in after.reason


def test_rules_that_have_no_other_words_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_engine(monkeypatch, ScriptedEngine(writer))
    made = prepared([write(tmp_path / "docs", ENGLISH)], tmp_path / "rules")
    run(made)
    with Store(made.database) as store:
        remaker = Remaker(made, made.settings(), store)
        jobs = Counter(store.samples.job_of(id).id for id in store.samples.select(Query()))
        lonely = [id for id in store.samples.select(Query()) if jobs[store.samples.job_of(id).id] == 1]
        with pytest.raises(UsageError, match="nothing else to say"):
            remaker(lonely[0])
        with pytest.raises(UsageError, match="no sample 'nobody'"):
            remaker("nobody")
        remaker.close()
