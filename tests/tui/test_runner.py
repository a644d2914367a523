"""The run's thread and its book."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest

from doc2data.errors import StorageError
from doc2data.events import Event, SampleJudged, StageProgress, Warned
from doc2data.progress import breathe
from doc2data.tui.ledger import Ledger
from doc2data.tui.runner import Runner
from tests.tui.runs import whole_run


class Audience:
    """Notes what a runner says."""

    def __init__(self) -> None:
        self.announced = threading.Event()
        self.announcements = 0
        self.ends: list[tuple[Exception | None, bool]] = []
        self.runner = Runner(self._announce, lambda error, stopped: self.ends.append((error, stopped)))

    def _announce(self) -> None:
        self.announcements += 1
        self.announced.set()


def test_news_comes_in_order_and_is_announced_once() -> None:
    audience = Audience()

    async def events() -> AsyncGenerator[Event]:
        for number in range(1000):
            yield Warned(str(number))

    audience.runner.run(events)
    news = audience.runner.take()
    assert [event.message for event in news if isinstance(event, Warned)] == [str(n) for n in range(1000)]
    assert audience.announcements == 1
    assert audience.ends == [(None, False)]
    assert audience.runner.take() == []


def test_an_error_ends_the_run_and_is_handed_on() -> None:
    audience, full = Audience(), StorageError("The disk is full.")

    async def events() -> AsyncGenerator[Event]:
        yield Warned("before")
        raise full

    audience.runner.run(events)
    assert audience.ends == [(full, False)]


def test_stopping_closes_the_generator_even_where_it_waits() -> None:
    audience, closed = Audience(), threading.Event()

    async def events() -> AsyncGenerator[Event]:
        import asyncio

        try:
            yield Warned("begun")
            await asyncio.Event().wait()
        finally:
            closed.set()

    thread = threading.Thread(target=audience.runner.run, args=(events,))
    thread.start()
    assert audience.announced.wait(10)
    audience.runner.stop()
    thread.join(10)
    assert closed.is_set()
    assert audience.ends == [(None, True)]


def test_a_paused_run_tells_nothing_until_it_goes_on() -> None:
    audience, more = Audience(), threading.Event()

    async def events() -> AsyncGenerator[Event]:
        import asyncio

        yield Warned("first")
        await asyncio.get_running_loop().run_in_executor(None, more.wait, 10)
        for _ in range(3):
            yield Warned("more")

    thread = threading.Thread(target=audience.runner.run, args=(events,))
    thread.start()
    assert audience.announced.wait(10)
    audience.runner.pause()
    more.set()
    thread.join(0.2)
    assert thread.is_alive()
    assert len(audience.runner.take()) <= 2
    audience.runner.resume()
    thread.join(10)
    assert audience.ends == [(None, False)]


def test_the_book_counts_everything_that_was_made() -> None:
    ledger = Ledger(clock=lambda: 5.0).begin()
    ledger.note(whole_run())
    ledger.end("finished")
    assert (ledger.kept, ledger.rejected) == (6, 2)
    assert ledger.reasons == {"support": 1, "retrievability": 1}
    assert ledger.newest[0].sample.kind == "dialogue"
    assert ledger.outcome == "6 new samples kept, files in export/"
    assert set(ledger.documents) == {"manual.md", "手册.md"}


def test_the_curve_has_a_point_a_second_at_most() -> None:
    now = [0.0]
    ledger = Ledger(clock=lambda: now[0]).begin()
    for tick in range(100):
        now[0] = tick / 10
        ledger.note([StageProgress("make", tick, 100, 10.0, None)])
    seconds = [trace.seconds for trace in ledger.traces]
    assert len(seconds) == 10
    assert all(later - earlier >= 0.99 for earlier, later in pairwise(seconds))


def test_stopping_ends_work_that_tells_nothing() -> None:
    audience, begun = Audience(), threading.Event()

    async def events() -> AsyncGenerator[Event]:
        yield Warned("begun")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            begun.set()
            breathe()
        yield Warned("never told")

    thread = threading.Thread(target=audience.runner.run, args=(events,))
    thread.start()
    assert begun.wait(10)
    audience.runner.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert [event.message for event in audience.runner.take() if isinstance(event, Warned)] == ["begun"]
    assert audience.ends == [(None, True)]


def test_the_book_tells_rates_and_yields() -> None:
    now = [0.0]
    ledger = Ledger(clock=lambda: now[0]).begin()
    made = [event for event in whole_run() if isinstance(event, SampleJudged)]
    for second in range(61):
        now[0] = float(second)
        ledger.note(made[:1] if second % 2 else made[1:2])
    seconds, kept, rejected = ledger.rates()[-1]
    assert seconds == 60.0
    assert kept == pytest.approx(30, abs=3)
    assert rejected == pytest.approx(30, abs=3)
    assert ledger.yields() == {"support": pytest.approx(49.2, abs=0.1), "evidence": 100.0, "retrievability": 100.0}
    ledger.note([StageProgress("make", 1, 9, 1.0, 8.0, 41.5)])
    assert ledger.stages["make"].tokens_per_second == 41.5
