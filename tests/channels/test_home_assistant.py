"""Home Assistant's discovery and states on a real broker, read as Home Assistant would read them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import ADMIN, Time, city

from tocsin.bus.broker import LocalBroker, nats
from tocsin.channels.home_assistant import safety
from tocsin.domain.warning import ClearAlert, Phase, RaiseAlert, Threat
from tocsin.kernel.event import Command
from tocsin.views.board import AreaState
from tocsin.wiring import Loops, Running, Settings, open_system

AVAILABILITY = "tocsin/exercise/availability"
STATE = f"tocsin/exercise/areas/{PODIL}/state"
CONFIG = f"homeassistant/binary_sensor/tocsin_exercise_{PODIL}/config"


async def retained(broker: LocalBroker, topics: list[str]) -> dict[str, bytes]:
    """What one that connects now is given: Home Assistant after its restart."""
    found: dict[str, bytes] = {}
    async with Client(broker.host, broker.port) as client:
        for topic in topics:
            await client.subscribe(topic, qos=1)
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                async for message in client.messages:
                    found[str(message.topic)] = bytes(message.payload)
                    if len(found) == len(topics):
                        break
    return found


async def state_of(broker: LocalBroker) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((await retained(broker, [STATE]))[STATE])
    return said


def play(tmp_path: Path, scene: Callable[[Running, Loops, LocalBroker], Awaitable[None]]) -> None:
    async def run(broker: LocalBroker) -> None:
        table = {"host": broker.host, "port": broker.port}
        running = open_system(Settings(channels={"home_assistant": table}), city(), clock=Time(), in_memory=True)
        loops = Loops(running)
        task = asyncio.create_task(loops.run())
        try:
            async with asyncio.timeout(10):
                while not (await retained(broker, [AVAILABILITY])).get(AVAILABILITY):
                    await asyncio.sleep(0.05)
            await scene(running, loops, broker)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            running.system.close()

    with nats(tmp_path / "broker") as broker:
        asyncio.run(run(broker))


async def do(running: Running, loops: Loops, command: Command) -> None:
    await running.system.do_soon(command, ADMIN)
    await loops.settle(5)


def test_home_assistant_finds_an_area_and_its_state_whenever_it_connects(tmp_path: Path) -> None:
    async def scene(running: Running, loops: Loops, broker: LocalBroker) -> None:
        found = await retained(broker, [CONFIG, STATE, AVAILABILITY])
        config, said = json.loads(found[CONFIG]), json.loads(found[STATE])
        assert config["device_class"] == "safety"
        assert config["state_topic"] == STATE
        assert (config["availability_topic"], found[AVAILABILITY]) == (AVAILABILITY, b"online")
        assert config["expire_after"] == 45
        assert config["name"] == "НАВЧАННЯ: Подільський район"
        assert (said["state"], said["phase"], said["realm"]) == ("None", "unknown", "exercise")
        await do(running, loops, RaiseAlert(alert="k-1", areas=(KYIV,), threat=Threat.MISSILE))
        assert (await state_of(broker))["state"] == "ON"
        await do(running, loops, ClearAlert(alert="k-1"))
        said = await state_of(broker)
        assert (said["state"], said["phase"]) == ("OFF", "all_clear")
        assert said["valid_until"] > said["generated_at"]

    play(tmp_path, scene)


def test_when_we_are_gone_the_broker_says_so_to_whoever_asks_later(tmp_path: Path) -> None:
    async def run(broker: LocalBroker) -> bytes:
        table = {"host": broker.host, "port": broker.port}
        running = open_system(Settings(channels={"home_assistant": table}), city(), clock=Time(), in_memory=True)
        (channel,) = Loops(running).channels
        task = asyncio.create_task(channel.run())  # type: ignore[attr-defined]
        async with asyncio.timeout(10):
            while (await retained(broker, [AVAILABILITY])).get(AVAILABILITY) != b"online":
                await asyncio.sleep(0.05)
        # As if the power failed: the connection breaks without a goodbye.
        channel._client._client._sock_close()  # type: ignore[attr-defined]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(10):
            while (said := (await retained(broker, [AVAILABILITY]))[AVAILABILITY]) == b"online":
                await asyncio.sleep(0.05)
        running.system.close()
        return said

    with nats(tmp_path / "broker") as broker:
        assert asyncio.run(run(broker)) == b"offline"


@pytest.mark.parametrize(
    ("phase", "partly", "said"),
    [
        (Phase.ALERT, (), "ON"),
        (Phase.PRE_ALERT, (), "None"),
        (Phase.ALL_CLEAR, (), "OFF"),
        (Phase.CORRECTION, (), "OFF"),
        (Phase.ALL_CLEAR, (PODIL,), "None"),
        (Phase.EXPIRED, (), "None"),
        (Phase.UNKNOWN, (), "None"),
    ],
)
def test_a_sensor_is_off_only_after_an_all_clear_for_the_whole_area(
    phase: Phase, partly: tuple[str, ...], said: str
) -> None:
    assert safety(AreaState(KYIV, phase, partly=partly)) == said


def test_the_states_are_said_again_before_they_run_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.channels.home_assistant.BEAT", 0.1)

    async def scene(running: Running, _loops: Loops, broker: LocalBroker) -> None:
        before = (await state_of(broker))["valid_until"]
        clock = running.system.clock
        assert isinstance(clock, Time)
        clock.now += timedelta(seconds=20)
        async with asyncio.timeout(5):
            while (await state_of(broker))["valid_until"] <= before:
                await asyncio.sleep(0.05)

    play(tmp_path, scene)
