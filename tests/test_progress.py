"""The meter: a rate from the recent past, and no estimate before there is something to estimate from."""

from __future__ import annotations

from itertools import count

from doc2data.progress import Meter


def test_no_estimate_until_something_was_measured_and_then_what_is_left_over_the_rate() -> None:
    seconds = count(step=2)
    meter = Meter("make", 10, clock=lambda: float(next(seconds)))
    assert meter.advance().seconds_left is None
    meter.advance()
    third = meter.advance()
    assert (third.done, third.per_second, third.seconds_left) == (3, 0.5, 14.0)


def test_work_of_an_earlier_run_counts_as_done_but_not_as_speed() -> None:
    seconds = count()
    meter = Meter("make", 100, clock=lambda: float(next(seconds)))
    meter.advance(90, measured=False)
    for _ in range(4):
        progress = meter.advance()
    assert (progress.done, progress.seconds_left) == (94, 7.5)


def test_the_rate_is_that_of_the_last_minute() -> None:
    times = iter([0.0, *(float(t) for t in range(1, 61)), 1000.0, 1001.0, 1002.0])
    meter = Meter("make", 1000, clock=lambda: next(times))
    for _ in range(60):
        meter.advance()
    for _ in range(3):
        progress = meter.advance()
    assert progress.per_second == 1.0
