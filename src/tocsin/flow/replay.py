"""Plays a scenario through the same handlers that everybody else uses, at any speed, on its own clock."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from tocsin.flow.scenario import Scenario, Step
from tocsin.kernel.errors import Invalid, TocsinError
from tocsin.kernel.event import Actor, Command


class ScenarioClock:
    """
    Shows the scenario's time. At a speed it runs on between steps; at full speed it jumps from step to step.

    Attributes:
        speed: Scenario seconds per second; None is as fast as it goes. Zero stands still.
    """

    def __init__(self, start: datetime, speed: float | None) -> None:
        self._at = start
        self._since = time.monotonic()
        self.speed = speed

    def __call__(self) -> datetime:
        if self.speed is None:
            return self._at
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def set(self, at: datetime) -> None:
        """Jump. Never backwards: the journal's times would not be in order."""
        self._at = max(at, self().astimezone(UTC))
        self._since = time.monotonic()

    def change_speed(self, speed: float | None) -> None:
        self.set(self())
        self.speed = speed

    async def until(self, at: datetime) -> None:
        """Return when the clock shows a time; at full speed, show it."""
        while self() < at:
            if self.speed is None:
                self.set(at)
                return
            left = (at - self()).total_seconds()
            # Short naps, so that a change of speed is felt at once.
            await asyncio.sleep(min(0.2, left / self.speed) if self.speed else 0.2)


Do = Callable[[Command, Actor, str], object]
Settle = Callable[[], Awaitable[None]]


async def play(
    scenario: Scenario,
    clock: ScenarioClock,
    do: Do,
    *,
    until: datetime | None = None,
    settle: Settle | None = None,
    played: Callable[[Step], None] = lambda _step: None,
) -> int:
    """
    Play a scenario's steps in order; return how many were played.

    Args:
        do: Carries a command out, in a thread.
        until: Steps after this are left out, and the clock ends there.
        settle: Called after each step at full speed: returns when all that the step set off has come to rest.

    Raises:
        Invalid: If a step is refused: then the scenario is wrong. Names the step.
    """
    count = 0
    for step in scenario.steps:
        if until is not None and step.at > until:
            break
        # History is not waited for, nor is the time between it and the night.
        if clock.speed is not None:
            clock.set(min(step.at, scenario.starts))
        await clock.until(step.at)
        try:
            await asyncio.to_thread(do, step.command, step.actor, step.key)
        except TocsinError as error:
            raise Invalid(error.message, step.where) from error
        if settle is not None and clock.speed is None:
            await settle()
        played(step)
        count += 1
    if until is not None:
        await clock.until(until)
    return count
