"""Everything that runs beside the doors, and the channels it serves."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tocsin.channels.siren_mqtt import SirenChannel, SirenWish
from tocsin.domain.siren import Mode, ReportSirens
from tocsin.domain.warning import STANDS, Notice, Phase
from tocsin.flow.deliver import POLL, Channel, Delivery, Lane
from tocsin.flow.policies import Policies
from tocsin.flow.system import System
from tocsin.kernel.event import Actor
from tocsin.wiring.settings import CellBroadcast, Mqtt, Telegram
from tocsin.wiring.system import Running

if TYPE_CHECKING:
    from tocsin.channels.cell_broadcast import CellBroadcastChannel
    from tocsin.channels.telegram import TelegramChannel

_log = logging.getLogger(__name__)

SIREN_ACTOR = Actor("sirens", "siren")


class SirenWishes:
    """What every siren should be doing, from the board."""

    def __init__(self, system: System) -> None:
        self._system = system

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        system = self._system
        if system.projector.position < position:
            system.projector.catch_up()
        with system.projector.looking():
            wishes = {area: self._wish(area) for area in {siren.area for siren in system.city.sirens}}
        return {siren.id: wishes[siren.area] for siren in system.city.sirens}

    def _wish(self, area: str) -> SirenWish:
        views = self._system.views
        state = views.board.area(area)
        notice = views.board.last(state.alert) if state.alert else None
        return SirenWish(
            alert=state.alert,
            mode=MODES.get(state.phase, Mode.OFF),
            revision=views.sirens.revision(self._system.city.areas.chain(area)),
            since=state.since or EPOCH,
            not_after=notice.expires if notice is not None and state.phase is Phase.ALERT else None,
        )


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a siren has been silent that never was told anything."""

# A siren can say only two things. A false alarm ends like any other on the horn; the words go by the other channels.
MODES = {Phase.ALERT: Mode.ALERT, Phase.ALL_CLEAR: Mode.ALL_CLEAR, Phase.CORRECTION: Mode.ALL_CLEAR}


Loop = Callable[[], Coroutine[Any, Any, None]]


class Loops:
    """
    Everything that runs beside the doors: projecting, policies, delivery and the sirens' connection.

    Attributes:
        sirens: The sirens' channel, where a broker is configured.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        settings, system = running.settings, running.system
        self.sirens = self._siren_channel(settings.mqtt) if settings.mqtt is not None else None
        self.channels: list[Channel] = [] if self.sirens is None else [self.sirens]
        self._open: list[TelegramChannel | CellBroadcastChannel] = []
        if settings.telegram is not None:
            self._open.append(self._telegram_channel(settings.telegram))
        if settings.cell_broadcast is not None:
            self._open.append(self._cell_broadcast_channel(settings.cell_broadcast))
        self.channels += self._open
        self._delivery = Delivery(
            system.journal, running.receipts, self.channels, system.clock, running.bell, system.projector.catch_up
        )
        self.policies = Policies(
            system.journal,
            system.do,
            system.views.board,
            system.views.worksites,
            running.receipts,
            system.clock,
            running.bell,
        )

    def _siren_channel(self, mqtt: Mqtt) -> SirenChannel:
        system = self._running.system

        async def report(command: ReportSirens) -> None:
            await asyncio.to_thread(system.do, command, SIREN_ACTOR)

        return SirenChannel(
            mqtt.host,
            mqtt.port,
            system.realm,
            SirenWishes(system),
            self._running.signer,
            system.clock,
            report,
            username=mqtt.username,
            password=mqtt.password,
        )

    def _telegram_channel(self, telegram: Telegram) -> "TelegramChannel":
        # aiogram takes two seconds to import; a server without Telegram must not wait for it.
        from tocsin.channels.telegram import TelegramChannel

        return TelegramChannel(
            telegram.token, telegram.chat, self._area_names(), self._running.receipts, self._ended, telegram.api
        )

    def _cell_broadcast_channel(self, cell_broadcast: CellBroadcast) -> "CellBroadcastChannel":
        from tocsin.channels.cell_broadcast import CellBroadcastChannel

        system = self._running.system

        def standing() -> list[Notice]:
            with system.projector.looking():
                return system.views.board.standing()

        return CellBroadcastChannel(
            cell_broadcast.url, self._area_names(), self._running.receipts, self._ended, standing
        )

    def _area_names(self) -> dict[str, dict[str, str]]:
        areas = self._running.system.city.areas
        return {code: areas[code].names for code in areas.codes()}

    def _ended(self, alert: str, revision: int) -> bool:
        notice = self._running.system.views.board.last(alert)
        return notice is not None and notice.revision > revision and notice.phase not in STANDS

    async def run(self) -> None:
        """
        Until cancelled; then the channels' connections are closed, so that a `Loops` runs once.

        A loop that fails is started again: the fault of one must not silence the others.
        """
        loops: dict[str, Loop] = {
            "project": self._project,
            "policies": self.policies.run,
            "delivery": self._delivery.run,
        }
        if self.sirens is not None:
            loops["sirens"] = self.sirens.run
        try:
            async with asyncio.TaskGroup() as tasks:
                for name, loop in loops.items():
                    tasks.create_task(self._keep_up(name, loop))
        finally:
            for channel in self._open:
                await channel.close()

    async def _keep_up(self, name: str, loop: Loop) -> None:
        while True:
            try:
                await loop()
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
        if self.sirens is None:
            return True
        system = self._running.system
        wishes = SirenWishes(system).wanted(0)
        with system.projector.looking():
            said = system.views.sirens.sirens()
        return all(siren.revision == wishes[siren.siren].revision for siren in said)
