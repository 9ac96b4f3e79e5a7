"""Everything that runs beside the doors, and the channels it serves."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from tocsin.flow.channel import Closes, Runs
from tocsin.flow.deliver import POLL, Delivery, Lane
from tocsin.flow.policies import Policies
from tocsin.flow.siren_tests import SirenTests
from tocsin.kernel.tasks import apart
from tocsin.wiring.channels import open_channels
from tocsin.wiring.feeds import make_poller
from tocsin.wiring.sirens import SirenWishes
from tocsin.wiring.system import Running

_log = logging.getLogger(__name__)

Loop = Callable[[], Coroutine[Any, Any, None]]


class Loops:
    """
    Everything that runs beside the doors: projecting, policies, delivery, channels that keep a connection, feeds.

    Attributes:
        channels: Those that the settings ask for.

    Raises:
        Invalid: If the settings of a channel or a feed are wrong, naming the field.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        system = running.system
        self._ports = running.ports()
        self.channels = open_channels(running.settings.channels, self._ports)
        system.channels[:] = [channel.name for channel in self.channels]
        feeds = running.settings.feeds
        self._feeds = make_poller(system, feeds) if feeds else None
        self._delivery = Delivery(
            system.journal, running.receipts, self.channels, system.clock, running.bell, system.projector.catch_up
        )
        self.policies = Policies(
            system.journal,
            system.do,
            system.views.desk,
            system.views.worksites,
            system.views.teams,
            running.receipts,
            system.clock,
            running.bell,
            running.settings.remind_before,
        )
        self.siren_tests = SirenTests(
            system.do,
            system.projector,
            system.views.sirens,
            system.clock,
            system.city.facts.time_zone,
            running.settings.siren_tests,
        )

    async def run(self) -> None:
        """
        Until cancelled; then the channels' connections are closed, so that a `Loops` runs once.

        A loop that fails is started again: the fault of one must not silence the others.
        """
        loops: dict[str, Loop] = {
            "project": self._project,
            "policies": self.policies.run,
            "siren tests": self.siren_tests.run,
            "delivery": self._delivery.run,
            "sheltering": partial(self._running.system.sheltering.run, self._running.bell),
        }
        if self._feeds is not None:
            loops["feeds"] = self._feeds.run
        loops |= {channel.name: channel.run for channel in self.channels if isinstance(channel, Runs)}
        try:
            async with asyncio.TaskGroup() as tasks:
                for name, loop in loops.items():
                    tasks.create_task(self._keep_up(name, loop))
        finally:
            for channel in self.channels:
                if isinstance(channel, Closes):
                    await channel.close()
            self._running.system.sheltering.close()

    async def _keep_up(self, name: str, loop: Loop) -> None:
        while True:
            try:
                await apart(loop())
            except Exception as error:
                _log.exception("the loop %r failed and is started again", name)
                self._running.system.troubles[name] = f"{type(error).__name__}: {error}"
            await asyncio.sleep(POLL)

    async def _project(self) -> None:
        """Follow what other processes append to the same journal; our own commands do not wait for this."""
        position = self._running.system.projector.position
        while True:
            await self._running.bell.wait(position, POLL)
            position = await asyncio.to_thread(self._running.system.projector.catch_up)

    def delivered(self) -> bool:
        """True if every channel is done with all that the journal holds, one way or another."""
        head = self._running.system.journal.head().position
        return all(
            (self._running.receipts.cursor(channel.name, lane) or 0) >= head
            for channel in self.channels
            for lane in Lane
        )

    async def settle(self, patience: float) -> None:
        """
        Return once all that was set off has come to rest: views up to date, policies and channels done, sirens heard.

        Sirens that do not answer in time are left to show as missing in the report.
        """
        system = self._running.system
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not await asyncio.to_thread(self._at_rest):
                    await asyncio.sleep(0.01)
        await asyncio.to_thread(system.projector.catch_up)

    def _at_rest(self) -> bool:
        system = self._running.system
        self.policies.tick()
        system.projector.catch_up()
        return self.delivered() and self._sirens_heard()

    def _sirens_heard(self) -> bool:
        if "siren" not in self._running.settings.channels:
            return True
        system = self._running.system
        wishes = SirenWishes(self._ports).wanted(0)
        with system.projector.looking():
            said = system.views.sirens.sirens()
        return all(siren.revision == wishes[siren.siren].revision for siren in said)
