"""The scheduler over a memory that checks every order it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelError, ReplyIncomplete
from models.llama.native import Memory, Row
from models.llama.pace import Arrival, Crowd, Pace
from models.llama.scheduler import Limits, Outcome, Scheduler
from models.llama.tasks import Task

EVERYBODY = Pace(fixed=1e9, least=0.0, pair=0.0, grouped=False)


class Cells:
    """Sequences of (token, cell); refuses what llama.cpp would abort on, and what would silently be wrong."""

    def __init__(self, *, cells: int = 600, sequences: int = 6, batch: int = 64) -> None:
        self.cells, self.sequences, self.batch = cells, sequences, batch
        self.held: dict[int, list[tuple[int, int]]] = {sequence: [] for sequence in range(sequences)}
        self.rows: Sequence[Row] = ()
        self.computed = 0

    @property
    def used(self) -> int:
        return len({cell for held in self.held.values() for _, cell in held})

    def read(self, rows: Sequence[Row]) -> bool:
        assert 0 < len(rows) <= self.batch
        if self.used + len(rows) > self.cells:
            return False
        for row in rows:
            assert row.position == len(self.held[row.sequence]), "a gap"
            self.computed += 1
            self.held[row.sequence].append((row.token, self.computed))
        self.rows = rows
        return True

    def share(self, source: int, target: int, length: int) -> None:
        assert not self.held[target]
        assert len(self.held[source]) >= length
        self.held[target] = self.held[source][:length]

    def cut(self, sequence: int, length: int) -> None:
        del self.held[sequence][length:]

    def drop(self, sequence: int) -> None:
        self.held[sequence] = []


class Talk:
    """A task that answers with a number of tokens, and checks that its own words are what was read."""

    def __init__(self, number: int, prompt: list[int], steps: int, *, fails: bool = False) -> None:
        self.number = number
        self.tokens = list(prompt)
        self.wanted = len(prompt) - 1
        self.room = 2 * steps
        self.steps = steps
        self.fails = fails
        self.closed = 0

    def take(self, memory: Cells, row: int, position: int) -> bool:
        asked = memory.rows[row]
        assert asked.wanted and asked.position == position
        assert [token for token, _ in memory.held[asked.sequence]][: position + 1] == self.tokens[: position + 1]
        self.steps -= 1
        if self.fails and self.steps < 2:
            raise ReplyIncomplete("enough")
        self.tokens += [9000 + self.number] * (1 + self.steps % 2)
        self.wanted = len(self.tokens) - 1
        return self.steps == 0

    def close(self) -> None:
        self.closed += 1


def scheduler(memory: Cells, *, active: int = 4, sharing: bool = True, pace: Pace = EVERYBODY) -> Scheduler:
    return Scheduler(cast("Memory", memory), Limits(active, 16, sharing, pace))


def task(talk: Talk) -> Task:
    return cast("Task", talk)


def run(one: Scheduler, *, most: int = 5000) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for _ in range(most):
        if one.idle:
            return outcomes
        one.admit()
        outcomes += one.step()
    raise AssertionError("it never ends")


def prompt(parts: tuple[int, int, int]) -> list[int]:
    return [1] * 40 + [10 + parts[0]] * 50 + [20 + parts[1]] * 35 + [30] * parts[2]


_TALKS = st.tuples(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(1, 40)), st.integers(1, 30), st.booleans()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_TALKS, min_size=1, max_size=14), st.booleans())
def test_every_task_reads_its_own_words_and_ends_once(
    talks: list[tuple[tuple[int, int, int], int, bool]], sharing: bool
) -> None:
    memory = Cells()
    one = scheduler(memory, sharing=sharing)
    made = [Talk(number, prompt(parts), steps, fails=fails) for number, (parts, steps, fails) in enumerate(talks)]
    for talk in made:
        one.add(task(talk))
    outcomes = run(one)
    assert sorted(outcome.task.number for outcome in outcomes) == list(range(len(made)))
    assert all(talk.closed == 1 for talk in made)
    for outcome in outcomes:
        assert (outcome.error is not None) == made[outcome.task.number].fails


def test_a_shared_prefix_is_computed_once() -> None:
    memory = Cells(cells=4000)
    one = scheduler(memory)
    for number in range(12):
        one.add(task(Talk(number, [5] * 200 + [100 + number] * 10, steps=1)))
    run(one)
    assert memory.computed == 200 + 12 * 10


def test_a_prefix_outlives_its_tasks_while_others_wait_for_it() -> None:
    memory = Cells(cells=4000)
    one = scheduler(memory, active=1)
    for number in range(6):
        one.add(task(Talk(number, [5 + number % 2] * 200 + [100 + number] * 10, steps=1)))
    run(one)
    assert memory.computed == 2 * 200 + 6 * 10


def test_a_stream_of_kin_does_not_starve_a_stranger() -> None:
    memory = Cells(cells=4000)
    one = scheduler(memory, active=2)
    one.add(task(Talk(0, [5] * 100 + [0], steps=2)))
    one.admit()
    one.step()
    one.add(task(Talk(1, [6] * 50, steps=2)))
    for number in range(2, 60):
        one.add(task(Talk(number, [5] * 100 + [number], steps=2)))
    order = [outcome.task.number for outcome in run(one)]
    assert order.index(1) < 20


def test_a_cancelled_task_frees_its_cells_at_once() -> None:
    memory = Cells()
    one = scheduler(memory)
    talks = [Talk(number, [number] * 60, steps=500) for number in range(5)]
    for talk in talks:
        one.add(task(talk))
    one.admit()
    one.step()
    for talk in talks:
        one.cancel(task(talk))
    assert (one.idle, memory.used) == (True, 0)
    assert all(talk.closed == 1 for talk in talks)


def test_replies_longer_than_expected_send_the_youngest_back() -> None:
    """Admission counts on usual lengths; when all go on for longer, the memory still suffices, one after another."""
    memory = Cells(cells=300)
    one = scheduler(memory)
    made = [Talk(number, [number] * 30, steps=120) for number in range(4)]
    for talk in made:
        one.add(task(talk))
    assert len(run(one)) == 4
    assert memory.used <= 300


def test_a_broken_task_does_not_touch_the_others() -> None:
    one = scheduler(Cells())
    one.add(task(Talk(0, [1] * 40, steps=5, fails=True)))
    one.add(task(Talk(1, [1] * 40, steps=9)))
    outcomes = {outcome.task.number: outcome.error for outcome in run(one)}
    assert isinstance(outcomes[0], ModelError)
    assert outcomes[1] is None


def pace(threads: int = 1) -> Pace:
    """Of a model of 0.3 billion weights."""
    return Pace.of(300_000_000, 28 * 16 * 64, threads=threads, gpu=False)


@pytest.mark.parametrize(
    ("active", "arrival", "pays"),
    [
        (3, Arrival(unread=25, shared=600, reply=90, kin=8), True),
        (4, Arrival(unread=25, shared=600, reply=90, kin=8), False),
        (4, Arrival(unread=25, shared=600, reply=90, kin=12), True),
        (3, Arrival(unread=600, shared=30, reply=90, kin=8), False),
        (3, Arrival(unread=25, shared=600, reply=9000, kin=8), False),
    ],
)
def test_the_pace_weighs_fuller_groups_against_crowded_cells(active: int, arrival: Arrival, pays: bool) -> None:
    """Kin fill a group of four, then wait unless they fill one of sixteen; a new passage waits."""
    assert pace().pays(Crowd(active, cells=600 + 90 * active, remaining=20), arrival) == pays
    assert pace().pays(Crowd(active=0, cells=600, remaining=0), arrival)


def test_with_many_threads_more_tasks_share_the_reading_of_the_weights() -> None:
    arrival = Arrival(unread=25, shared=600, reply=90, kin=8)
    assert pace(threads=8).pays(Crowd(active=4, cells=960, remaining=20), arrival)


@given(st.integers(1, 600))
def test_padding_never_makes_a_batch_dearer(count: int) -> None:
    one = Pace(fixed=0.0, least=0.0, pair=0.0, grouped=True)
    assert 0 <= one.padding(count) < 16
    assert one.padding(count + one.padding(count)) == 0
    assert one.rows(count) == one.rows(count + one.padding(count))


def test_padding_fills_groups_of_rows() -> None:
    assert {count: count + pace().padding(count) for count in (1, 4, 7, 8, 13, 16, 24, 31)} == {
        1: 1,
        4: 4,
        7: 8,
        8: 8,
        13: 16,
        16: 16,
        24: 24,
        31: 32,
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(_TALKS, min_size=1, max_size=14))
def test_padded_batches_leave_nothing_in_memory(talks: list[tuple[tuple[int, int, int], int, bool]]) -> None:
    memory = Cells()
    one = scheduler(memory, pace=Pace(fixed=0.0, least=0.0, pair=0.0, grouped=True))
    for number, (parts, steps, _) in enumerate(talks):
        one.add(task(Talk(number, prompt(parts), steps)))
    assert len(run(one)) == len(talks)
    assert memory.computed >= one.prompt_rows + one.reply_rows
    held = {sequence for sequence, tokens in memory.held.items() if tokens}
    assert len(held) <= memory.sequences - 4, "only prefixes are kept"


def test_one_request_after_another_reads_what_they_share_once() -> None:
    """Nobody waited when the first one ended, and the second asks at length about the same passage."""
    memory = Cells()
    one = scheduler(memory)
    passage = [1] * 40 + [10] * 150
    for number, ending in enumerate(([20] * 30, [21] * 160, [22] * 5)):
        before = memory.computed
        one.add(task(Talk(number, [*passage, *ending], 2)))
        run(one)
        read = memory.computed - before
        assert read < len(ending) + 10 + (0 if number else len(passage))


def test_of_a_passage_that_is_done_with_what_others_share_is_kept() -> None:
    memory = Cells()
    one = scheduler(memory)
    system = [1] * 40
    for number in range(3):
        before = memory.computed
        one.add(task(Talk(number, [*system, *[10 + number] * 200], 2)))
        run(one)
        assert memory.computed - before < 210 + (0 if number else len(system))
        assert memory.used < 260
