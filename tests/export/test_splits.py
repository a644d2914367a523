"""Splits: nothing shared stands on two sides, the outcome depends on content alone."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc2data.errors import SettingsError
from doc2data.export import SplitKey, assign_splits, split_key, split_warnings
from doc2data.records import MadeBy, Message, RecipeRef, Sample
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, make

BONDS = st.sets(st.sampled_from([f"clue {n}" for n in range(40)]), max_size=3).map(tuple)
KEYS = st.lists(st.tuples(st.sampled_from(("qa", "cot", "multihop")), BONDS), min_size=1, max_size=80).map(
    lambda rows: [SplitKey(f"s{n}", kind, bonds) for n, (kind, bonds) in enumerate(rows)]
)


def splits_of(keys: list[SplitKey], settings: ExportSettings) -> dict[str, str]:
    """The split of each sample by its id."""
    found = assign_splits(keys, settings)
    return {key.id: split for key, split in zip(keys, found, strict=True)}


def singles(n: int, kind: str = "qa") -> list[SplitKey]:
    return [SplitKey(f"{kind}{i}", kind, ()) for i in range(n)]


@given(KEYS, st.integers(0, 5))
def test_no_bond_crosses_a_split(keys: list[SplitKey], seed: int) -> None:
    splits = splits_of(keys, ExportSettings(train=0.6, validation=0.2, seed=seed))
    sides: dict[str, set[str]] = {}
    for key in keys:
        for bond in key.bonds:
            sides.setdefault(bond, set()).add(splits[key.id])
    assert all(len(side) == 1 for side in sides.values())
    assert set(splits) == {key.id for key in keys}


@given(KEYS, st.randoms(use_true_random=False))
def test_order_plays_no_part(keys: list[SplitKey], chance: random.Random) -> None:
    settings = ExportSettings(train=0.6, validation=0.2)
    shuffled = keys[:]
    chance.shuffle(shuffled)
    assert splits_of(keys, settings) == splits_of(shuffled, settings)


def test_every_kind_gets_its_share() -> None:
    keys = singles(1000, "qa") + singles(200, "cot") + singles(40, "dialogue")
    splits = splits_of(keys, ExportSettings(train=0.8, validation=0.1))
    counts = Counter((key.kind, splits[key.id]) for key in keys)
    for kind, total in (("qa", 1000), ("cot", 200), ("dialogue", 40)):
        assert counts[kind, "train"] == pytest.approx(0.8 * total, abs=1)
        assert counts[kind, "validation"] == pytest.approx(0.1 * total, abs=1)
        assert counts[kind, "test"] == pytest.approx(0.1 * total, abs=1)


def test_the_seed_changes_who_goes_where() -> None:
    keys = singles(100)
    first, second = (splits_of(keys, ExportSettings(seed=seed)) for seed in (1, 2))
    assert first != second
    assert Counter(first.values()) == Counter(second.values())


def test_a_clear_warning_when_the_set_is_too_small() -> None:
    settings = ExportSettings()
    splits = assign_splits([SplitKey("a", "qa", ("clue 1",)), SplitKey("b", "qa", ("clue 1",))], settings)
    assert list(splits) == ["train", "train"]
    [warning] = split_warnings(splits, settings)
    assert "validation or test" in warning


def test_a_split_that_nobody_asked_for_is_not_missed() -> None:
    settings = ExportSettings(train=1.0, validation=0.0)
    splits = assign_splits(singles(10), settings)
    assert splits.counts() == {"train": 10}
    assert split_warnings(splits, settings) == []


def test_shares_above_one_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"1\.3"):
        assign_splits([], ExportSettings(train=0.9, validation=0.4))


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("clue", lambda e: (e.document, e.start, e.end)),
        ("section", lambda e: (e.document, e.section, e.page if not e.section else 0)),
        ("document", lambda e: e.document),
    ],
)
def test_the_unit_that_was_asked_for_is_never_cut(unit: str, place: object, corpus: Corpus) -> None:
    assert callable(place)
    settings = ExportSettings(train=0.5, validation=0.25)
    samples = [item.sample for item in corpus.judged]
    splits = splits_of([split_key(sample, unit) for sample in samples], settings)
    sides: dict[object, set[str]] = {}
    for sample in samples:
        for evidence in sample.evidence:
            sides.setdefault(place(evidence), set()).add(splits[sample.id])
    assert all(len(side) == 1 for side in sides.values())
    assert len(set(splits.values())) > 1


def test_near_duplicates_and_kin_stay_together(corpus: Corpus) -> None:
    samples = [item.sample for item in corpus.judged]
    clusters = {sample.id: "one cluster" for sample in samples[::5]}
    keys = [split_key(sample, "clue", clusters.get(sample.id)) for sample in samples]
    splits = splits_of(keys, ExportSettings(train=0.5, validation=0.25))
    assert len({splits[sample] for sample in clusters}) == 1


def test_the_same_question_never_stands_on_two_sides() -> None:
    samples = [
        make("qa", [("user", f"What is the weight of part {n % 5}?"), ("assistant", f"{n} g")], ()) for n in range(60)
    ]
    keys = [split_key(judged.sample, "clue") for judged in samples]
    assert len({key.id for key in keys}) == 60
    splits = splits_of(keys, ExportSettings(train=0.4, validation=0.3))
    sides: dict[str, set[str]] = {}
    for judged in samples:
        sides.setdefault(judged.sample.question, set()).add(splits[judged.sample.id])
    assert all(len(side) == 1 for side in sides.values())
    assert len(set(splits.values())) > 1


def test_splits_take_a_few_dozen_bytes_of_each_sample() -> None:
    def peak(count: int) -> int:
        keys = (SplitKey(f"{n:016x}", "qa", (f"clue {n // 2}", f"section {n // 20}")) for n in range(count))
        tracemalloc.start()
        assert len(assign_splits(keys, ExportSettings())) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert (peak(9_000) - peak(5_000)) / 4_000 < 100


@pytest.mark.parametrize("seed", range(5))
def test_siblings_stay_together_though_their_parent_is_gone_and_their_clues_differ(seed: int) -> None:
    """Wordings of one question share their parent; steps behind a rejected one share the root of their line."""
    maker = MadeBy("scripted", "scripted", "", "", 0)

    def made(id: str, parent: str, root: str) -> SplitKey:
        recipe = RecipeRef("evolve", 1, {"root": root})
        asked = (Message("user", f"Question {id}?"),)
        return split_key(Sample(id, "qa", "en", asked, (), recipe, maker, parent=parent, clues=(f"c{id}",)), "clue")

    lines = [made(f"{root}{n}", f"gone{root}{n}", f"root{root}") for root in range(40) for n in range(3)]
    splits = splits_of(lines, ExportSettings(train=0.5, validation=0.2, seed=seed))
    sides = {root: {splits[f"{root}{n}"] for n in range(3)} for root in range(40)}
    assert all(len(side) == 1 for side in sides.values())
    assert len(set(splits.values())) == 3
