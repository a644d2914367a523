"""Runs that hold by themselves, with sensors that the test speaks for."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from doc2data.events import Event, Paused, Resumed, StageStarted
from doc2data.pausing import LOOK_EVERY, Pauser, Reading, sensors
from doc2data.settings import RunSettings

EVENTS = [StageStarted("make", n) for n in range(4)]


class Machine:
    """Sensors whose readings come in turn, and a clock that only sleeping and working move."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)
        self.now = 0.0
        self.slept = 0

    def look(self) -> Reading:
        return self.readings.pop(0) if self.readings else Reading()

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1

    async def work(self) -> AsyncGenerator[Event]:
        for event in EVENTS:
            self.now += LOOK_EVERY
            yield event


async def seen(settings: RunSettings, machine: Machine) -> tuple[list[Event], Pauser]:
    pauser = Pauser(settings, machine.look, machine.sleep, lambda: machine.now)
    return [event async for event in pauser.through(machine.work())], pauser


async def test_on_battery_the_run_holds_until_the_plug_is_back() -> None:
    machine = Machine(Reading(), Reading(on_battery=True), Reading(on_battery=True), Reading(on_battery=True))
    events, pauser = await seen(RunSettings(pause_on_battery=True), machine)
    assert events == [*EVENTS[:2], Paused("the machine is on battery."), Resumed(2 * LOOK_EVERY), *EVENTS[2:]]
    assert pauser.seconds == 2 * LOOK_EVERY


async def test_a_hot_machine_goes_on_only_when_it_has_cooled() -> None:
    machine = Machine(Reading(celsius=91), Reading(celsius=91), Reading(celsius=88), Reading(celsius=84))
    events, _ = await seen(RunSettings(pause_above=90), machine)
    assert [type(event) for event in events[:3]] == [StageStarted, Paused, Resumed]
    assert machine.slept == 2


async def test_without_the_setting_nothing_is_looked_at() -> None:
    machine = Machine(Reading(on_battery=True, celsius=100))
    events, _ = await seen(RunSettings(), machine)
    assert events == EVENTS
    assert machine.readings


def test_the_real_sensors_can_be_read_here() -> None:
    found = sensors()
    assert found.celsius is None or -50 < found.celsius < 150
