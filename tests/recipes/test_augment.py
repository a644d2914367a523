"""Other wordings: the answer untouched, a manner for each, and what changes the meaning turned down by the check."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from doc2data.records import Judged, Sample
from doc2data.settings import Manner
from doc2data.tasks.rules.wordings import wordings
from tests.recipes.lines import line, writer
from tests.recipes.made import everything, jobs


async def test_a_wording_has_its_parents_answer_evidence_and_clues(tmp_path: Path) -> None:
    with line(
        tmp_path, writer("What goes into the PX-7?", "A", "B"), grow={"manners": ("terse",), "variants": 1}
    ) as at:
        [made] = await everything("augment", at.desk)
    assert isinstance(made, Sample)
    assert made.question == "What goes into the PX-7?"
    assert (made.answer, made.evidence, made.clues) == (at.first.answer, at.first.evidence, at.first.clues)
    assert made.parent == made.recipe.params["root"] == at.first.id
    assert made.recipe.params["wording_of"] == at.first.question and made.recipe.params["manner"] == "terse"


async def test_every_manner_is_asked_for_in_its_own_words(tmp_path: Path) -> None:
    engine = writer(*(f"Question number {n} about it?" for n in range(20)))
    with line(tmp_path, engine, grow={"variants": 10}) as at:
        made = await everything("augment", at.desk)
    manners = [m.recipe.params["manner"] for m in made if isinstance(m, Sample)]
    assert sorted(manners) == sorted(get_args(Manner)), "each once, as long as there are others"
    prompts = {r.messages[-1].content for r in engine.history if "translate" not in r.messages[-1].content}
    assert len(prompts) == len(get_args(Manner)) - 1


async def test_a_translation_goes_there_and_comes_back(tmp_path: Path) -> None:
    engine = writer("Womit wird die PX-7 befüllt?", "What is the PX-7 filled with?")
    with line(tmp_path, engine, grow={"manners": ("round_trip",), "variants": 1}) as at:
        [made] = await everything("augment", at.desk)
    assert isinstance(made, Sample) and made.question == "What is the PX-7 filled with?"
    first, second = (r.messages[-1].content for r in engine.history)
    assert "into German" in first and at.first.question in first
    assert "into English" in second and "Womit wird die PX-7 befüllt?" in second


async def test_an_evolved_question_is_put_in_other_words_and_a_wording_is_not(tmp_path: Path) -> None:
    with line(tmp_path, writer("What goes into the PX-7?"), grow={"manners": ("terse",), "variants": 1}) as at:
        [made] = await everything("augment", at.desk)
        assert isinstance(made, Sample)
        at.desk.accepted = lambda: iter([Judged(made, ()), Judged(at.first, ())])
        assert [job.params["parent"] for job in jobs("augment", at.desk)] == [at.first.id]


async def test_by_rule_as_many_wordings_as_the_form_allows(tmp_path: Path) -> None:
    question = "Which valve must be closed before the test is started?"
    with line(tmp_path, grow={"variants": 3}, question=question) as at:
        made = await everything("augment", at.desk)
    assert [m.question for m in made if isinstance(m, Sample)] == [
        "Before the test is started, which valve must be closed?",
        "What valve must be closed before the test is started?",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "What is the housing of the pump made of?",
        "What is the cover of the P-20 used to do?",
        "What happens after it is closed?",
        "How do you open the cover, and why?",
    ],
)
def test_no_rule_for_a_form_that_it_would_break(question: str) -> None:
    assert wordings(question, "en") == []


@pytest.mark.parametrize(
    ("question", "language", "other"),
    [
        (
            "What is the storage temperature of the P-20?",
            "en",
            "Could you tell me the storage temperature of the P-20?",
        ),
        ("How do you replace the diaphragm?", "en", "What are the steps to replace the diaphragm?"),
        ("May you open the cover?", "en", "Are you allowed to open the cover?"),
        ("什么是隔膜？", "zh", "隔膜是什么？"),
        ("打开泵头之前必须关闭什么？", "de", None),
    ],
)
def test_rules_by_language(question: str, language: str, other: str | None) -> None:
    assert wordings(question, language)[:1] == ([other] if other else [])
