"""Silent test rounds in their time: started by the calendar, ended when all have answered or an alert comes first."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from tocsin.domain.siren import EndSirenTest, StartSirenTest
from tocsin.flow.project import Projector
from tocsin.kernel.errors import Refused, Unavailable
from tocsin.kernel.event import Actor, Command
from tocsin.kernel.time import Clock
from tocsin.views.siren_facts import TestRound
from tocsin.views.sirens import Sirens

NAME = "siren_tests"
ACTOR = Actor("tocsin", "policy")
TICK = 1.0
"""Seconds between looks at the clock. An alert need not wait for it: it takes the sirens out of a test by itself."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Do = Callable[[Command, Actor, str], object]


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    When the sirens are tested without a sound: once a week, in the city's time.

    Attributes:
        at: When the window begins, such as 11:00.
        window: Minutes in which a round may begin: if an alert stands, or interrupts it, it is tried again until then.
        minutes: How long a round waits for its sirens.
    """

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    at: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    window: Annotated[int, Meta(ge=1, le=24 * 60)] = 60
    minutes: Annotated[int, Meta(ge=1, le=60)] = 10

    def open_day(self, now: datetime, zone: str) -> str | None:
        """The day whose window is open, or None. A window may reach past midnight."""
        today = now.astimezone(ZoneInfo(zone)).date()
        for day in (today, today - timedelta(days=1)):
            # In UTC: on the days the clocks change, hours of the wall are missing or come twice.
            begins = datetime.combine(day, time.fromisoformat(self.at), ZoneInfo(zone)).astimezone(UTC)
            if DAYS[day.weekday()] == self.weekday and begins <= now < begins + timedelta(minutes=self.window):
                return day.isoformat()
        return None


class SirenTests:
    """
    Args:
        do: Carries a command out. The key makes a repeat harmless.
        zone: The city's, such as Europe/Kyiv.
        schedule: None if rounds are only started by hand.
    """

    def __init__(
        self,
        do: Do,
        projector: Projector,
        sirens: Sirens,
        clock: Clock,
        zone: str,
        schedule: Schedule | None,
    ) -> None:
        self._do = do
        self._projector = projector
        self._sirens = sirens
        self._clock = clock
        self._zone = zone
        self._schedule = schedule

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            # A journal that is away comes back; the calendar can wait.
            with suppress(Unavailable):
                await asyncio.to_thread(self.tick)
            await asyncio.sleep(TICK)

    def tick(self) -> None:
        """End the rounds that are over and start the one that is due."""
        now = self._clock()
        with self._projector.looking():
            over = [self._end(test) for test in self._sirens.rounds() if _over(test, now)]
            due = self._due(now)
        for command in over:
            self._order(command, f"{NAME}:{command.round}:end")
        if due is not None:
            self._order(due, f"{NAME}:{due.round}:start")

    def _end(self, test: TestRound) -> EndSirenTest:
        return EndSirenTest(round=test.round, interrupted_by=test.interrupted_by)

    def _due(self, now: datetime) -> StartSirenTest | None:
        day = self._schedule.open_day(now, self._zone) if self._schedule is not None else None
        if self._schedule is None or day is None or self._sirens.alerted():
            return None
        name = f"weekly-{day}"
        tried = [test for test in self._sirens.rounds() if test.round.startswith(name)]
        if any(not test.interrupted_by for test in tried):
            return None
        number = f"-{len(tried) + 1}" if tried else ""
        return StartSirenTest(round=name + number, minutes=self._schedule.minutes)

    def _order(self, command: Command, key: str) -> None:
        try:
            self._do(command, ACTOR, key)
        except Refused:
            # Somebody ended it by hand, or another process was faster. That is what we wanted.
            return


def _over(test: TestRound, now: datetime) -> bool:
    if test.ended_at is not None:
        return False
    return bool(test.interrupted_by) or now >= test.ends or not test.missing()
