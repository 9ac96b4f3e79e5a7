"""Sirens over real brokers: what must hold when the network, the broker or an enemy does its worst."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client

from tocsin.bus import broker as brokers
from tocsin.bus.broker import LocalBroker
from tocsin.channels import siren_mqtt
from tocsin.channels.siren_device import MAXIMUM_SOUNDING, Fleet
from tocsin.channels.siren_mqtt import SirenChannel, SirenWish
from tocsin.domain.siren import (
    REFUSALS,
    SIRENS,
    Acknowledgement,
    Condition,
    Mode,
    ReportSirens,
    Result,
    SirenTestStarted,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import AlertCleared, AlertConfirmed, AlertRaised, Phase, Threat
from tocsin.flow.deliver import Lane
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Leaf, Wanted
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Actor, Cause, Event, Recorded
from tocsin.kernel.signing import Ed25519Signer

BROKERS: dict[str, Callable[[Path], LocalBroker]] = {"nats": brokers.nats, "mosquitto": brokers.mosquitto}
NAMES = ("S-1", "S-2")
SIGNER = Ed25519Signer(bytes(range(32)))
START = datetime(2025, 4, 24, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalBroker]:
    if request.param == "mosquitto" and brokers.mosquitto_program() is None:
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    with BROKERS[request.param](tmp_path) as broker:
        yield broker


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[LocalBroker]:
    with brokers.nats(tmp_path) as broker:
        yield broker


class Town:
    """A board, the channel that serves it and what the sirens reported. Its clock stands still unless moved."""

    def __init__(self, broker: LocalBroker) -> None:
        self.broker = broker
        self.now = START
        self.wishes = {siren: SirenWish("", Mode.OFF, 0, START) for siren in NAMES}
        self.acks: list[Acknowledgement] = []
        self.conditions: list[Condition] = []
        self.channel = SirenChannel(
            broker.host, broker.port, "exercise", self, SIGNER, self.clock, self.keep, identifier="tocsin-test"
        )

    def clock(self) -> datetime:
        return self.now

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        assert all(wish.revision >= position or position == 0 for wish in self.wishes.values())
        return dict(self.wishes)

    async def keep(self, report: ReportSirens) -> None:
        self.acks += report.acks
        self.conditions += report.conditions

    def fleet(self) -> Fleet:
        return Fleet(self.broker.host, self.broker.port, "exercise", NAMES, SIGNER.public, self.clock)

    def decide(self, mode: Mode, position: int) -> None:
        end = self.now + HOUR if mode is Mode.ALERT else None
        self.wishes = {siren: SirenWish("a", mode, position, self.now, end) for siren in NAMES}

    async def tell(self, mode: Mode, position: int) -> None:
        """Decide and publish, trying again as the delivery loop does."""
        self.decide(mode, position)
        while True:
            try:
                await self.channel.send(recorded(position))
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                return

    def answered(self, result: Result, revision: int | None = None) -> bool:
        return {ack.siren for ack in self.acks if ack.result is result and revision in (None, ack.revision)} == set(
            NAMES
        )

    def last_condition(self, siren: str) -> Condition | None:
        return next((condition for condition in reversed(self.conditions) if condition.siren == siren), None)


def recorded(position: int, event: Event | None = None) -> Recorded:
    cleared = AlertCleared(alert="a", revision=2, areas=("K",), texts={})
    cause = Cause("key", "alert.clear", "digest")
    return Recorded(position, "alert/a", 1, START, Actor("x", "y"), "exercise", cause, event or cleared)


@asynccontextmanager
async def running(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
        assert not any(task.done() for task in tasks), [task.exception() for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 30))


@asynccontextmanager
async def stranger(broker: LocalBroker) -> AsyncIterator[Client]:
    async with Client(broker.host, broker.port, identifier="somebody") as client:
        yield client


def test_a_siren_that_connects_later_gets_the_wanted_state_and_answers(broker: LocalBroker) -> None:
    async def test() -> None:
        town = Town(broker)
        async with running(town.channel.run()):
            await town.tell(Mode.ALERT, 10)
            fleet = town.fleet()
            async with running(fleet.run()):
                await until(lambda: town.answered(Result.SOUNDING, 10))
                assert fleet.sounding() == list(NAMES)
                await town.tell(Mode.ALL_CLEAR, 12)
                await until(lambda: town.answered(Result.CLEARED, 12))
                assert fleet.sounding() == []
                await until(lambda: town.last_condition("S-1") is not None)
            await until(
                lambda: {s: (c := town.last_condition(s)) and c.online for s in NAMES} == dict.fromkeys(NAMES, False)
            )

    run(test())


def test_what_an_enemy_sends_is_refused_and_reported(broker: LocalBroker) -> None:
    async def test() -> None:
        town, fleet = Town(broker), Town(broker).fleet()
        own = wire.topic("exercise", "S-1", Leaf.WANTED)
        async with running(town.channel.run(), fleet.run()), stranger(broker) as enemy:
            await fleet.all_online()
            await town.tell(Mode.ALL_CLEAR, 12)
            await until(lambda: town.answered(Result.CLEARED, 12))
            town.acks.clear()

            def forged(revision: int, signer: Ed25519Signer = SIGNER, to: str = "exercise S-1", ends: int = 1) -> bytes:
                realm, siren = to.split()
                not_after = START + ends * HOUR
                wanted = Wanted(
                    alert="x", revision=revision, mode=Mode.ALERT, issued=START, not_after=not_after, nonce="n"
                )
                return wire.sign(realm, siren, wanted, signer)

            again = forged(12)
            attacks = [
                (forged(99, signer=Ed25519Signer()), Result.REFUSED_SIGNATURE),
                (forged(99, to="exercise S-2"), Result.REFUSED_SIGNATURE),
                (forged(99, to="live S-1"), Result.REFUSED_SIGNATURE),
                (b"on", Result.REFUSED_SIGNATURE),
                (forged(11), Result.REFUSED_OLDER),
                (forged(12, ends=-1), Result.REFUSED_EXPIRED),
                (again, Result.CLEARED),  # it is the state that is held already
                (again, Result.REFUSED_REPLAY),
            ]
            for payload, _ in attacks:
                await enemy.publish(own, payload, qos=1)
            await until(lambda: len(town.acks) == len(attacks))
            assert [ack.result for ack in town.acks] == [result for _, result in attacks]
            assert fleet.sounding() == []

    run(test())


def test_the_broker_says_that_a_siren_is_gone_when_its_connection_dies(broker: LocalBroker) -> None:
    program = (
        "import asyncio, sys; from tocsin.channels.siren_device import Fleet;"
        f"asyncio.run(Fleet({broker.host!r}, {broker.port}, 'exercise', {NAMES!r}, {SIGNER.public!r}).run())"
    )

    async def test() -> None:
        town = Town(broker)
        async with running(town.channel.run()):
            with subprocess.Popen([sys.executable, "-c", program]) as sirens:
                try:
                    await until(lambda: all((c := town.last_condition(s)) and c.online for s in NAMES))
                finally:
                    sirens.kill()
            await until(lambda: all((c := town.last_condition(s)) and not c.online for s in NAMES))
            assert town.last_condition("S-1") == Condition(siren="S-1", online=False, at=START)

    run(test())


@pytest.mark.parametrize("store", ["kept", "lost"])
def test_an_all_clear_decided_while_the_broker_was_dead_reaches_the_sirens(broker: LocalBroker, store: str) -> None:
    async def test() -> None:
        town, fleet = Town(broker), Town(broker).fleet()
        async with running(town.channel.run(), fleet.run()):
            await fleet.all_online()
            await town.tell(Mode.ALERT, 10)
            await until(lambda: town.answered(Result.SOUNDING, 10))
            await asyncio.sleep(1.2 if broker.name == "mosquitto" and store == "kept" else 0)
            broker.kill()
            await until(lambda: not town.channel.connected)
            if store == "lost":
                shutil.rmtree(broker.store)
            town.decide(Mode.ALL_CLEAR, 12)
            with pytest.raises(Unavailable):
                await town.channel.send(recorded(12))
            broker.start()
            await town.tell(Mode.ALL_CLEAR, 12)
            await until(lambda: town.answered(Result.CLEARED, 12))
            assert fleet.sounding() == []
            # Long enough for anything that the broker or the channel still had to say.
            await asyncio.sleep(0.5)
            assert fleet.sounding() == []
            began = {ack.sounding_at for ack in town.acks if ack.siren == "S-1" and ack.sounding_at}
            assert len(began) == 1, "it never began again"
            taken = [ack for ack in town.acks if ack.result not in REFUSALS]
            assert (taken[-1].revision, taken[-1].result) == (12, Result.CLEARED)

    run(test())


def test_a_siren_that_was_away_from_before_an_alert_until_after_its_end_never_sounds_for_it(
    broker: LocalBroker,
) -> None:
    async def test() -> None:
        town = Town(broker)
        fleet = town.fleet()
        async with running(town.channel.run()):
            async with running(fleet.run()):
                await until(lambda: town.answered(Result.SILENT, 0))
            # What a broker sends into a connection that is just closing, NATS says again after 30 seconds only.
            await asyncio.sleep(0.3)
            await town.tell(Mode.ALERT, 10)
            await town.tell(Mode.ALL_CLEAR, 12)
            async with running(fleet.run()):
                await until(lambda: town.answered(Result.CLEARED, 12))
                await until(lambda: Result.REFUSED_OLDER in {ack.result for ack in town.acks})
        assert Result.SOUNDING not in {ack.result for ack in town.acks}
        assert not any(condition.sounding for condition in town.conditions)

    run(test())


def test_a_siren_stops_by_itself_and_says_so(broker: LocalBroker) -> None:
    async def test() -> None:
        town = Town(broker)
        fleet = town.fleet()
        async with running(town.channel.run(), fleet.run()):
            await fleet.all_online()
            await town.tell(Mode.ALERT, 10)
            await until(lambda: all((c := town.last_condition(s)) and c.sounding is True for s in NAMES))
            town.now += MAXIMUM_SOUNDING
            await until(lambda: all((c := town.last_condition(s)) and c.sounding is False for s in NAMES))

    run(test())


def test_a_broker_that_lost_its_store_is_told_everything_again(broker: LocalBroker) -> None:
    async def test() -> None:
        town = Town(broker)
        async with running(town.channel.run()):
            await town.tell(Mode.ALERT, 10)
            broker.kill()
            await until(lambda: not town.channel.connected)
            shutil.rmtree(broker.store)
            broker.start()
            async with running(town.fleet().run()):
                await until(lambda: town.answered(Result.SOUNDING, 10))

    run(test())


def test_a_server_that_comes_back_hears_what_the_sirens_said_meanwhile(broker: LocalBroker) -> None:
    async def test() -> None:
        before, after = Town(broker), Town(broker)
        async with running(before.channel.run()):
            await before.tell(Mode.ALERT, 10)
        fleet = before.fleet()
        async with running(fleet.run()):
            await until(lambda: fleet.sounding() == list(NAMES))
        after.decide(Mode.ALERT, 10)
        async with running(after.channel.run()):
            await until(lambda: after.answered(Result.SOUNDING, 10))
            assert after.channel.faults.strangers == 0

    run(test())


def test_a_siren_that_sounds_though_nobody_told_it_to_is_reported(
    nats: LocalBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siren_mqtt, "GRACE", 0.1)
    health = wire.topic("exercise", "S-1", Leaf.HEALTH)

    async def test() -> None:
        town = Town(nats)
        async with running(town.channel.run()), stranger(nats) as siren:
            await town.tell(Mode.OFF, 3)
            await siren.publish(health, b'{"status":"online","sounding":true}', qos=1)
            await until(lambda: (c := town.last_condition("S-1")) is not None and c.unwanted)
            await siren.publish(health, b'{"status":"offline"}', qos=1)
            await until(lambda: (c := town.last_condition("S-1")) is not None and not c.online)
            gone = town.last_condition("S-1")
            assert gone is not None
            assert gone.unwanted, "a siren whose link is cut sounds on"
            await siren.publish(health, b'{"status":"online","sounding":false}', qos=1)
            await until(lambda: (c := town.last_condition("S-1")) is not None and c.online and not c.unwanted)

    run(test())


def test_a_siren_that_sounds_for_an_alert_is_no_alarm(nats: LocalBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siren_mqtt, "GRACE", 0.1)

    async def test() -> None:
        town = Town(nats)
        async with running(town.channel.run(), town.fleet().run()):
            await town.tell(Mode.ALERT, 10)
            await until(lambda: town.answered(Result.SOUNDING, 10))
            await asyncio.sleep(1.5)
            assert not any(condition.unwanted for condition in town.conditions)

    run(test())


def test_rubbish_and_strangers_are_counted_and_stop_nothing(nats: LocalBroker) -> None:
    answer = b'{"alert":"a","revision":%d,"received_at":"2025-04-24T00:30:00Z","result":"cleared"}'

    async def test() -> None:
        town = Town(nats)
        async with running(town.channel.run()), stranger(nats) as client:
            await town.tell(Mode.ALL_CLEAR, 10)
            for payload in (b"", b"\xff", b"[]", answer % -1, b"[" * 100_000):
                await client.publish("tocsin/exercise/sirens/S-1/ack", payload, qos=1)
            await client.publish("tocsin/exercise/sirens/S-1/health", b'{"status":"asleep"}', qos=1)
            await client.publish("tocsin/exercise/sirens/S-9/ack", answer % 10, qos=1)
            await client.publish("tocsin/exercise/sirens/S-1/ack", answer % 11, qos=1)
            await client.publish("tocsin/exercise/sirens/S-1/ack", answer % 10, qos=1)
            await until(lambda: bool(town.acks))
        assert [(ack.siren, ack.revision) for ack in town.acks] == [("S-1", 10)]
        assert (town.channel.faults.malformed, town.channel.faults.strangers) == (6, 2)
        assert town.channel.faults.last == "S-1 answers revision 11, which was never sent to it"

    run(test())


def test_what_sirens_said_waits_for_a_journal_that_is_away(nats: LocalBroker) -> None:
    async def test() -> None:
        town = Town(nats)
        away = [Unavailable("the disk is full")]
        keep = town.keep

        async def keep_later(report: ReportSirens) -> None:
            if away:
                raise away.pop()
            await keep(report)

        town.channel = SirenChannel(
            nats.host, nats.port, "exercise", town, SIGNER, town.clock, keep_later, identifier="tocsin-test"
        )
        async with running(town.channel.run(), town.fleet().run()):
            await town.tell(Mode.ALERT, 10)
            await until(lambda: town.answered(Result.SOUNDING, 10))
        assert town.channel.faults.last == "the disk is full"
        assert town.channel.faults.lost == 0

    run(test())


def test_the_reports_are_commands_that_the_domain_takes(nats: LocalBroker) -> None:
    async def test() -> None:
        town = Town(nats)
        context = Context(
            START, Actor("mqtt", "siren"), Gazetteer(sirens=frozenset(NAMES)), {"sirens/2025-04-23": SIRENS.blank}
        )
        events: list[Event] = []

        async def keep(report: ReportSirens) -> None:
            events.extend(SIRENS.decide(SIRENS.blank, report, context))
            await Town.keep(town, report)

        town.channel = SirenChannel(
            nats.host, nats.port, "exercise", town, SIGNER, town.clock, keep, identifier="tocsin-test"
        )
        async with running(town.channel.run(), town.fleet().run()):
            await town.tell(Mode.ALERT, 10)
            await until(lambda: town.answered(Result.SOUNDING, 10))
        assert events

    run(test())


def test_an_alert_does_not_wait_until_the_whole_fleet_was_told_of_a_test(nats: LocalBroker) -> None:
    fleet = [f"S-{number}" for number in range(3000)]

    async def test() -> None:
        town = Town(nats)
        async with running(town.channel.run()):
            await until(lambda: town.channel.connected)
            town.wishes = {siren: SirenWish("r", Mode.TEST_SILENT, 5, START, START + HOUR) for siren in fleet}
            started = SirenTestStarted(round="r", areas=(), ends=START + HOUR, by="x")
            of_the_test = asyncio.create_task(town.channel.send(recorded(5, started)))
            await asyncio.sleep(0.05)
            town.wishes = {siren: SirenWish("a", Mode.ALERT, 10, START, START + HOUR) for siren in fleet}
            of_the_alert = await town.channel.send(recorded(10))
            assert of_the_alert == "the broker took the wanted state of 3000 sirens"
            told_of_the_test = int((await of_the_test).removesuffix(" sirens").rpartition(" ")[2])
            assert 0 < told_of_the_test < 3000

    run(test())


def test_without_a_broker_sending_is_unavailable_and_the_channel_says_why() -> None:
    async def test() -> None:
        town = Town(LocalBroker("none", [], Path("nowhere"), 1))
        with pytest.raises(Unavailable, match="not started"):
            await town.channel.send(recorded(1))
        async with running(town.channel.run()):
            await until(lambda: "refused" in town.channel.trouble)
            with pytest.raises(Unavailable, match="refused"):
                await town.channel.send(recorded(1))

    run(test())


def test_alerts_go_in_the_alert_lane_without_a_deadline_and_nothing_else_goes() -> None:
    async def test() -> None:
        channel = Town(LocalBroker("none", [], Path("nowhere"), 1)).channel
        lane = partial(_lane, channel)
        raised = AlertRaised(
            alert="a",
            revision=1,
            phase=Phase.ALERT,
            areas=("K",),
            threat=Threat.DRONE,
            texts={},
            expires=START,
            by="x",
        )
        assert (lane(raised), lane(recorded(1).event)) == (Lane.ALERT, Lane.ALERT)
        assert lane(AlertConfirmed(alert="a", revision=2, by="x")) is None
        assert channel.deadline(recorded(1)) is None
        assert not channel.superseded(recorded(1))

    run(test())


def _lane(channel: SirenChannel, event: Event) -> Lane | None:
    return channel.lane(recorded(1, event))
