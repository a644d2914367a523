"""A run that holds while the machine should rest: on battery, or too hot, where the settings say so.

It holds between two events: requests in flight still come home, and nothing new begins. It goes on by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

from doc2data.events import Event, Paused, Resumed
from doc2data.settings import RunSettings

LOOK_EVERY = 5.0
"""Seconds between two looks at the sensors."""
COOLER = 5
"""Degrees below the limit at which a hot machine goes on, so that it does not stop and go every few seconds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sensors say now."""

    on_battery: bool = False
    """False also where there is no battery."""
    celsius: float | None = None
    """The hottest sensor; None where there is none."""


def sensors() -> Reading:
    """Read the machine's sensors."""
    import psutil

    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    groups = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    degrees = [sensor.current for group in groups.values() for sensor in group if sensor.current is not None]
    on_battery = battery is not None and battery.power_plugged is False
    return Reading(on_battery, max(degrees, default=None))


class Pauser:
    """Hands on a run's events and holds it while there is reason to."""

    def __init__(
        self,
        settings: RunSettings,
        look: Callable[[], Reading] = sensors,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """The last three stand in for the machine, in tests."""
        self._settings = settings
        self._look = look
        self._sleep = sleep
        self._clock = clock
        self._looked = -LOOK_EVERY
        self.seconds = 0.0
        """How long the run was held in all."""

    async def through(self, events: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        """The same events, with Paused and Resumed where the run was held."""
        watching = self._settings.pause_on_battery or self._settings.pause_above > 0
        async for event in events:
            yield event
            if watching and self._clock() - self._looked >= LOOK_EVERY:
                async for told in self._hold():
                    yield told

    async def _hold(self) -> AsyncGenerator[Event]:
        start = self._looked = self._clock()
        reason = self._reason(self._settings.pause_above)
        if not reason:
            return
        yield Paused(reason)
        while self._reason(self._settings.pause_above - COOLER):
            await self._sleep(LOOK_EVERY)
        self._looked = self._clock()
        self.seconds += self._looked - start
        yield Resumed(self._looked - start)

    def _reason(self, limit: int) -> str:
        """Why to hold, given the highest temperature that is well; empty for no reason."""
        now = self._look()
        if self._settings.pause_on_battery and now.on_battery:
            return "the machine is on battery."
        if self._settings.pause_above > 0 and now.celsius is not None and now.celsius > limit:
            return f"{now.celsius:.0f} degrees are above the limit of {self._settings.pause_above}."
        return ""
