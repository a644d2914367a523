"""The line to the engine's process, with a stand-in for the process that dies on demand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from models import EngineLost, EngineOptions, ModelUnusable, Reply
from models.engine import Message, Request
from models.gguf_header import read_header
from models.llama.fit import planned
from models.llama.line import Line
from models.llama.wire import Answered, Cancel, Complete, Event, Load, Loaded, Order, Started


class Process:
    """Remembers its orders; events and death come from the test."""

    made: ClassVar[list[Process]] = []

    def __init__(self, on_event: Callable[[Event], None], on_exit: Callable[[int], None]) -> None:
        self.event, self.die = on_event, on_exit
        self.orders: list[Order] = []
        self.pid = len(self.made)
        self.closed = False
        self.made.append(self)

    def tell(self, order: Order) -> None:
        self.orders.append(order)

    def last_words(self) -> str:
        return "loading\nggml_abort: out of memory\n"

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def line(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(Process, "made", [])
    monkeypatch.setattr("models.llama.line.Child", Process)
    options = EngineOptions(attempts=2)
    return Line(Load(tiny, planned(read_header(tiny), options), options))


def question(number: int) -> Complete:
    return Complete(number, Request((Message("user", str(number)),), '{"type":"boolean"}'))


def test_answers_find_their_questions(line: Line) -> None:
    process = Process.made[0]
    process.event(Loaded())
    first, second = line.ask(question)[1], line.ask(question)[1]
    process.event(Answered(1, Reply("true")))
    process.event(Answered(7, Reply("nobody asked")))
    assert (first.done(), second.result().text) == (False, "true")  # type: ignore[union-attr]


def test_a_dead_process_is_replaced_and_asked_again(line: Line) -> None:
    Process.made[0].event(Loaded())
    future = line.ask(question)[1]
    Process.made[0].event(Started(0))
    Process.made[0].die(-9)
    replacement = Process.made[1]
    assert [type(order) for order in replacement.orders] == [Load, Complete]
    assert (line.condition.restarts, Process.made[0].closed) == (1, True)
    replacement.event(Loaded())
    replacement.event(Answered(0, Reply("true")))
    assert future.result() == Reply("true")


def test_a_question_that_kills_is_given_up_and_the_innocent_live(line: Line) -> None:
    """Only what was at work counts as a suspect; what waited is asked again without blame."""
    killer, waiting = line.ask(question)[1], line.ask(question)[1]
    for process in range(2):
        Process.made[process].event(Loaded())
        Process.made[process].event(Started(0))
        Process.made[process].die(-6)
    with pytest.raises(EngineLost, match="2 times"):
        killer.result(0)
    assert Process.made[2].orders[1:] == [question(1)]
    assert not waiting.done()


def test_a_death_while_loading_is_final_and_says_why(line: Line) -> None:
    future = line.ask(question)[1]
    Process.made[0].die(-6)
    with pytest.raises(ModelUnusable, match="out of memory"):
        future.result(0)
    with pytest.raises(ModelUnusable):
        line.ask(question)
    assert len(Process.made) == 1


def test_a_process_that_dies_for_no_question_is_given_up_in_the_end(line: Line) -> None:
    future = line.ask(question)[1]
    for process in range(3):
        Process.made[process].event(Loaded())
        Process.made[process].die(-9)
    with pytest.raises(EngineLost, match="without an answer"):
        future.result(0)
    assert len(Process.made) == 3


def test_a_dropped_question_is_cancelled_and_not_asked_again(line: Line) -> None:
    Process.made[0].event(Loaded())
    number, _ = line.ask(question)
    line.cancel(number)
    assert Process.made[0].orders[-1] == Cancel(number)
    Process.made[0].die(-9)
    assert [type(order) for order in Process.made[1].orders] == [Load]


def test_closing_is_final(line: Line) -> None:
    future = line.ask(question)[1]
    line.close()
    Process.made[0].die(0)
    with pytest.raises(EngineLost):
        future.result(0)
    assert len(Process.made) == 1
