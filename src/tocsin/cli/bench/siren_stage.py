"""What the sirens' benchmark plays on: a real broker, the whole system, the devices in a process of their own."""

import asyncio
import logging
import multiprocessing
import resource
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tocsin.bus.broker import LocalBroker
from tocsin.city.place import City, Siren
from tocsin.domain.siren import SirensAcknowledged
from tocsin.domain.warning import ClearAlert, RaiseAlert, Threat
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Actor, Command

if TYPE_CHECKING:
    from tocsin.wiring import Running

OFFICER = Actor("bench", "duty_officer")
REALM: Final = "exercise"
PATIENCE = 180.0
"""Seconds for the whole fleet to do what is waited for."""
LOOK = 0.02
"""Seconds between looks."""


class Told(msgspec.Struct, frozen=True):
    """
    The fleet at a moment.

    Attributes:
        revision: The lowest that any siren holds; -1 if one holds none.
        cpu: Seconds of processor time that the devices' process has used.
    """

    online: int
    sounding: int
    revision: int
    cpu: float


class Devices:
    """A fleet of simulated sirens in a process of its own, so that its work is not counted as ours."""

    def __init__(self, broker: LocalBroker, ids: Sequence[str], public_key: str) -> None:
        # Not forked: a copy of our threads' locks could hang.
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_run_devices, args=(theirs, broker.host, broker.port, list(ids), public_key), daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self) -> Told:
        self._ours.send_bytes(b"?")
        return msgspec.json.decode(self._ours.recv_bytes(), type=Told)

    async def until(self, true: Callable[[Told], bool], patience: float = PATIENCE) -> Told:
        """
        Raises:
            Unavailable: If it does not come true in time.
        """
        deadline = time.monotonic() + patience
        while not true(told := await asyncio.to_thread(self.ask)):
            if time.monotonic() > deadline:
                raise Unavailable(f"the sirens did not get there in {patience:.0f} s: {told}")
            await asyncio.sleep(LOOK)
        return told

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()
        self._ours.close()


def _run_devices(pipe: Connection, host: str, port: int, ids: list[str], public_key: str) -> None:
    from tocsin.channels.siren_device import Fleet

    async def run() -> None:
        fleet = Fleet(host, port, REALM, ids, public_key)

        def answer() -> None:
            pipe.recv_bytes()
            usage = resource.getrusage(resource.RUSAGE_SELF)
            told = Told(
                online=len(fleet.online),
                sounding=len(fleet.sounding()),
                revision=min(state.revision for state in fleet.states.values()),
                cpu=usage.ru_utime + usage.ru_stime,
            )
            pipe.send_bytes(msgspec.json.encode(told))

        loop = asyncio.get_running_loop()
        loop.add_reader(pipe.fileno(), answer)
        # A broker that is killed takes a thousand sockets with it, and the library says so of each.
        loop.set_exception_handler(_all_but_dead_sockets)
        logging.getLogger("mqtt").setLevel(logging.CRITICAL)
        await fleet.run()

    asyncio.run(run())


def _all_but_dead_sockets(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def with_sirens(city: City, count: int) -> City:
    """The city with that many sirens instead of its own, spread over its areas."""
    areas = sorted({siren.area for siren in city.sirens})
    point = city.sirens[0].point
    sirens = (Siren(id=f"siren-{n:05}", area=areas[n % len(areas)], point=point) for n in range(count))
    return replace(city, sirens=tuple(sirens))


class Stage:
    """The system on its broker with all its sirens on line."""

    def __init__(self, running: "Running", broker: LocalBroker, devices: Devices) -> None:
        self.running, self.broker, self.devices = running, broker, devices
        self.system = running.system
        self.total = len(self.system.city.sirens)
        self._everywhere = tuple(code for code in self.system.city.areas.codes() if self._whole(code))
        self._alerts = 0

    def _whole(self, code: str) -> bool:
        return all(code in self.system.city.areas.chain(siren.area) for siren in self.system.city.sirens)

    async def do(self, command: Command) -> int:
        return (await asyncio.to_thread(self.system.do, command, OFFICER)).position

    async def raise_alert(self) -> tuple[str, int]:
        """Raise a new alert over the whole city; its name and position."""
        self._alerts += 1
        alert = f"bench-{self._alerts}"
        return alert, await self.do(RaiseAlert(alert=alert, areas=self._everywhere[:1], threat=Threat.DRONE))

    async def clear(self, alert: str) -> int:
        return await self.do(ClearAlert(alert=alert))

    async def until_acknowledged(self, alert: str, count: int | None = None) -> bool:
        """Return True once so many sirens' answers to an alert, all if not said, are in the view; False if late."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with self.system.projector.looking():
                answered = self.system.views.sirens.count(alert).acknowledged_alert
            if answered >= (self.total if count is None else count):
                return True
            # Seldom: counting costs, and the times are read from the journal.
            await asyncio.sleep(5 * LOOK)
        return False

    def acknowledged_after(self, position: int) -> list[float]:
        """For each siren the milliseconds from an alert's record to the record of its first answer to it."""
        records = self.system.journal.read(after=position - 1)
        raised = next(iter(records))
        found: dict[str, float] = {}
        for recorded in records:
            if isinstance(recorded.event, SirensAcknowledged):
                for ack in recorded.event.acks:
                    if ack.alert == raised.event.alert:
                        found.setdefault(ack.siren, (recorded.time - raised.time).total_seconds() * 1000)
        return sorted(found.values())

    async def restart_round(self, chance: Random) -> Told:
        """
        An alert, the broker killed in it and started again, the all-clear; then the fleet once all hold the all-clear.

        The moment of the kill is any from before the first siren has heard to after the last has answered, and the
        all-clear is given while the broker is dead as often as when it is back.
        """
        alert, _ = await self.raise_alert()
        await self.until_acknowledged(alert, chance.choice((0, 1, self.total // 2, self.total)))
        await asyncio.sleep(chance.uniform(0, 0.3))
        await asyncio.to_thread(self.broker.kill)
        position = await self.clear(alert) if chance.random() < 0.5 else 0
        await asyncio.sleep(chance.uniform(0, 0.3))
        await asyncio.to_thread(self.broker.start)
        position = position or await self.clear(alert)
        told = await self.devices.until(lambda told: told.revision >= position)
        # Long enough for what the broker or the channel still had to say.
        await asyncio.sleep(0.5)
        return max(told, await asyncio.to_thread(self.devices.ask), key=lambda told: told.sounding)


@asynccontextmanager
async def stage(folder: Path, make_broker: Callable[[Path], LocalBroker], sirens: int) -> AsyncIterator[Stage]:
    """
    Args:
        folder: For the journal, the city and the broker's store.
        make_broker: `bus.broker.nats` or `bus.broker.mosquitto`.
    """
    from tocsin.city.generate import generate_city
    from tocsin.city.place import load_city
    from tocsin.wiring import Loops, Mqtt, Settings, open_system

    generate_city(folder / "city", 0.01, 1)
    city = with_sirens(load_city(folder / "city"), sirens)
    with make_broker(folder / "broker") as broker:
        mqtt = Mqtt(host=broker.host, port=broker.port)
        running = open_system(Settings(db=folder / "bench.db", realm=REALM, channels={"siren": mqtt}), city)
        devices = Devices(broker, [siren.id for siren in city.sirens], running.signer.public)
        # That the broker goes away is what is measured.
        logging.getLogger("mqtt").setLevel(logging.CRITICAL)
        loops = asyncio.create_task(Loops(running).run())
        try:
            await devices.until(lambda told: told.online == sirens and told.revision >= 0)
            yield Stage(running, broker, devices)
        finally:
            loops.cancel()
            await asyncio.gather(loops, return_exceptions=True)
            devices.stop()
            running.system.close()
