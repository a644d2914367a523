from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc2data.curate import DuplicateFilter
from doc2data.curate.trigrams import jaccard, trigrams
from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample
from doc2data.settings import CheckSettings
from models import Vectors
from tests.index.doubles import HashEmbedder

SETTINGS = CheckSettings()


def sample(identifier: str, question: str) -> Sample:
    messages = (Message("user", question), Message("assistant", "Yes."))
    return Sample(identifier, "qa", "en", messages, (), RecipeRef("qa", 1), MadeBy("rules", "rules", "", "", 0))


def wording(identifier: str, question: str, of: Sample) -> Sample:
    """The question of a sample in other words."""
    made = sample(identifier, question)
    return replace(made, parent=of.id, recipe=replace(made.recipe, params={"wording_of": of.question}))


def different(texts: Sequence[str]) -> Vectors:
    """Vectors by which no two texts are alike, whatever the call."""
    rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(64) for text in texts]
    return np.stack(rows).astype(np.float32)


def unit(texts: Sequence[str]) -> Vectors:
    vectors = different(texts)
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def test_the_same_question_in_other_case_and_punctuation_is_seen() -> None:
    known = DuplicateFilter(unit, SETTINGS)
    known.add(sample("a", "How often is the shaft seal replaced?"))
    assert known.seen(sample("b", "how often is the shaft seal replaced ?")) == "a"


def test_a_question_with_one_letter_changed_is_seen_by_its_trigrams() -> None:
    known = DuplicateFilter(unit, SETTINGS)
    known.add(sample("a", "How often must the shaft seal of the feed pump be replaced in operation?"))
    assert known.seen(sample("b", "How often must the shaft seals of the feed pump be replaced in operation?")) == "a"


def test_the_same_meaning_in_other_words_is_seen_by_its_vector() -> None:
    known = DuplicateFilter(lambda texts: np.ones((len(texts), 1), np.float32), SETTINGS)
    known.add(sample("a", "How often is the shaft seal replaced?"))
    assert known.seen(sample("b", "What is the change interval for packing?")) == "a"


def test_another_question_is_not_seen() -> None:
    known = DuplicateFilter(unit, SETTINGS)
    known.add(sample("a", "How often is the shaft seal replaced?"))
    assert known.seen(sample("b", "Which alarm does a low inlet pressure raise?")) is None


def test_prepared_samples_are_encoded_once_and_together() -> None:
    embedder = HashEmbedder()
    calls: list[int] = []

    def embed(texts: Sequence[str]) -> Vectors:
        calls.append(len(texts))
        return embedder.encode(texts)

    known = DuplicateFilter(embed, SETTINGS)
    batch = [sample(str(i), f"What does error code number {i * 7919} of the machine mean?") for i in range(5)]
    known.prepare(batch)
    for one in batch:
        known.seen(one)
        known.add(one)
    known.seen(batch[0])
    assert calls == [5]


def standing(identifier: str, question: str, answer: str, start: int) -> Sample:
    evidence = (Evidence("a.md", "A", None, (), start, start + 10, "x" * 10),)
    return replace(
        sample(identifier, question),
        messages=(Message("user", question), Message("assistant", answer)),
        evidence=evidence,
    )


@pytest.mark.parametrize(
    ("question", "answer", "start", "is_twin"),
    [
        ("What is the mass of the RM-420?", "The mass of the RM-420 is 6.1 kg.", 50, False),
        ("What is the mass of the RM-420?", "The mass of the RM-420 is 6.1 kg.", 5, False),
        ("What is the mass of the RM-410-S?", "The mass of the RM-410-S is 5.2 kg.", 5, False),
        ("What is the mass of the small one?", "The mass of the small one is 2 kg.", 5, False),
        ("What does the RM-410 weigh?", "It weighs 5.8 kg.", 5, True),
        ("How heavy is the RM-410?", "The mass of the RM-410 is 5.8 kg.", 50, True),
        ("What is the size of the RM-410?", "Its housing measures 30 by 20 by 10 cm.", 50, False),
        ("What is the mass of the RM-410 ?", "It depends on the water inside.", 50, True),
    ],
)
def test_siblings_that_ask_of_other_things_or_tell_something_else_are_no_twins(
    question: str, answer: str, start: int, is_twin: bool
) -> None:
    known = DuplicateFilter(lambda texts: np.ones((len(texts), 1), np.float32), SETTINGS)
    known.add(standing("a", "What is the mass of the RM-410?", "The mass of the RM-410 is 5.8 kg.", 0))
    assert (known.seen(standing("b", question, answer, start)) == "a") is is_twin


VOCABULARY = ["pump", "seal", "valve", "filter", "drain", "pressure", "alarm", "code", "hours", "inlet", "motor"]
WORDS = st.sampled_from(VOCABULARY)
QUESTIONS = st.lists(st.lists(WORDS, min_size=4, max_size=9).map(" ".join), min_size=1, max_size=30)


@settings(deadline=None)
@given(QUESTIONS)
def test_no_two_kept_ones_are_near(questions: list[str]) -> None:
    known = DuplicateFilter(unit, SETTINGS)
    kept: dict[str, frozenset[str]] = {}
    for number, text in enumerate(questions):
        one = sample(str(number), text)
        twin = known.seen(one)
        assert twin is None or twin in kept
        if twin is None:
            known.add(one)
            kept[one.id] = trigrams(text)
    # A little above the threshold, where MinHash misses fewer than one pair in ten thousand.
    assert all(jaccard(a, b) < SETTINGS.duplicate_jaccard + 0.08 for a, b in itertools.combinations(kept.values(), 2))


def test_other_wordings_may_be_near_their_first_question_and_each_other_but_not_the_same() -> None:
    alike = DuplicateFilter(lambda texts: np.ones((len(texts), 1), np.float32), SETTINGS)
    first, stranger = sample("a", "How often is the shaft seal replaced?"), sample("z", "Where is the pump?")
    alike.add(first)
    assert alike.seen(wording("b", "Please tell me how often the shaft seal is replaced.", first)) is None
    alike.add(wording("b", "Please tell me how often the shaft seal is replaced.", first))
    assert alike.seen(wording("c", "Please tell me how often the seal is replaced.", first)) is None
    assert alike.seen(wording("d", "please tell me HOW often the shaft seal is replaced", first)) == "b"
    assert alike.seen(stranger) == "a", "what is no kin of theirs is held against all"
    assert alike.seen(wording("e", "How often is it replaced?", stranger)) == "a"


def test_an_answer_that_says_more_than_its_parents_may_have_a_question_near_it() -> None:
    alike = DuplicateFilter(lambda texts: np.ones((len(texts), 1), np.float32), SETTINGS)
    first = sample("a", "How often is the shaft seal replaced?")
    alike.add(first)
    deeper = replace(sample("b", "How often is the shaft seal replaced, and why?"), parent="a")
    assert alike.seen(deeper) == "a"
    assert alike.seen(replace(deeper, recipe=replace(deeper.recipe, params={"says_more": True}))) is None
