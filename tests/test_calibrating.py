"""What decisions say of the checks: an interval, the rows to read, and a floor that holds on held-out decisions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from doc2data import project, review
from doc2data.calibrating import ENOUGH, _Decision, _fitted, apply, calibrate
from doc2data.checks import read_floors, under_floor
from doc2data.cli import cli
from doc2data.errors import UsageError
from doc2data.records import Judged, MadeBy, Message, RecipeRef, Sample, Verdict, content_id
from doc2data.settings import Settings
from doc2data.store import JobRow, Store


def row(number: int, support: float) -> Judged:
    messages = (Message("user", f"What is {number}?"), Message("assistant", "It is."))
    made = MadeBy("rules", "rules", "", "", 0)
    sample = Sample(content_id(number), "qa", "en", messages, (), RecipeRef("qa", 1), made)
    return Judged(sample, (Verdict("structure", True, 1.0, "fine"), Verdict("support", True, support, "in it")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "project.db") as opened:
        yield opened


def put(store: Store, rows: list[Judged]) -> None:
    with store.transaction():
        store.samples.put_job(JobRow("j", "p", "qa", "c", "done"), rows)


def decide(store: Store, rows: list[Judged], right: Callable[[Judged], bool]) -> None:
    for one in rows:
        review.accept(store, one.sample.id) if right(one) else review.reject(store, one.sample.id, "no")


def support(judged: Judged) -> float:
    return judged.verdicts[1].score


def mixed(count: int) -> list[Judged]:
    """Half of the samples score between 0.6 and 0.7, the others between 0.8 and 1."""
    draw = random.Random(3)
    low, high = (0.6, 0.7), (0.8, 1.0)
    return [row(n, round(draw.uniform(*(low if n % 2 else high)), 3)) for n in range(count)]


def test_the_floor_parts_what_a_person_accepts_from_what_not(store: Store) -> None:
    rows = mixed(80)
    put(store, rows)
    decide(store, rows[:40], lambda one: support(one) > 0.75)
    found = calibrate(store)
    assert found.floor is not None
    assert found.floor.check == "support"
    assert 0.69 < found.floor.score <= 0.81
    assert found.floor.precision >= 0.95
    assert found.floor.interval[0] > 0.75


def test_where_scores_say_nothing_no_floor_is_offered_as_if_they_did(store: Store) -> None:
    rows, draw = mixed(60), random.Random(5)
    put(store, rows)
    decide(store, rows, lambda _: draw.random() < 0.6)
    floor = calibrate(store).floor
    assert floor is None or floor.precision < 0.95


def test_few_decisions_or_good_ones_need_no_floor(store: Store) -> None:
    rows = mixed(80)
    put(store, rows)
    decide(store, rows[: ENOUGH - 1], lambda one: support(one) > 0.75)
    assert calibrate(store).floor is None
    decide(store, rows, lambda _: True)
    assert calibrate(store).floor is None


def test_a_floor_turns_down_and_gives_back(store: Store) -> None:
    rows = mixed(20)
    put(store, rows)
    review.accept(store, rows[1].sample.id)  # under the floor, but a person has spoken
    assert apply(store, ["support=0.75"]) == (9, 0)
    fallen = store.samples.get(rows[3].sample.id)
    assert fallen is not None and fallen.reason == "support: in it (its score is under the floor of 0.75)"
    assert apply(store, ["support=0.75"]) == (0, 0)
    assert apply(store, []) == (0, 9)
    assert store.samples.get(rows[3].sample.id) == rows[3]


def test_what_a_check_itself_turned_down_no_floor_lifts() -> None:
    own = Verdict("support", False, 0.9, "says 5 bar")
    assert under_floor(own, {"support": 0.5}) == own


@pytest.mark.parametrize("text", ["support", "support=high", "=0.4", "support=1.4", "support=-1"])
def test_a_floor_that_is_written_wrong_is_explained(text: str) -> None:
    with pytest.raises(UsageError, match="CHECK=SCORE"):
        read_floors([text])


def test_the_interval_narrows_to_nothing_as_all_is_read(store: Store) -> None:
    assert review.wilson(45, 50) == review.wilson(45, 50, 0)
    widths = [high - low for low, high in (review.wilson(45, 50, size) for size in (10**7, 500, 100, 60, 50))]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0
    assert review.wilson(45, 50, 10**9) == pytest.approx(review.wilson(45, 50), abs=1e-6)


@pytest.mark.parametrize(("population", "trials"), [(100, 60), (500, 60), (5000, 60), (700, 120), (0, 60)])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.98])
def test_the_interval_holds_the_precision_in_95_of_100_draws(population: int, trials: int, share: float) -> None:
    draw = np.random.default_rng(round(1000 * share) + trials)
    right = round(share * population)
    wrong = population - right
    found = draw.hypergeometric(right, wrong, trials, 1000) if population else draw.binomial(trials, share, 1000)
    intervals = {int(n): review.wilson(int(n), trials, population) for n in set(found)}
    true = right / population if population else share
    held = sum(intervals[int(n)][0] <= true + 1e-12 and intervals[int(n)][1] >= true - 1e-12 for n in found)
    assert held >= 930
    assert max(high - low for low, high in intervals.values()) < 0.27


@pytest.mark.parametrize(
    ("reliable", "least", "most"),
    [
        pytest.param(lambda score: 0.98 if score > 0.75 else 0.4, 0.8, 1.0, id="a score that tells"),
        pytest.param(lambda score: 0.8, 0.0, 0.1, id="a score that tells nothing"),
    ],
)
def test_floors_are_offered_where_scores_tell_something_and_promise_what_they_keep(
    reliable: Callable[[float], float], least: float, most: float
) -> None:
    draw, offered, promised = random.Random(1), [], []
    for _ in range(60):
        scores = [draw.uniform(0.6, 1) for _ in range(60)]
        decided = [
            _Decision(draw.random() < reliable(score), {"support": score, "judge": draw.random(), "structure": 1.0})
            for score in scores
        ]
        floor = _fitted(decided, 0.95)
        if floor is not None:
            offered.append(floor)
            kept = [reliable(n / 1000) for n in range(round(1000 * max(floor.score, 0.6)), 1000)]
            promised.append(floor.precision - sum(kept) / len(kept))
    assert least <= len(offered) / 60 <= most
    if least:
        assert {floor.check for floor in offered} == {"support"}
        assert abs(sum(promised) / len(promised)) < 0.02


def test_a_finer_interval_asks_for_more_rows(store: Store) -> None:
    put(store, mixed(1000))
    coarse, fine = calibrate(store, margin=0.1), calibrate(store, margin=0.03)
    assert len(coarse.waiting) == coarse.audit.needed == 88
    assert len(fine.waiting) == fine.audit.needed == 517
    assert "within 3 points" in fine.advice and "read every row" in fine.advice


@pytest.mark.parametrize(("population", "custom"), [(50_000, "2,500 to 5,000"), (400_000, "4,000 to 12,000")])
def test_a_large_set_gets_the_custom_of_its_size(store: Store, population: int, custom: str) -> None:
    from doc2data.calibrating import _advice

    assert custom in _advice(replace(review.audit(store), population=population))


def test_the_command_tells_sets_and_holds_the_samples_against_it(tmp_path: Path) -> None:
    made = project.create(tmp_path / "project", Settings())
    rows = mixed(60)
    with Store(made.database) as store:
        put(store, rows)
        decide(store, rows[:40], lambda one: support(one) > 0.75)
    told = CliRunner().invoke(cli, ["review", "--audit", "--in", str(made.folder)])
    assert "Precision: 47.1% accepted, 95 % interval" in told.output
    assert "with a floor of support=0." in told.output
    CliRunner().invoke(cli, ["review", "--apply", "--in", str(made.folder)])
    [floor] = made.settings().checks.floors
    assert floor.startswith("support=0.")
    with Store(made.database) as store:
        undecided = [one for one in store.samples.judged("accepted") if "review" not in [v.check for v in one.verdicts]]
    assert 10 <= len(undecided) < 20
    assert all(support(one) >= float(floor.removeprefix("support=")) for one in undecided)
